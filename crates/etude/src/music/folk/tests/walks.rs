//! The grammar, by random walks.

use super::super::form::faults;
use super::super::grammar::Grammar;
use super::super::guide::{FIELDS, Follow, fields};
use super::super::plan::{PartPlan, Plan};
use super::super::tokens::{SYMBOLS, Token, show};
use super::super::tune::Tune;
use super::super::write::{key, octave, write};
use super::reread;
use crate::inference::chance::Chance;
use crate::sequence::Guide;
use etude_piece::score::abc;
use std::sync::Arc;

/// A tune drawn with all symbols that may come equally likely.
fn walk(plan: &Arc<Plan>, chance: &mut Chance) -> Vec<u32> {
    let mut guide = Follow::new(Arc::clone(plan));
    let (mut symbols, sizes, mut row) = (Vec::new(), fields(), [0; FIELDS]);
    while !guide.is_done() {
        guide.fields(&mut row);
        assert!(row.iter().zip(&sizes).all(|(&value, &size)| (value as usize) < size), "{row:?}");
        let mut odds = [0.0; SYMBOLS];
        guide.weigh(&mut odds);
        let open: Vec<usize> = (0..SYMBOLS).filter(|&symbol| odds[symbol] == 0.0).collect();
        assert!(!open.is_empty(), "a dead end after {} under {plan:?}", show(&symbols));
        assert!(symbols.len() < 200_000, "no end");
        let symbol = open[chance.below(open.len())];
        guide.push(symbol);
        symbols.push(symbol as u32);
    }
    symbols
}

/// A plan with something asked at random.
fn any_plan(chance: &mut Chance) -> Plan {
    let mut plan =
        Plan { parts_at_most: 1 + chance.below(4), bars_at_most: 2 + chance.below(8), ..Plan::default() };
    let mut coin = |of: usize| chance.below(of) == 0;
    (plan.rests, plan.ties, plan.triplets, plan.upbeats) = (!coin(3), !coin(3), !coin(3), !coin(3));
    if coin(2) {
        plan.metre = Some(chance.below(10));
    }
    if chance.below(2) == 0 {
        plan.end = 1 << chance.below(12);
    }
    if chance.below(2) == 0 {
        plan.start = 1 << chance.below(12);
    }
    if chance.below(2) == 0 {
        plan.pitches = 0xfff << chance.below(29);
    }
    if chance.below(2) == 0 {
        for _ in 0..1 + chance.below(4) {
            let repeated = [None, Some(true), Some(false)][chance.below(3)];
            let bars = (chance.below(2) == 0).then(|| 1 + chance.below(9));
            plan.parts.push(PartPlan { repeated, bars, unending: chance.below(2) == 0 });
        }
    }
    plan
}

#[test]
fn random_tunes_under_random_plans_are_right_and_read_back_as_they_were() {
    let mut chance = Chance::new(11, 0);
    for number in 0..1000 {
        let plan = Arc::new(any_plan(&mut chance));
        let symbols = walk(&plan, &mut chance);
        let tune = Tune::of(&symbols).expect("a whole tune");
        assert_eq!(tune.symbols().as_deref(), Some(symbols.as_slice()), "{}", show(&symbols));
        let class = chance.below(12) as u8;
        let score = write(&tune, key(&tune, class), octave(&tune, class));
        let again = reread(&score);
        assert_eq!(faults(&score), [""; 0], "{}", show(&symbols));
        let lowest = |tune: &Tune| {
            tune.events()
                .filter_map(|event| match event.what {
                    Token::Pitch(midi) => Some(midi),
                    _ => None,
                })
                .min()
        };
        let lift =
            lowest(&tune).expect("a note") as i32 - again.as_ref().ok().and_then(lowest).unwrap_or(0) as i32;
        let again = again.map(|mut again| {
            for part in &mut again.parts {
                for event in part
                    .upbeat
                    .iter_mut()
                    .chain(part.bars.iter_mut().chain(&mut part.first).chain(&mut part.second).flatten())
                {
                    if let Token::Pitch(midi) = &mut event.what {
                        *midi = (i32::from(*midi) + lift) as u8;
                    }
                }
            }
            show(&again.symbols().expect("in the alphabet"))
        });
        assert_eq!(again, Ok(show(&symbols)), "tune {number}");
    }
}

#[test]
fn the_grammar_alone_knows_all_that_a_guide_allows() {
    let plan = Arc::new(Plan::default());
    let mut chance = Chance::new(3, 0);
    let mut grammar = Grammar::new(Arc::clone(&plan));
    for symbol in walk(&plan, &mut chance) {
        let token = Token::of(symbol as usize).expect("a token");
        assert!(grammar.allows(token));
        grammar.push(token);
    }
    assert!(grammar.is_done());
}

#[test]
#[ignore = "writes a file for other programs to read"]
fn a_tune_book_of_random_walks() {
    let mut chance = Chance::new(5, 0);
    let mut book = Vec::new();
    for number in 1..=1000 {
        let symbols = walk(&Arc::new(any_plan(&mut chance)), &mut chance);
        let tune = Tune::of(&symbols).expect("a whole tune");
        let class = chance.below(12) as u8;
        let mut score = write(&tune, key(&tune, class), octave(&tune, class));
        score.title = format!("Walk {number}");
        book.extend(abc::write_numbered(&score, number).expect("it fits ABC").bytes);
        book.push(b'\n');
    }
    let path = std::env::temp_dir().join("random-walks.abc");
    std::fs::write(&path, book).expect("a file");
    println!("{}", path.display());
}
