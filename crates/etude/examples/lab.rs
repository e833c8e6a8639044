//! Lab: trains, generates, appraises.
use etude::appraise::*;
use etude::model::*;
use etude::music::maxent::*;
use etude_piece::corpus::*;
use etude_piece::draft::Draft;
use etude_piece::score::*;
use rayon::prelude::*;
use std::time::Instant;

fn appraise(name: &str, grids: &[Grid], train: &[Grid], index: &novelty::Index) {
    println!("{name}: {:.3?}", statistics::correlations(grids, train));
    let nov: Vec<_> = grids.iter().map(|g| index.appraise(g)).collect();
    let steps: f64 = grids.iter().map(|g| g.steps() as f64).sum();
    let mean = |f: fn(&novelty::Novelty) -> f64| {
        nov.iter().zip(grids).map(|(n, g)| f(n) * g.steps() as f64).sum::<f64>() / steps
    };
    let mut copies: Vec<usize> = nov.iter().map(|n| n.longest_copy).collect();
    copies.sort();
    let v = voice_leading::VoiceLeading::of(grids);
    println!(
        "  cited {:.3} discovered {:.3} copies median {} p90 {} max {} | {v:?} {:.2}/1000 pairs/step {:.3}",
        mean(|n| n.cited),
        mean(|n| n.discovered),
        copies[copies.len() / 2],
        copies[copies.len() * 9 / 10],
        copies[copies.len() - 1],
        v.parallels_per_thousand(),
        v.moving_pairs as f64 / steps
    );
}
fn show(g: &Grid) {
    for v in 0..4 {
        let mut s = String::new();
        for t in 4..100.min(g.steps()) {
            let c = g.at(t, v);
            if t % 4 == 0 {
                s.push(' ');
            }
            s += &(if c.onset == Onset::Struck || t == 4 {
                format!("{:<3}", c.pitch.map_or("z".into(), |p| Pitch::spell(p, g.key()).to_string()))
            } else {
                "-- ".into()
            });
        }
        println!("{s}");
    }
}
fn main() {
    let env = |k: &str, d: f64| std::env::var(k).map_or(d, |v| v.parse().unwrap());
    let corpus =
        read_json(&std::fs::read("/work/shared/data/jsb/Jsb16thSeparated.json").unwrap(), "jsb", 4).unwrap();
    let train = corpus.grids(Split::Train);
    let valid = corpus.grids(Split::Valid);
    let test = corpus.grids(Split::Test);
    let index = novelty::Index::new(
        corpus.split(Split::Train).map(|i| (i.name.as_str(), &i.grid)),
        valid.iter().chain(&test),
    );
    let mut settings = Settings::new();
    for s in std::env::args().skip(1) {
        let (a, b) = s.split_once('=').unwrap();
        settings.insert(a.into(), b.into());
    }
    let t0 = Instant::now();
    let mut i = 0;
    let model = etude::music::maxent::train(&corpus, &settings, 1, &mut |s, w| {
        i += 1;
        if i % 100 == 0 {
            println!("{s:.3} {w} {:?}", t0.elapsed());
        }
        true
    })
    .unwrap();
    println!("trained {:?}", t0.elapsed());
    let (mut n, mut e) = (0.0, 0);
    for g in &valid {
        let ev = model.evaluate(g).unwrap();
        n += ev.total();
        e += ev.nats.len();
    }
    println!("valid {:.4}", n / e as f64);
    for (sweeps, rules) in [(200, 4.0), (400, 4.0)] {
        let t0 = Instant::now();
        let count = env("N", 100.0) as u64;
        let made: Vec<Grid> = (0..count)
            .into_par_iter()
            .map(|seed| {
                let key = train[seed as usize * train.len() / count as usize].key();
                let mut frame = Frame::sixteenths(4, 260);
                frame.pickup = 4;
                frame.key = Some(key);
                let mut s = Settings::new();
                s.insert("sweeps".into(), sweeps.to_string());
                s.insert("chains".into(), "1".into());
                s.insert("parallels".into(), rules.to_string());
                model
                    .generate(&Draft::open(frame), &Wish { seed, key, settings: s }, &mut |_, _| true)
                    .unwrap()
                    .grid
            })
            .collect();
        println!("{sweeps} {:?}", t0.elapsed());
        appraise("made", &made, &train, &index);
        show(&made[0]);
    }
}
