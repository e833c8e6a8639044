//! Speed.
use etude::inference::chance::Chance;
use etude::music::maxent::{chain::*, columns::*, rules::*, *};
use etude_piece::alphabet::Alphabet;
use etude_piece::corpus::*;
use std::time::Instant;
fn main() {
    let corpus = read_json(&std::fs::read("/work/shared/data/jsb/Jsb16thSeparated.json").unwrap(), "jsb", 4).unwrap();
    let train = corpus.grids(Split::Train);
    let mut ranges = vec![(127u8, 0u8); 4];
    for g in &train { for (v, r) in g.ranges().iter().enumerate() { if let Some((a, b)) = r { ranges[v] = (ranges[v].0.min(*a), ranges[v].1.max(*b)); } } }
    let alphabets: Vec<Alphabet> = ranges.iter().map(|&(a, b)| Alphabet::range(a, b)).collect();
    let one = augment(&train, &alphabets, 0);
    let settings = Settings::default();
    let classes = chords::ChordClasses::learn(&one, &alphabets, settings.least);
    let mut model = MaxEnt::new(settings.clone(), alphabets.clone(), classes);
    model.vocabulary = vocabulary(&one, &alphabets);
    let mut c = Chance::new(1, 1);
    let theta: Vec<f64> = (0..model.layout.len).map(|_| 0.1 * c.unit()).collect();
    model.set_theta(&theta);
    let piece = one[3].clone();
    let openings = Openings::all(&model, piece.steps);
    let columns = Columns::new(&model, &piece.context);
    let n = piece.steps * 4 / 2;
    let mut chain = Chain::new(&model, &openings, Rules::NONE, &columns, piece, Chance::new(1, 2));
    for _ in 0..5 {
        let t = Instant::now();
        for _ in 0..10 { chain.sweep(1.0); }
        println!("{:?} per move", t.elapsed() / (10 * n) as u32);
    }
}
