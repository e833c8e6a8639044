//! Statistics: scatter plots, correlations, histograms.

use super::{figure, needs_corpus, opening, panels, topic};
use crate::report::plots::{Bar, Histogram, Row, Scatter, bars, class, histogram, scatter};
use crate::report::words::{correlation, percent};
use etude::appraise::histograms::{Counts, Histograms, chord_name};
use etude::appraise::report::{Beside, Cloud, Comparison, Report};
use etude::appraise::statistics::{Correlations, Relation};
use etude_piece::score::{Key, Pitch};

/// The kinds of chords that are shown.
const CHORDS: usize = 14;

pub(crate) fn chapter(report: &Report) -> String {
    let mut text = opening("1. Statistics", "Does it reproduce the corpus's statistics, near and far?");
    let accuracy = &report.statistics;
    match &accuracy.correlations {
        None => text.push_str(&needs_corpus("Scatter plots and correlations")),
        Some(comparison) => text.push_str(&frequencies(comparison, &accuracy.clouds)),
    }
    let histograms = &accuracy.histograms;
    let key = Key::C_MAJOR;
    let (low, high) = span(histograms, |h| &h.pitches);
    let octaves = (low..=high).filter(|pitch| pitch % 12 == 0);
    let octaves: Vec<(i32, String)> =
        octaves.map(|pitch| (pitch, Pitch::spell(pitch.clamp(0, 127) as u8, key).to_string())).collect();
    text.push_str(&topic(
        "Pitches",
        "How often each pitch sounds, all voices together, one bar a semitone. The thin outline is the training pieces', drawn over every \
         panel: the closer the bars follow it, the better.",
    ));
    text.push_str(&row(histograms, "pitches", |h| &h.pitches, (low, high), &octaves, "pitch"));
    text.push_str(&topic(
        "Intervals",
        "How far a voice moves when it moves: in semitones, down to the left and up to the right. The outermost bars hold all \
         larger leaps.",
    ));
    let semitones: Vec<(i32, String)> = (-12..=12).step_by(4).map(|n| (n, signed(n))).collect();
    text.push_str(&row(histograms, "intervals", |h| &h.intervals, (-13, 13), &semitones, "semitones"));
    text.push_str(&topic(
        "Durations",
        "How long a voice stays on a pitch, in quarter notes; a repeated pitch counts as one, since many corpora don't tell \
         repeated notes from held ones. The last bar holds all that is longer.",
    ));
    let quarter = report.model.steps_per_quarter as i32;
    let quarters: Vec<(i32, String)> = (1..=4).map(|n| (n * quarter, n.to_string())).collect();
    let longest = 4 * quarter + 1;
    let durations = row(histograms, "durations", |h| &h.durations, (1, longest), &quarters, "quarter notes");
    text.push_str(&durations);
    if report.model.voices > 1 {
        text.push_str(&topic(
            "Chords",
            "Which chords sound, step by step: the pitch classes above the lowest note, named where they are a triad or a \
             seventh chord, else listed in semitones above it. The most frequent of the corpus are shown; the last row holds \
             all others.",
        ));
        text.push_str(&chords(histograms));
    }
    text + "</section>\n"
}

/// The clouds, the generated pieces' above the yardstick's, and the table of correlations.
fn frequencies(comparison: &Comparison, clouds: &[Cloud]) -> String {
    let mut text = topic(
        "Frequencies, event by event",
        "Each dot is one event, such as “the tenor sings A3” or “alto F4 over bass D3”. To the right: how often it occurs in training pieces; \
         upwards: how often in generated ones (first row) and in held-out ones (second row, the yardstick). On the dashed line both are equal. \
         Dots in the gutters occur on one side alone. A model is good where its cloud is no wider than the yardstick's; rare \
         events scatter in both.",
    );
    let shares =
        || clouds.iter().flat_map(|c| c.generated.iter().chain(&c.held_out)).flat_map(|&(a, b)| [a, b]);
    let least = shares().filter(|share| *share > 0.0).fold(1.0, f64::min);
    let range = (least, shares().fold(least, f64::max));
    let draw = |set: &str, pairs: fn(&Cloud) -> &Vec<(f64, f64)>, of: Option<&Correlations>| {
        let plots: Vec<String> = clouds
            .iter()
            .filter(|cloud| !pairs(cloud).is_empty())
            .map(|cloud| {
                let (title, correlation) = named(cloud.relation, of);
                scatter(&Scatter { title, class: class(set), set, pairs: pairs(cloud), range, correlation })
            })
            .collect();
        if plots.is_empty() { String::new() } else { panels("four", &plots) }
    };
    text.push_str(&draw("generated", |cloud| &cloud.generated, Some(&comparison.generated_with_train)));
    text.push_str(&draw("held-out", |cloud| &cloud.held_out, comparison.held_out_with_train.as_ref()));
    text.push_str(&topic(
        "Correlations",
        "Pearson's r of the frequencies: 1 where they agree up to a factor, 0 where they have nothing in common. Read the first column beside the last.",
    ));
    text + &table(comparison)
}

fn named(relation: Relation, correlations: Option<&Correlations>) -> (&'static str, f64) {
    let of = |value: fn(&Correlations) -> f64| correlations.map_or(f64::NAN, value);
    match relation {
        Relation::Unary => ("unary", of(|c| c.unary)),
        Relation::Horizontal => ("horizontal, a step on", of(|c| c.horizontal)),
        Relation::Vertical => ("vertical", of(|c| c.vertical)),
        Relation::Diagonal => ("diagonal, a step on", of(|c| c.diagonal)),
        Relation::DiagonalQuarter => ("diagonal, a quarter on", of(|c| c.diagonal_quarter)),
    }
}

/// An event, in words, and its correlation.
type Measure = (&'static str, fn(&Correlations) -> f64);

fn table(comparison: &Comparison) -> String {
    let measures: [Measure; 6] = [
        ("unary: a voice sings a pitch", |c| c.unary),
        ("horizontal: a pitch after a pitch in one voice, one step on, holds included", |c| c.horizontal),
        ("the same, moves alone", |c| c.melodic),
        ("vertical: two voices at one time", |c| c.vertical),
        ("diagonal: two voices, one step apart", |c| c.diagonal),
        ("the same, one quarter apart", |c| c.diagonal_quarter),
    ];
    let mut text = "<table>\n<thead><tr><th>events</th><th class=\"number\">generated, train</th>\
                    <th class=\"number\">generated, held-out</th><th class=\"number\">held-out, train</th></tr></thead>\n<tbody>\n"
        .to_owned();
    for (name, of) in measures.into_iter().filter(|(_, of)| !of(&comparison.generated_with_train).is_nan()) {
        let cell = |of_set: Option<f64>| correlation(of_set.unwrap_or(f64::NAN));
        text.push_str(&format!(
            "<tr><td>{name}</td><td class=\"number\"><strong>{}</strong></td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
            cell(Some(of(&comparison.generated_with_train))),
            cell(comparison.generated_with_held_out.as_ref().map(of)),
            cell(comparison.held_out_with_train.as_ref().map(of)),
        ));
    }
    text + "</tbody>\n</table>\n"
}

/// `+4`, `0`, `−4`
fn signed(number: i32) -> String {
    if number == 0 { "0".to_owned() } else { format!("{number:+}").replace('-', "−") }
}

/// The lowest and highest value that any set has.
fn span(sets: &Beside<Histograms>, of: fn(&Histograms) -> &Counts) -> (i32, i32) {
    let values = || sets.named().flat_map(|(_, set)| of(set).keys().copied());
    (values().min().unwrap_or(0), values().max().unwrap_or(0))
}

/// The shares of the values from `low` to `high`; what lies beyond counts at the ends.
fn shares(counts: &Counts, (low, high): (i32, i32)) -> Vec<f64> {
    let mut shares = vec![0.0; (high - low) as usize + 1];
    for (&value, &count) in counts {
        shares[(value.clamp(low, high) - low) as usize] += count as f64;
    }
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total.max(1.0));
    shares
}

/// A panel for each set, all on one scale.
fn row(
    sets: &Beside<Histograms>,
    what: &str,
    of: fn(&Histograms) -> &Counts,
    span: (i32, i32),
    labels: &[(i32, String)],
    axis: &str,
) -> String {
    let drawn: Vec<(&str, Vec<f64>)> =
        sets.named().map(|(name, set)| (name, shares(of(set), span))).collect();
    let most = drawn.iter().flat_map(|(_, shares)| shares).copied().fold(0.0, f64::max);
    let train = drawn.iter().find(|(name, _)| *name == "train").map(|(_, shares)| shares.as_slice());
    let labels: Vec<(usize, String)> =
        labels.iter().map(|(value, label)| ((value - span.0) as usize, label.clone())).collect();
    let panel = |(set, shares): &(&str, Vec<f64>)| {
        let outline = train.filter(|_| *set != "train");
        histogram(&Histogram { what, set, class: class(set), shares, outline, most, labels: &labels, axis })
    };
    panels("three", &drawn.iter().map(panel).collect::<Vec<_>>())
}

/// The most frequent chords, by the training pieces' order if there are any.
fn chords(sets: &Beside<Histograms>) -> String {
    let order = &sets.train.as_ref().unwrap_or(&sets.generated).chords;
    let mut frequent: Vec<(i32, u64)> = order.iter().map(|(&chord, &count)| (chord, count)).collect();
    frequent.sort_by_key(|&(chord, count)| (u64::MAX - count, chord));
    frequent.truncate(CHORDS);
    let share = |set: &Histograms, chord: i32| {
        let total: u64 = set.chords.values().sum();
        set.chords.get(&chord).copied().unwrap_or(0) as f64 / total.max(1) as f64
    };
    let bar = |set: &str, value: f64| Bar { class: class(set), value, label: percent(value) };
    let group = |&(chord, _): &(i32, u64)| Row {
        name: chord_name(chord),
        bars: sets.named().map(|(name, set)| bar(name, share(set, chord))).collect(),
    };
    let mut rows: Vec<Row> = frequent.iter().map(group).collect();
    let others = |set: &Histograms| {
        let shown: f64 = frequent.iter().map(|&(chord, _)| share(set, chord)).sum();
        if set.chords.is_empty() { 0.0 } else { (1.0 - shown).max(0.0) }
    };
    rows.push(Row {
        name: "all others".to_owned(),
        bars: sets.named().map(|(name, set)| bar(name, others(set))).collect(),
    });
    let description =
        format!("Shares of steps of the {} most frequent chords, in each set of pieces.", frequent.len());
    figure(&bars("Chords", &description, &rows))
}
