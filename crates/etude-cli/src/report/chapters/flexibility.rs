//! Flexibility: constraints kept, contradictions named, and what constraints cost.

use super::{figure, opening, topic};
use crate::report::plots::{Strip, escape, strips};
use crate::report::words::{count, grouped};
use etude::appraise::report::{Cost, Flexibility, Likelihood, Report};
use etude::model::Kind;

/// The constraints of a draft that are shown.
const SHOWN: usize = 3;

pub(crate) fn chapter(report: &Report) -> String {
    let found = &report.flexibility;
    let mut text = opening("2. Flexibility", "Does it obey arbitrary constraints, and say so when it can't?");
    text.push_str(&topic(
        "Constraints kept",
        &format!(
            "The model filled random drafts of each kind, of {}, drawn so that they can be met. Whether each constraint holds was checked on the \
             finished piece, by other code than made it. The cost is how much more surprised the model is, by each {}, at \
             what it had to write than at the free pieces of the same seeds, with its standard error. It may be negative: a constraint can \
             make a piece more ordinary.",
            count(report.made.bars, "bar"),
            escape(&found.unit),
        ),
    ));
    text.push_str(&table(found));
    text.push_str(&topic("Contradictions named", &contradictions(found)));
    text.push_str(&topic(
        "What constraints cost",
        &format!(
            "Each dot is a piece, further to the right the more it surprises the model; the line, and the figure at the right, is the mean over all \
             {}s. Free pieces should lie where held-out pieces lie: far to the left of them, a model is too sure of itself. {}",
            escape(&found.unit),
            kind(found.kind),
        ),
    ));
    text.push_str(&surprises(found));
    text + "</section>\n"
}

fn table(found: &Flexibility) -> String {
    let mut text = format!(
        "<table>\n<thead><tr><th>kind of draft</th><th class=\"number\">drafts</th><th class=\"number\">kept / given</th>\
         <th class=\"number\">nats per {unit}</th><th class=\"number\">cost</th></tr></thead>\n<tbody>\n",
        unit = escape(&found.unit)
    );
    let free = &found.likelihood.generated;
    text.push_str(&format!(
        "<tr><td><strong>free</strong>: nothing is asked</td><td class=\"number\">{}</td><td class=\"number\">–</td>\
         <td class=\"number\">{}</td><td class=\"number\">0</td></tr>\n",
        grouped(free.pieces.len()),
        nats(free)
    ));
    for drafts in &found.drafts {
        let shown: Vec<String> =
            drafts.example.iter().take(SHOWN).map(|c| format!("<code>{}</code>", escape(c))).collect();
        let more = drafts.example.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let example =
            if shown.is_empty() { String::new() } else { format!("; such as {}{more}", shown.join(", ")) };
        let failed = match drafts.failed {
            0 => String::new(),
            n => format!("<br/>nothing was made of {}: {}", count(n, "draft"), escape(&drafts.reason)),
        };
        let cost = cost(drafts.cost);
        text.push_str(&format!(
            "<tr><td><strong>{}</strong>: {}{example}{failed}</td><td class=\"number\">{}</td><td class=\"number\"><strong>{} / {}</strong></td>\
             <td class=\"number\">{}</td><td class=\"number\">{cost}</td></tr>\n",
            escape(&drafts.theme),
            escape(&drafts.meaning),
            grouped(drafts.drafts),
            grouped(drafts.kept),
            grouped(drafts.given),
            nats(&drafts.likelihood),
        ));
    }
    text + "</tbody>\n</table>\n"
}

fn nats(likelihood: &Likelihood) -> String {
    match likelihood.nats_per_event.is_finite() {
        true => format!("{:.4}", likelihood.nats_per_event),
        false => "–".to_owned(),
    }
}

fn contradictions(found: &Flexibility) -> String {
    let asked = &found.contradictions;
    if asked.given == 0 {
        return "No voice can sing two pitches, so no contradiction could be drawn.".to_owned();
    }
    let example = match asked.example.as_str() {
        "" => String::new(),
        text => format!(" The first: <code>{}</code>.", escape(text)),
    };
    format!(
        "Of {} that contradict themselves, the model's ranges or the piece, hidden among harmless constraints, <strong>{}</strong> were refused with \
         every guilty constraint named; nothing was made of them.{example}",
        count(asked.given, "draft"),
        grouped(asked.named),
    )
}

/// `+0.0132 ± 0.0040`
fn cost(cost: Cost) -> String {
    if !cost.mean.is_finite() {
        return "–".to_owned();
    }
    let error = if cost.error.is_finite() { format!(" ± {:.4}", cost.error) } else { String::new() };
    format!("{:+.4}{error}", cost.mean).replace('-', "−")
}

/// What kind of number the likelihoods are, in words.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "The figures are exact negative log-likelihoods, in nats.",
        Kind::Bound => "The figures are upper bounds of the negative log-likelihood, in nats.",
        Kind::Pseudo => {
            "The figures are pseudo-likelihoods, in nats: each given all others, so that pieces that move little surprise little. They \
             compare pieces of this page, not models."
        }
        Kind::Estimate => "The figures are Monte Carlo estimates of the negative log-likelihood, in nats.",
        Kind::Energy => {
            "The figures are energies, up to a constant that nobody knows: only their differences mean something."
        }
    }
}

fn surprises(found: &Flexibility) -> String {
    let mut sets: Vec<(&str, &str, &Likelihood)> = Vec::new();
    sets.extend(found.likelihood.train.as_ref().map(|likelihood| ("train", "train", likelihood)));
    sets.extend(found.likelihood.held_out.as_ref().map(|likelihood| ("held-out", "held", likelihood)));
    sets.push(("free", "generated", &found.likelihood.generated));
    sets.extend(found.drafts.iter().map(|drafts| (drafts.theme.as_str(), "generated", &drafts.likelihood)));
    let drawn: Vec<Strip> = sets
        .iter()
        .map(|&(name, class, likelihood)| Strip {
            name,
            class,
            values: &likelihood.pieces,
            mean: likelihood.nats_per_event,
        })
        .collect();
    let told: Vec<String> =
        sets.iter().map(|(name, _, likelihood)| format!("{name} {}", nats(likelihood))).collect();
    let description = format!("Nats per {} of each piece. Means: {}.", found.unit, told.join(", "));
    figure(&strips("Surprise of pieces", &description, &format!("nats per {}", found.unit), &drawn))
}
