//! Generalisation: new chords, copies, neighbours, voice-leading, consonance.

use super::{figure, needs_corpus, opening, panels, topic};
use crate::report::plots::{Bar, Histogram, Row, Segment, bars, class, escape, histogram, stacks};
use crate::report::words::{count, grouped, percent, quantile};
use etude::appraise::report::{Beside, Generalisation, Harmony, Motion, Newness, Report};

/// Copies as long or longer share a bar.
const LONGEST: usize = 16;

pub(crate) fn chapter(report: &Report) -> String {
    let found = &report.generalisation;
    let several = report.model.voices > 1;
    let mut text =
        opening("3. Generalisation", "What did it cite, rediscover, invent; and what did it copy?");
    let chord = if several { "chord" } else { "pitch" };
    text.push_str(&topic(
        "New and known",
        &format!(
            "Each step's {chord} is cited (training pieces hold it), discovered (only held-out pieces hold it: the model found what it never saw) or \
             invented (neither does). For the held-out pieces, a discovered {chord} is one that another of them has too. A model that \
             cites all has learnt nothing to say; one that invents more than composers do has not understood them."
        ),
    ));
    text.push_str(&newness(&found.chords));
    text.push_str(&copies(found, report));
    if several {
        text.push_str(&topic(
            "Voice-leading",
            "Parallel fifths and octaves for every 1,000 pairs of voices that both move, and crossings for every 1,000 pairs of \
             neighbouring voices that both sound. Composers avoid them; a model should come as near to none as they do.",
        ));
        text.push_str(&voice_leading(&found.voice_leading));
        text.push_str(&topic(
            "Consonance",
            "The share of notes on strong beats that belong to the triad or seventh chord over the bass that explains most of \
             them. Composers use dissonance too, so their own figure, not 100 %, is the aim.",
        ));
        let row = |(name, harmony): (&'static str, &Harmony)| Row {
            name: name.to_owned(),
            bars: vec![Bar {
                class: class(name),
                value: harmony.share,
                label: format!("{} of {}", percent(harmony.share), grouped(harmony.counts.notes)),
            }],
        };
        let rows: Vec<Row> = found.consonance.named().map(row).collect();
        text.push_str(&figure(&bars(
            "Consonance",
            "Consonant notes on strong beats, by set of pieces.",
            &rows,
        )));
    }
    if report.corpus.is_none() {
        text.push_str(&needs_corpus("The held-out and training pieces' rows"));
    }
    text + "</section>\n"
}

fn newness(chords: &Beside<Newness>) -> String {
    let parts = |newness: &Newness| {
        vec![
            Segment { class: "cited", share: newness.cited, name: "cited" },
            Segment { class: "discovered", share: newness.discovered, name: "discovered" },
            Segment { class: "invented", share: newness.invented, name: "invented" },
        ]
    };
    let rows: Vec<(&str, Vec<Segment>)> =
        chords.named().map(|(name, newness)| (name, parts(newness))).collect();
    let told: Vec<String> = chords
        .named()
        .map(|(name, n)| {
            format!(
                "{name}: cited {}, discovered {}, invented {}",
                percent(n.cited),
                percent(n.discovered),
                percent(n.invented)
            )
        })
        .collect();
    figure(&stacks("New and known chords", &format!("{}.", told.join("; ")), &rows))
}

fn copies(found: &Generalisation, report: &Report) -> String {
    let mut text = topic(
        "Longest copies",
        &format!(
            "For each piece, the longest run of quarters that some training piece has too, in any transposition, all voices alike. Beside it the same \
             for held-out pieces, cut into stretches of {} quarters, as long as the generated pieces are. A composer quotes \
             himself a little; a model that copies much more than that repeats, and doesn't compose. Where a held-out stretch is copied whole, \
             the corpus holds it twice.",
            found.stretch
        ),
    );
    let bins = |copies: &[usize]| {
        let mut shares = vec![0.0; LONGEST + 1];
        copies.iter().for_each(|&quarters| shares[quarters.min(LONGEST)] += 1.0 / copies.len().max(1) as f64);
        shares
    };
    let drawn: Vec<(&str, Vec<f64>)> =
        found.copies.named().map(|(name, copies)| (name, bins(copies))).collect();
    let most = drawn.iter().flat_map(|(_, shares)| shares).copied().fold(0.0, f64::max);
    let labels: Vec<(usize, String)> = (0..=LONGEST)
        .step_by(4)
        .map(|n| (n, if n == LONGEST { format!("{n} or more") } else { n.to_string() }))
        .collect();
    let panel = |(set, shares): &(&str, Vec<f64>)| {
        let axis = "quarters of the longest copy";
        let what = "longest copies";
        histogram(&Histogram {
            what,
            set,
            class: class(set),
            shares,
            outline: None,
            most,
            labels: &labels,
            axis,
        })
    };
    text.push_str(&panels("three", &drawn.iter().map(panel).collect::<Vec<_>>()));
    text.push_str(
        "<table>\n<thead><tr><th>longest copies, in quarters</th><th class=\"number\">of</th><th class=\"number\">median</th>\
         <th class=\"number\">nine of ten at most</th><th class=\"number\">longest</th></tr></thead>\n<tbody>\n",
    );
    for (name, copies) in found.copies.named() {
        let noun = if name == "generated" { "piece" } else { "stretch" };
        let of = if copies.len() == 1 || noun == "piece" {
            count(copies.len(), noun)
        } else {
            format!("{} stretches", grouped(copies.len()))
        };
        text.push_str(&format!(
            "<tr><td>{name}</td><td class=\"number\">{of}</td><td class=\"number\">{}</td><td class=\"number\"><strong>{}</strong></td>\
             <td class=\"number\">{}</td></tr>\n",
            quantile(copies, 0.5),
            quantile(copies, 0.9),
            quantile(copies, 1.0)
        ));
    }
    text.push_str("</tbody>\n</table>\n");
    text + &neighbours(found, report)
}

fn neighbours(found: &Generalisation, report: &Report) -> String {
    if found.nearest.is_empty() {
        return "<p>No generated piece shares two quarters in a row with a training piece.</p>\n".to_owned();
    }
    let length = 4 * report.made.bars;
    let mut text = topic(
        "Nearest neighbours",
        &format!(
            "The generated pieces that share the longest run with a training piece, of {length} quarters each, and where to look."
        ),
    );
    text.push_str(
        "<table>\n<thead><tr><th class=\"number\">seed</th><th class=\"number\">quarters</th><th>from</th><th>training piece</th>\
         <th class=\"number\">from quarter</th></tr></thead>\n<tbody>\n",
    );
    for near in &found.nearest {
        text.push_str(&format!(
            "<tr><td class=\"number\">{}</td><td class=\"number\"><strong>{}</strong></td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>\n",
            near.seed,
            near.quarters,
            escape(&near.place),
            escape(&near.piece),
            near.quarter
        ));
    }
    text + "</tbody>\n</table>\n"
}

/// What is counted, its rate for every thousand, and its count.
type Measure = (&'static str, fn(&Motion) -> f64, fn(&Motion) -> usize);

fn voice_leading(sets: &Beside<Motion>) -> String {
    let measures: [Measure; 3] = [
        ("parallel fifths", |m| m.fifths_per_thousand, |m| m.counts.parallel_fifths),
        ("parallel octaves", |m| m.octaves_per_thousand, |m| m.counts.parallel_octaves),
        ("crossings", |m| m.crossings_per_thousand, |m| m.counts.crossings),
    ];
    let rows = measures.map(|(name, rate, counted)| Row {
        name: name.to_owned(),
        bars: sets
            .named()
            .map(|(set, motion)| Bar {
                class: class(set),
                value: rate(motion),
                label: format!("{:.2} ({})", rate(motion), grouped(counted(motion))),
            })
            .collect(),
    });
    let moving: Vec<String> = sets
        .named()
        .map(|(name, m)| format!("{} in {name} pieces", grouped(m.counts.moving_pairs)))
        .collect();
    let plot = bars(
        "Voice-leading",
        "Parallels and crossings per thousand, with their counts, by set of pieces.",
        &rows,
    );
    format!(
        "{}<p class=\"note\">In brackets: how many there are. Pairs that both move: {}.</p>\n",
        figure(&plot),
        moving.join(", ")
    )
}
