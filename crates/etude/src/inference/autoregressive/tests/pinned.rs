//! What pinned futures cost: masks alone, particles, and look-ahead, against exact draws and free ones.

use super::table::{Table, Walk};
use crate::inference::autoregressive::{Ahead, Aim, Automaton, Counted, Follow, LookAhead, Options, write};
use crate::sequence::{Chain, Guide, SequenceModel};
use crate::shared::shared;
use std::sync::Arc;

/// Mean nats of sequences under the model, and the standard error of the mean.
type Mean = (f64, f64);

/// Mean nats of what some guide and number of particles write.
fn mean(model: &dyn SequenceModel, guide: &dyn Guide, particles: usize, draws: u64) -> Mean {
    let draw = |seed| {
        let options = Options { particles, seed, ..Options::default() };
        write(model, guide, &options, &mut |_| true).expect("there is a way").nats
    };
    let nats: Vec<f64> = (0..draws).map(draw).collect();
    let mean = nats.iter().sum::<f64>() / draws as f64;
    let squares: f64 = nats.iter().map(|nats| (nats - mean) * (nats - mean)).sum();
    (mean, (squares / draws as f64 / (draws as f64 - 1.0)).sqrt())
}

/// The ways to write what is asked, and the nats of what they write.
fn compare<C: Chain>(
    model: &Walk<C>,
    twist: &dyn Chain,
    asked: Automaton,
    draws: u64,
) -> Vec<(&'static str, Mean)> {
    let length = asked.longest().expect("of one length");
    let free = Automaton::any(asked.symbols(), length).expect("small");
    let asked = Arc::new(asked);
    let free = Follow::new(Arc::new(free), None).expect("any length");
    let masked = Follow::new(Arc::clone(&asked), None).expect("any length");
    let ahead = |chain| {
        let look = LookAhead::new(chain, Arc::clone(&asked), 1.0, length).expect("small");
        Ahead::new(Arc::new(look))
    };
    let (twisted, exact) = (ahead(twist), ahead(&model.chain));
    vec![
        ("free", mean(model, &free, 1, draws)),
        ("masks, 1 particle", mean(model, &masked, 1, draws)),
        ("masks, 8 particles", mean(model, &masked, 8, draws)),
        ("masks, 64 particles", mean(model, &masked, 64, draws)),
        ("look-ahead of a smaller chain, 1 particle", mean(model, &twisted, 1, draws)),
        ("look-ahead of a smaller chain, 8 particles", mean(model, &twisted, 8, draws)),
        ("look-ahead of a smaller chain, 64 particles", mean(model, &twisted, 64, draws)),
        ("exact", mean(model, &exact, 1, draws)),
    ]
}

/// A chain that knows only the symbol before, from a free draw of a model.
fn smaller(model: &dyn SequenceModel, symbols: usize) -> Counted {
    let aim = Aim::new(model, &[], Arc::new(Automaton::any(symbols, 4000).expect("small")), None, {
        Options { particles: 1, ..Options::default() }
    });
    let drawn = aim.expect("nothing is asked").write(&mut |_| true).expect("nothing is asked");
    Counted::new(symbols, 1, [drawn.symbols.as_slice()]).expect("small")
}

#[test]
fn pinned_futures_cost_masks_most_and_a_look_ahead_least() {
    let model = Walk::silent(Table::random(6, 4, 3.0, 41), 4);
    let free = Automaton::any(4, 6).expect("small");
    let asked = free.then(&Automaton::only(4, &[3, 1, 3]).expect("small")).expect("small");
    let found = compare(&model, &smaller(&model, 4), asked, 1500);
    let [_, (_, masked), _, (_, many), (_, ahead), _, (_, twisted), (_, exact)] = found[..] else {
        panic!("eight ways: {found:?}");
    };
    assert!(masked.0 > exact.0 + 0.5, "masks alone stumble into what is pinned: {found:?}");
    assert!((many.0 - exact.0).abs() < 0.2 && (twisted.0 - exact.0).abs() < 0.2, "{found:?}");
    assert!(ahead.0 < masked.0, "a look-ahead helps even alone: {found:?}");
}

/// Letters, and one symbol for all between words.
fn letters(text: &str) -> Vec<u32> {
    let mut symbols = Vec::new();
    for letter in text.bytes().map(|byte| byte.to_ascii_lowercase()) {
        match letter {
            b'a'..=b'z' => symbols.push(u32::from(letter - b'a')),
            _ if symbols.last() != Some(&26) => symbols.push(26),
            _ => {}
        }
    }
    symbols
}

/// `.` for any letter or blank; `_` for a blank.
fn pattern(pattern: &str) -> Automaton {
    let row = |sign: u8| {
        (0..27u8)
            .map(|symbol| sign == b'.' || sign == if symbol < 26 { b'a' + symbol } else { b'_' })
            .collect()
    };
    let rows: Vec<Vec<bool>> = pattern.bytes().map(row).collect();
    Automaton::at_positions(27, &rows).expect("small")
}

#[test]
#[ignore = "prints figures, of a corpus, within a minute"]
fn figures_of_pinned_letters() {
    let Some(path) = shared("text/tinyshakespeare.txt") else { return };
    let text = std::fs::read_to_string(path).expect("the corpus");
    let symbols = letters(&text);
    let counted = |order| Counted::new(27, order, [symbols.as_slice()]).expect("it fits");
    let model = Walk::silent(counted(3), 27);
    for asked in
        ["........................_kingdom_", "...............q........", "a.......b.......c.......d......."]
    {
        for order in [1, 2] {
            println!("{asked}, {} symbols, looking ahead by order {order}", asked.len());
            for (way, (nats, error)) in compare(&model, &counted(order), pattern(asked), 1000) {
                println!("  {way:44} {nats:7.2} ± {error:.2} nats");
            }
        }
    }
}
