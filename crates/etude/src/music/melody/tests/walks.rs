//! What the guide lets through: all that is asked, and never nothing.

use super::super::background::Background;
use super::super::evidence::Evidence;
use super::super::guide::Follower;
use super::super::notation::{Notation, Told};
use super::super::plan::Plan;
use super::{request, trained};
use crate::author::Request;
use crate::inference::chance::Chance;
use crate::inference::constraint::met;
use crate::sequence::Guide;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Frame, Onset};

/// Random walks under a uniform model: whatever is asked holds, and no walk comes to a dead end.
#[test]
fn no_wish_comes_to_a_dead_end() {
    let author = trained(&[]);
    let wishes: [&[&str]; 6] = [
        &[],
        &["@2.3=C5", "@2.4+1/2=rest"],
        &["@1=rest", "@2=hold", "@2=A4", "@3.1=strike"],
        &["@*.1=^1,^3", "*=scale"],
        &["@2=rhythm:1/2,1/2r,1", "@3=chord:D7"],
        &["*=G4", "@2=rest"],
    ];
    let mut chance = Chance::new(3, 0);
    let mut impossible = 0;
    for keep in wishes {
        let asked = Request { length: Some(3), ..request(keep, &[]) };
        let Ok(plan) = Plan::new(&author, &asked) else {
            impossible += 1;
            continue;
        };
        for _ in 0..40 {
            let mut guide = Follower::new(plan.sheet.clone(), plan.evidence.clone()).fork();
            let mut symbols = Vec::new();
            while !guide.is_done() {
                let mut odds = vec![0.0; author.habits.notation.symbols()];
                guide.weigh(&mut odds);
                let allowed: Vec<usize> = (0..odds.len()).filter(|&s| odds[s] > f64::NEG_INFINITY).collect();
                let symbol = allowed[chance.below(allowed.len())];
                guide.push(symbol);
                symbols.push(symbol as u32);
            }
            let mut grid = author.habits.notation.read(&symbols, &plan.frame);
            grid = grid.transposed(-plan.shift).expect("in range");
            grid.frame = plan.frame.clone();
            assert_eq!(plan.draft.broken_by(&grid), None, "{keep:?}");
            let met = met(None, plan.key, &grid, &plan.constraints);
            assert!(met.iter().all(|met| *met), "{keep:?}: {met:?}");
        }
    }
    assert_eq!(impossible, 1, "only a rest in G4 alone contradicts itself");
}

/// The look-ahead is what the background says of all ways there are, by trying each.
#[test]
fn the_look_ahead_is_the_sum_over_all_ways() {
    let notation = Notation { low: 60, high: 62, steps: 1, told: Told::Plain, chords: true, common: true };
    let mut background = Background::new(&notation);
    background.count(&notation, &[2, 0, 3, 4, 0, 1, 0, 2, 3]);
    let mut draft = Draft::open(Frame { steps_per_quarter: 1, ..Frame::sixteenths(1, 4) });
    draft.narrow(3, 0, Hole::only(Some(61)));
    draft.mark(3, 0, Onset::Held);
    draft.narrow(1, 0, Hole::range(60, 61).or(Hole::REST));
    let evidence = Evidence::new(&draft, &notation, &background);
    let table = background.transitions();
    // Every way through four steps of five events, from rest.
    let mut total = 0.0;
    for way in 0..5usize.pow(4) {
        let (mut sounding, mut probability) = (3, 1.0);
        for step in 0..4 {
            let event = way / 5usize.pow(step) % 5;
            let step = step as usize;
            let may = match event {
                0 => evidence.may_hold(step, sounding),
                1 => evidence.may_rest(step, sounding),
                _ => evidence.may_strike(step, event - 2),
            };
            probability *= if may { table[sounding * 5 + event] } else { 0.0 };
            sounding = [sounding, 3, 0, 1, 2][event];
        }
        total += probability;
    }
    assert!((evidence.log(0, 3) - total.ln()).abs() < 1e-12, "{} for {}", evidence.log(0, 3), total.ln());
}
