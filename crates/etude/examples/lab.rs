//! Lab.
use etude::appraise::*;
use etude::inference::chance::Chance;
use etude::music::maxent::chain::*;
use etude::music::maxent::columns::*;
use etude::music::maxent::encode::*;
use etude::music::maxent::rules::*;
use etude::music::maxent::*;
use etude_piece::alphabet::Alphabet;
use etude_piece::corpus::*;
use etude_piece::score::*;
use rayon::prelude::*;
use std::time::Instant;

pub fn decode_grid(p: &Encoded, alphabets: &[Alphabet], key: Key) -> Grid {
    let pitches: Vec<Option<u8>> =
        p.x.iter().enumerate().map(|(i, &s)| alphabets[i % p.voices].pitch(s)).collect();
    let mut f = Frame::sixteenths(p.voices, p.steps);
    f.key = Some(key);
    f.pickup = 4;
    Grid::from_pitches(f, &pitches)
}

fn generate(model: &MaxEnt, train: &[Grid], n: usize, sweeps: usize, rules: Rules) -> Vec<Grid> {
    (0..n)
        .into_par_iter()
        .map(|i| {
            let mut chance = Chance::new(1, i as u64);
            let key = train[i * train.len() / n].key();
            let mut frame = Frame::sixteenths(4, 260);
            frame.pickup = 4;
            let context = Context::new(&frame, Some(key), 4);
            let openings = Openings::all(model, frame.steps);
            let columns = Columns::new(model, &context);
            let mut x = vec![];
            for _ in 0..65 {
                let c = columns.chord(chance.below(columns.len())).to_vec();
                for _ in 0..4 {
                    x.extend(&c);
                }
            }
            let piece = Encoded { steps: 260, voices: 4, x, context };
            let mut chain = Chain::new(model, &openings, rules, &columns, piece, chance);
            for s in 0..sweeps {
                let temp = (3.0 - 2.5 * s as f64 / (sweeps as f64 * 0.6)).max(1.0);
                chain.sweep(temp);
            }
            decode_grid(&chain.piece, &model.alphabets, key)
        })
        .collect()
}

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
    let corpus =
        read_json(&std::fs::read("/work/shared/data/jsb/Jsb16thSeparated.json").unwrap(), "jsb", 4).unwrap();
    let train = corpus.grids(Split::Train);
    let valid = corpus.grids(Split::Valid);
    let test = corpus.grids(Split::Test);
    let index = novelty::Index::new(
        corpus.split(Split::Train).map(|i| (i.name.as_str(), &i.grid)),
        valid.iter().chain(&test),
    );
    appraise("test", &test, &train, &index);
    let mut ranges = vec![(127u8, 0u8); 4];
    for g in &train {
        for (v, r) in g.ranges().iter().enumerate() {
            if let Some((a, b)) = r {
                ranges[v] = (ranges[v].0.min(*a), ranges[v].1.max(*b));
            }
        }
    }
    let alphabets: Vec<Alphabet> = ranges.iter().map(|&(a, b)| Alphabet::range(a, b)).collect();
    let t0 = Instant::now();
    let all = augment(&train, &alphabets, 12);
    let one = augment(&train, &alphabets, 0);
    let val = augment(&valid, &alphabets, 0);
    println!(
        "pieces {} cells {} plain {} valid {} in {:?}",
        all.len(),
        all.iter().map(|p| p.x.len()).sum::<usize>(),
        one.len(),
        val.len(),
        t0.elapsed()
    );
    let settings = Settings::default();
    let classes = chords::ChordClasses::learn(&one, &alphabets, settings.least);
    println!("voicings {} harmonies {}", classes.voicings.len(), classes.harmonies.len());
    let mut model = MaxEnt::new(settings.clone(), alphabets.clone(), classes);
    model.vocabulary = vocabulary(&one, &alphabets);
    println!("theta {} vocabulary {}", model.layout.len, model.vocabulary.len());
    let vp = fit::Prepared::new(&model, &val, &[1]);
    let mut g = vec![0.0; model.layout.len];
    let env = |k: &str, d: f64| std::env::var(k).map_or(d, |v| v.parse().unwrap());
    let t0 = Instant::now();
    if let Ok(bytes) = std::fs::read(std::env::var("THETA").unwrap_or_default()) {
        let theta: Vec<f64> = bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
        model.set_theta(&theta);
    } else {
        model.fit(&one, &[1], settings.l1, 12, |_| ());
    }
    println!("valid {:.4} {:?}", vp.objective(&model, &mut g), t0.elapsed());
    let mut chance = Chance::new(5, 0);
    let mut excerpts = vec![];
    for g in &train {
        let own = augment(std::slice::from_ref(g), &alphabets, 0);
        let every = augment(std::slice::from_ref(g), &alphabets, 12);
        excerpts.extend(own);
        excerpts.push(every[chance.below(every.len())].clone());
    }
    let options = persist::Options { updates: env("UPDATES", 600.0) as usize, batch: env("BATCH", 48.0) as usize, sweeps: env("SWEEPS", 2.0) as usize, rate: env("RATE", 0.01), ..Default::default() };
    if options.updates > 0 {
        persist::fit(&mut model, &excerpts, &options, 1, |u, s| if u % 50 == 0 { println!("{u} {s:.4} {:?}", t0.elapsed()) });
    }
    if let Ok(p) = std::env::var("SAVE") { std::fs::write(p, model.theta().iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()).unwrap(); }
    println!("valid {:.4}", vp.objective(&model, &mut g));
    for sweeps in [100, 400] {
        let t0 = Instant::now();
        let made = generate(&model, &train, env("N", 24.0) as usize, sweeps, Rules::default());
        println!("{sweeps} {:?}", t0.elapsed());
        appraise("made", &made, &train, &index);
        show(&made[0]);
    }
}
