//! Gestures: the `$1` logs (10 subjects × 16 gestures × 3 speeds × 10) and pendigits.

use crate::corpora::path;
use etude::gesture::cloud::Cloud;
use etude::gesture::dollar::{Angle, Template};
use etude::gesture::normal::{Normal, Origin, Size};
use etude::gesture::warping::{Along, Series, View};
use etude::gesture::{Options, Recogniser, Trajectory};
use etude::inference::chance::Chance;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::time::Instant;

/// One gesture of the logs.
struct Log {
    name: String,
    subject: u64,
    speed: String,
    gesture: Trajectory,
}

fn logs() -> Option<Vec<Log>> {
    let text = std::fs::read_to_string(path("gestures-dollar/gestures.jsonl")?).expect("the logs read");
    let log = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let word = |name: &str| line[name].as_str().expect("a word").to_owned();
        let points = line["pts"].as_array().expect("points");
        let numbers = |places: std::ops::Range<usize>| {
            let of = |point: &serde_json::Value| {
                places.clone().map(|at| point[at].as_f64().expect("a number")).collect::<Vec<_>>()
            };
            points.iter().flat_map(of).collect::<Vec<f64>>()
        };
        let times = numbers(2..3).iter().map(|milliseconds| milliseconds / 1000.0).collect();
        let gesture = Trajectory::new(numbers(0..2), 2).expect("points");
        let gesture = gesture.clone().with_times(times).unwrap_or(gesture);
        Log {
            name: word("name"),
            subject: line["subject"].as_u64().expect("a number"),
            speed: word("speed"),
            gesture,
        }
    };
    Some(text.lines().map(log).collect())
}

/// Which templates a test meets.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Protocol {
    /// Those of the same subject at the same speed: Wobbrock et al. 2007.
    Own,
    /// So many from each of the nine other subjects: Vatavu et al. 2012.
    EachOther,
    /// So many in all, from other subjects drawn by chance.
    FewOthers,
}

/// Templates (names and gestures) and what is tested with them.
type Trial<'a> = (Vec<(String, Trajectory)>, Vec<&'a Log>);

/// Trials of a protocol: one for each subject (and speed) and repetition.
fn trials(logs: &[Log], protocol: Protocol, count: usize, repetitions: u64) -> Vec<Trial<'_>> {
    let mut names: Vec<&str> = logs.iter().map(|log| log.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let speeds: &[Option<&str>] =
        if protocol == Protocol::Own { &[Some("slow"), Some("medium"), Some("fast")] } else { &[None] };
    let mut trials = Vec::new();
    for subject in 2..=11 {
        for (index, speed) in speeds.iter().enumerate() {
            for repetition in 0..repetitions {
                let mut chance = Chance::new(subject, repetition * 3 + index as u64);
                let at_speed = |log: &&Log| speed.is_none_or(|speed| log.speed == speed);
                let mut templates: Vec<&Log> = Vec::new();
                let mut draw = |pool: Vec<&'_ Log>| -> Vec<usize> {
                    let mut order: Vec<usize> = (0..pool.len()).collect();
                    chance.shuffle(&mut order);
                    order.truncate(count);
                    order
                };
                for name in &names {
                    let of = |wanted: &dyn Fn(u64) -> bool| -> Vec<&Log> {
                        logs.iter()
                            .filter(|log| log.name == *name && wanted(log.subject))
                            .filter(at_speed)
                            .collect()
                    };
                    let pools: Vec<Vec<&Log>> = match protocol {
                        Protocol::Own => vec![of(&|s| s == subject)],
                        Protocol::FewOthers => vec![of(&|s| s != subject)],
                        Protocol::EachOther => {
                            (2..=11).filter(|s| *s != subject).map(|other| of(&|s| s == other)).collect()
                        }
                    };
                    for pool in pools {
                        templates.extend(draw(pool.clone()).into_iter().map(|place| pool[place]));
                    }
                }
                let tests = logs.iter().filter(|log| log.subject == subject).filter(at_speed);
                let tests = tests.filter(|log| !templates.iter().any(|t| std::ptr::eq(*t, *log))).collect();
                let templates = templates.iter().map(|log| (log.name.clone(), log.gesture.clone())).collect();
                trials.push((templates, tests));
            }
        }
    }
    trials
}

/// The share of tests whose nearest template has their name.
fn nearest<T: Sync>(
    trials: &[Trial],
    prepare: impl Fn(&Trajectory) -> T + Sync,
    distance: impl Fn(&T, &T, f64) -> f64 + Sync,
) -> f64 {
    let counts: Vec<(usize, usize)> = trials
        .par_iter()
        .map(|(templates, tests)| {
            let templates: Vec<(&str, T)> =
                templates.iter().map(|(name, t)| (name.as_str(), prepare(t))).collect();
            let right = tests.iter().filter(|log| {
                let asked = prepare(&log.gesture);
                let mut best = ("", f64::INFINITY);
                for (name, template) in &templates {
                    let apart = distance(&asked, template, best.1);
                    if apart < best.1 {
                        best = (name, apart);
                    }
                }
                best.0 == log.name
            });
            (right.count(), tests.len())
        })
        .collect();
    share(&counts)
}

fn share(counts: &[(usize, usize)]) -> f64 {
    let (right, all) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    100.0 * right as f64 / all as f64
}

fn ours(trials: &[Trial]) -> f64 {
    let counts: Vec<(usize, usize)> = trials
        .par_iter()
        .map(|(templates, tests)| {
            let recogniser = Recogniser::learn(templates, &Options::default()).expect("templates");
            let named = |log: &&&Log| {
                recogniser.recognise(&log.gesture).expect("a drawing").ranking[0].name == log.name
            };
            (tests.iter().filter(named).count(), tests.len())
        })
        .collect();
    share(&counts)
}

#[test]
#[ignore = "minutes"]
fn templates_of_few_others_on_the_dollar_logs() {
    templates(Protocol::FewOthers, 10);
}

#[test]
#[ignore = "minutes"]
fn templates_of_each_other_on_the_dollar_logs() {
    templates(Protocol::EachOther, 1);
}

#[test]
#[ignore = "minutes"]
fn own_templates_on_the_dollar_logs() {
    templates(Protocol::Own, 2);
}

/// Prints how often each kind of template model names a gesture.
fn templates(protocol: Protocol, repetitions: u64) {
    let Some(logs) = logs() else { return };
    let view = |count, directions, band| View {
        along: Along::Path,
        count,
        normal: Normal { origin: Origin::Centroid, size: Size::Longest },
        directions,
        band,
    };
    for count in [1, 3, 5] {
        let trials = trials(&logs, protocol, count, repetitions);
        let dollar = |angle| {
            nearest(&trials, |t| Template::new(t, angle), |a: &Template, b: &Template, _| a.distance(b))
        };
        let warping = |view: View| {
            nearest(&trials, |t| Series::new(t, &view), |a: &Series, b: &Series, most| a.distance(b, most))
        };
        println!(
            "{protocol:?}, {count}: $1 {:.2}  $1 near {:.2}  Protractor {:.2}  $P {:.2}  places {:.2}  with directions {:.2}  recogniser {:.2}",
            dollar(Angle::Any),
            dollar(Angle::Near),
            dollar(Angle::Protractor),
            nearest(&trials, Cloud::new, |a: &Cloud, b: &Cloud, most| a.distance(b, most)),
            warping(view(48, 0.0, 7)),
            warping(view(48, 0.4, 7)),
            ours(&trials),
        );
    }
}

#[test]
#[ignore = "a minute"]
fn following_and_making_on_the_dollar_logs() {
    let Some(logs) = logs() else { return };
    for protocol in [Protocol::Own, Protocol::FewOthers] {
        for count in [1, 3, 5] {
            let trials = trials(&logs, protocol, count, 1);
            let (mut learning, mut stepping, mut answering) = (f64::INFINITY, Vec::new(), Vec::new());
            let (mut at, mut tests_seen) = ([0usize; 4], 0usize);
            let (mut accepted, mut taken_for, mut made) = (0usize, 0usize, 0usize);
            let (mut own, mut between) = (Vec::new(), Vec::new());
            for (templates, tests) in &trials {
                let begun = Instant::now();
                let recogniser = Recogniser::learn(templates, &Options::default()).expect("templates");
                learning = learning.min(begun.elapsed().as_secs_f64());
                let follower = recogniser.follower();
                for log in tests.iter().step_by(7) {
                    let mut following = follower.begin();
                    let begun = Instant::now();
                    for index in 0..log.gesture.len() {
                        let standings = following.step(follower, log.gesture.frame(index)).expect("a frame");
                        let best = (0..standings.len())
                            .max_by(|&a, &b| standings[a].nats.total_cmp(&standings[b].nats))
                            .expect("there are gestures");
                        for (quarter, at) in at.iter_mut().enumerate() {
                            let right = recogniser.names()[best] == log.name;
                            *at += usize::from(right && index == (log.gesture.len() - 1) * (quarter + 1) / 4);
                        }
                    }
                    stepping.push(begun.elapsed().as_secs_f64() / log.gesture.len() as f64);
                    tests_seen += 1;
                    let begun = Instant::now();
                    let answer = recogniser.recognise(&log.gesture).expect("a drawing");
                    answering.push(begun.elapsed().as_secs_f64());
                    if answer.ranking[0].name == log.name {
                        between.push(recogniser.compare(&log.name, &log.gesture).expect("a name").0);
                    }
                }
                for name in recogniser.names() {
                    for stream in 0..5 {
                        let new = recogniser.generate(name, &mut Chance::new(11, stream)).expect("a name");
                        let answer = recogniser.recognise(&new).expect("a drawing");
                        made += 1;
                        taken_for += usize::from(answer.ranking[0].name == *name);
                        accepted += usize::from(answer.ranking[0].name == *name && answer.known);
                        own.push(recogniser.compare(name, &new).expect("a name").0);
                    }
                }
            }
            let median = |numbers: &mut Vec<f64>, share: f64| {
                numbers.sort_by(f64::total_cmp);
                numbers[((numbers.len() - 1) as f64 * share) as usize]
            };
            let percent = |part: usize, all: usize| 100.0 * part as f64 / all as f64;
            println!(
                "{protocol:?}, {count}: followed right at 1/4 {:.1}, 1/2 {:.1}, 3/4 {:.1}, end {:.1}; made {made}: ranked first {:.2}, taken {:.2}, distance to the nearest example {:.4} (real ones {:.4}); learns in {:.1} ms, a frame {:.0} us (95 %: {:.0}), an answer {:.0} us (95 %: {:.0})",
                percent(at[0], tests_seen),
                percent(at[1], tests_seen),
                percent(at[2], tests_seen),
                percent(at[3], tests_seen),
                percent(taken_for, made),
                percent(accepted, made),
                median(&mut own, 0.5),
                median(&mut between, 0.5),
                learning * 1e3,
                median(&mut stepping, 0.5) * 1e6,
                median(&mut stepping, 0.95) * 1e6,
                median(&mut answering, 0.5) * 1e6,
                median(&mut answering, 0.95) * 1e6,
            );
        }
    }
}

#[test]
#[ignore = "a minute"]
fn the_null_class_on_the_dollar_logs() {
    let Some(logs) = logs() else { return };
    for count in [1, 3, 5] {
        let (mut refused, mut wrong, mut known) = (0usize, 0usize, 0usize);
        let (mut passed, mut foreign) = (0usize, 0usize);
        for (index, (templates, tests)) in trials(&logs, Protocol::Own, count, 1).iter().enumerate() {
            // Of sixteen gestures, four are never shown.
            let hidden = |name: &str| {
                let names = templates.iter().step_by(count).map(|(name, _)| name.as_str());
                names.enumerate().any(|(place, other)| other == name && (place + index) % 4 == 0)
            };
            let shown: Vec<(String, Trajectory)> =
                templates.iter().filter(|(name, _)| !hidden(name)).cloned().collect();
            let recogniser = Recogniser::learn(&shown, &Options::default()).expect("templates");
            for log in tests.iter().step_by(3) {
                let answer = recogniser.recognise(&log.gesture).expect("a drawing");
                match hidden(&log.name) {
                    true => {
                        foreign += 1;
                        passed += usize::from(answer.known);
                    }
                    false => {
                        known += 1;
                        refused += usize::from(!answer.known);
                        wrong += usize::from(answer.known && answer.ranking[0].name != log.name);
                    }
                }
            }
        }
        let percent = |part: usize, all: usize| 100.0 * part as f64 / all as f64;
        println!(
            "own, {count}: of {known} known ones refused {:.2}, taken for another {:.2}; of {foreign} foreign ones taken {:.2}",
            percent(refused, known),
            percent(wrong, known),
            percent(passed, foreign),
        );
    }
}

/// Digits with their labels.
fn digits(file: &str) -> Option<Vec<(usize, Trajectory)>> {
    let text = std::fs::read_to_string(path(&format!("pendigits/{file}"))?).expect("the digits read");
    let digit = |line: &str| {
        let numbers: Vec<f64> = line.split(',').map(|n| n.trim().parse().expect("a number")).collect();
        (numbers[16] as usize, Trajectory::new(numbers[..16].to_vec(), 2).expect("eight points"))
    };
    Some(text.lines().map(digit).collect())
}

/// How many of some digits have their label by the nearest of others.
fn right(asked: &[(usize, Trajectory)], known: &[(usize, Trajectory)], view: &View) -> usize {
    let known: Vec<(usize, Series)> =
        known.iter().map(|(label, digit)| (*label, Series::new(digit, view))).collect();
    let is_right = |(label, digit): &&(usize, Trajectory)| {
        let asked = Series::new(digit, view);
        let mut best = (0, f64::INFINITY);
        for (label, template) in &known {
            let apart = asked.distance(template, best.1);
            if apart < best.1 {
                best = (*label, apart);
            }
        }
        best.0 == *label
    };
    asked.par_iter().filter(is_right).count()
}

#[test]
#[ignore = "a minute"]
fn digits_by_their_nearest_neighbour() {
    let (Some(train), Some(test)) = (digits("pendigits.tra.csv"), digits("pendigits.tes.csv")) else {
        return;
    };
    let normal = Normal { origin: Origin::Centroid, size: Size::Longest };
    let view = |directions, band| View { along: Along::Time, count: 8, normal, directions, band };
    // Chosen by how well a tenth of the training digits tells the others: with more, all views are right.
    let (known, held_out) = train.split_at(train.len() / 10);
    let mut best = (0, view(0.0, 0));
    for directions in [0.0, 0.15, 0.3, 0.6] {
        for band in [0, 1, 2] {
            let count = right(held_out, known, &view(directions, band));
            println!(
                "directions {directions}, band {band}: {:.2} of those held out",
                100.0 * count as f64 / held_out.len() as f64
            );
            if count > best.0 {
                best = (count, view(directions, band));
            }
        }
    }
    let begun = Instant::now();
    let count = right(&test, &train, &best.1);
    println!(
        "directions {}, band {}: test {:.2} ({count} of {}), {:.0} us of wall time a digit",
        best.1.directions,
        best.1.band,
        100.0 * count as f64 / test.len() as f64,
        test.len(),
        begun.elapsed().as_secs_f64() * 1e6 / test.len() as f64,
    );
}
