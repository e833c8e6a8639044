//! Tests of the notation: there and back, and by random walks under the grammar.

use super::grammar::Grammar;
use super::guide::{FIELDS, Follow, fields};
use super::plan::{PartPlan, Plan};
use super::read::read;
use super::tokens::{SYMBOLS, Token, show};
use super::tune::{Tune, length};
use super::write::{key, octave, write};
use crate::inference::chance::Chance;
use crate::sequence::Guide;
use etude_piece::piece::{Collection, Kind, Piece};
use etude_piece::score::{Score, abc};
use std::collections::BTreeMap;
use std::sync::Arc;

fn corpus() -> Option<Collection> {
    let data = std::env::var_os("ETUDE_DATA");
    let folder =
        data.map(|data| std::path::PathBuf::from(data).join("folk-abc")).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: no corpus");
    }
    Some(Collection::open(&[folder?], Kind::Score).expect("the corpus"))
}

fn tune(text: &str) -> Result<Tune, String> {
    let abc = format!("X:1\nL:1/8\n{text}\n");
    read(&abc::read(abc.as_bytes()).expect("ABC")).map(|read| read.tune)
}

/// ABC to symbols.
#[track_caller]
fn check(text: &str, expected: &str) {
    let told = match tune(text) {
        Ok(tune) => show(&tune.symbols().expect("all are in the alphabet")),
        Err(reason) => reason,
    };
    assert_eq!(told, expected);
}

/// What a score that was written as ABC reads as.
fn reread(score: &Score) -> Result<Tune, String> {
    let written = abc::write(score).expect("it fits ABC");
    assert!(written.lost.is_empty(), "{:?}", written.lost);
    let read = read(&abc::read(&written.bytes).expect("our own ABC"))?;
    match read.mended.is_empty() {
        true => Ok(read.tune),
        false => Err(format!("{:?} in\n{}", read.mended, String::from_utf8_lossy(&written.bytes))),
    }
}

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
            let adjacent = plan.parts.last().is_some_and(|part: &PartPlan| part.repeated == Some(false));
            if !(adjacent && repeated == Some(false)) {
                plan.parts.push(PartPlan { repeated, bars, unending: chance.below(2) == 0 });
            }
        }
    }
    plan
}

#[test]
fn random_tunes_under_random_plans_are_right_and_read_back_as_they_were() {
    let mut chance = Chance::new(11, 0);
    for number in 0..3000 {
        let plan = Arc::new(any_plan(&mut chance));
        let symbols = walk(&plan, &mut chance);
        let tune = Tune::of(&symbols).expect("a whole tune");
        assert_eq!(tune.symbols().as_deref(), Some(symbols.as_slice()), "{}", show(&symbols));
        let class = chance.below(12) as u8;
        let score = write(&tune, key(&tune, class), octave(&tune, class));
        let again = reread(&score);
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
fn a_repeated_part_with_its_upbeat() {
    check("M:3/4\nK:G\n|:D|G2 z4|A2B3:|", "M:3/4 K:major |: u1/2 G3 1/2 | C4 1 z 2 | D4 1 E4 3/2 :| END");
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

#[test]
#[ignore = "figures of the corpus"]
fn figures_of_reading() {
    let Some(collection) = corpus() else { return };
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut mends: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut kept, mut clean, mut flows, mut tokens, mut types) = (0, 0, 0, 0, [0usize; SYMBOLS]);
    println!("{} items, {} skipped", collection.items.len(), collection.skipped.len());
    for (name, piece) in &collection.items {
        let Piece::Score(score) = piece else { continue };
        match read(score) {
            Ok(read) => {
                kept += 1;
                clean += usize::from(read.mended.is_empty());
                read.mended.iter().for_each(|line| *mends.entry(line).or_default() += 1);
                let symbols = read.tune.symbols().expect("read");
                let mut strict = Grammar::new(Arc::new(Plan { flows: true, ..Plan::widest() }));
                flows += usize::from(symbols.iter().all(|&symbol| {
                    let token = Token::of(symbol as usize).expect("a token");
                    let allowed = strict.allows(token);
                    strict.push(token);
                    allowed
                }));
                tokens += symbols.len();
                symbols.iter().for_each(|&symbol| types[symbol as usize] += 1);
                let key = score.keys.first().map_or(etude_piece::score::Key::C_MAJOR, |key| key.1);
                let again = reread(&write(&read.tune, key, read.shift));
                assert_eq!(
                    again.map(|tune| show(&tune.symbols().expect("read"))),
                    Ok(show(&symbols)),
                    "{name}"
                );
            }
            Err(reason) => {
                println!("SKIP {name} {reason}");
                *reasons.entry(reason).or_default() += 1;
            }
        }
    }
    println!(
        "kept {kept} clean {clean} flows {flows} tokens {tokens} of {} types\n{mends:#?}\n{reasons:#?}",
        types.iter().filter(|n| **n > 0).count()
    );
    for (symbol, count) in types.iter().enumerate() {
        print!("{}:{count} ", show(&[symbol as u32]));
    }
    println!("{}", length(&[]));
}
