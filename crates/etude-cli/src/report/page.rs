//! The page: XHTML in one file, without scripts and without anything from elsewhere; light, dark and on paper.

use super::chapters::{flexibility, generalisation, statistics};
use super::plots::escape;
use super::words::{Line, count, glance, grouped};
use etude::appraise::report::{Against, Report};
use std::path::Path;

/// Colours by Okabe and Ito (2008), told apart by the colour-blind too; the sets keep theirs throughout the page.
const STYLE: &str = include_str!("page.css");

/// Draws the report of a model that was asked for by this name.
pub(super) fn html(report: &Report, asked: &str) -> String {
    let name = escape(&report.model.name);
    let asked = Path::new(asked).file_name().map_or_else(|| asked.into(), |name| name.to_string_lossy());
    let mut page = format!(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>{name}: a report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    page.push_str(&head(report, &name));
    page.push_str(&statistics::chapter(report));
    page.push_str(&flexibility::chapter(report));
    page.push_str(&generalisation::chapter(report));
    page.push_str(&foot(report, &escape(&asked)));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// What the report is of, and what matters most.
fn head(report: &Report, name: &str) -> String {
    let (model, made) = (&report.model, &report.made);
    let mut text =
        format!("<header>\n<p class=\"kicker\">Étude · a report on a model</p>\n<h1>{name}</h1>\n");
    if !model.summary.is_empty() {
        text.push_str(&format!("<p class=\"lead\">{}</p>\n", escape(&model.summary)));
    }
    let mut facts = vec![format!("{}, {}", escape(&model.kind), count(model.voices, "voice"))];
    facts.push(format!("file {}", escape(&model.hash)));
    if !model.data.is_empty() {
        facts.push(format!("trained on {}", escape(&model.data)));
    }
    text.push_str(&format!("<p class=\"facts\">{}</p>\n", facts.join(" · ")));
    text.push_str(&format!(
        "<p>A good model does three things: it reproduces the statistics of what it learnt, it obeys whatever constraints it \
         is given, and it invents rather than copies. For this report the model composed {} of {} freely, {} in all, and \
         filled random drafts. {}</p>\n",
        count(made.pieces, "piece"),
        count(made.bars, "bar"),
        count(made.cells, "cell"),
        against(report.corpus.as_ref())
    ));
    let held = report.corpus.as_ref().is_some_and(|corpus| corpus.held_out > 0);
    let meanings = match report.corpus.as_ref().is_none_or(|corpus| corpus.own) {
        true => ("pieces that the model never saw: the yardstick", "pieces that it learnt from"),
        false => ("the corpus's validation and test pieces: the yardstick", "the corpus's training pieces"),
    };
    let keys = [
        Some(("generated", "generated", "what the model composed")),
        held.then_some(("held", "held-out", meanings.0)),
        report.corpus.is_some().then_some(("train", "train", meanings.1)),
    ];
    text.push_str("<ul class=\"key\">\n");
    for (class, set, meaning) in keys.into_iter().flatten() {
        text.push_str(&format!(
            "<li><span class=\"swatch {class}\"></span><strong>{set}</strong> {meaning}</li>\n"
        ));
    }
    text.push_str("</ul>\n<table class=\"glance\">\n<thead><tr><th>requirement</th><th>figure</th>\
                   <th class=\"number\">generated</th><th class=\"number\">held-out</th></tr></thead>\n<tbody>\n");
    let mut before = "";
    for Line { requirement, what, own, yardstick } in glance(report) {
        let shown = if requirement == before { "" } else { requirement };
        before = requirement;
        text.push_str(&format!(
            "<tr><th>{shown}</th><td>{what}</td><td class=\"number\"><strong>{own}</strong></td>\
             <td class=\"number\">{yardstick}</td></tr>\n"
        ));
    }
    text + "</tbody>\n</table>\n</header>\n"
}

/// Where the corpus's own figures come from, in words.
fn against(corpus: Option<&Against>) -> String {
    let Some(corpus) = corpus else {
        return "The model file carries no figures of its corpus, so there is no yardstick here: correlations, the corpus's \
                histograms, its likelihood and its copies need <code>--corpus</code>."
            .to_owned();
    };
    let from = match (corpus.opened, corpus.own) {
        (false, _) => "the corpus that it was trained on, as the model file carries them",
        (true, true) => "the corpus that it was trained on",
        (true, false) => "which is not the corpus that it was trained on",
    };
    let held = match corpus.held_out {
        0 => ", none held out, so there is no yardstick".to_owned(),
        n => format!(" and {} held-out ones (validation and test together)", grouped(n)),
    };
    let pieces = count(corpus.train, "training piece");
    format!("Its figures stand beside those of {}, {from}: {pieces}{held}.", escape(&corpus.name))
}

/// How it was made, and how to hear a piece.
fn foot(report: &Report, asked: &str) -> String {
    let made = &report.made;
    let last = made.first_seed.wrapping_add(made.pieces as u64 - 1);
    format!(
        "<footer>\n<h2>How this was made</h2>\n<p>The free pieces are those of seeds {} to {last}, all settings at their \
         defaults; <code>etude generate {asked} --length {} --seed {last} -o piece.mid</code> makes the last of them again, to \
         be heard. The same model, seed and number of pieces give the same page, byte for byte. {} cells were counted; a cell \
         is one voice at one step, and there are {} in a quarter note.</p>\n<p>Étude {}. Model file {}, trained on {}.</p>\n</footer>\n",
        made.first_seed,
        made.bars,
        grouped(made.cells),
        count(report.model.steps_per_quarter, "step"),
        env!("CARGO_PKG_VERSION"),
        escape(&report.model.hash),
        escape(&report.model.corpus)
    )
}
