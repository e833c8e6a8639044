//! From bars to parts: repeats, endings and upbeats, and last bars made to fit.

use super::measure::Measure;
use super::tokens::DURATIONS;
use super::tune::{Bar, Part, length};

/// Bars by parts and endings; `lifted` is the upbeat of what comes after them, 0 for none.
pub(super) fn parts(
    measures: Vec<Measure>,
    full: u16,
    lifted: u16,
    mended: &mut Vec<&'static str>,
) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut part = Part::default();
    let mut measures = measures.into_iter().peekable();
    let mut ending = None;
    while let Some(measure) = measures.next() {
        match (measure.ending, ending) {
            (Some(1), None) => (ending, part.repeated) = (Some(1), true),
            (Some(2), Some(1)) if !part.first.is_empty() => ending = Some(2),
            (None, _) => {}
            _ => return Err("endings that don't pair".to_owned()),
        }
        match ending {
            None => part.bars.push(measure.events),
            Some(1) => part.first.push(measure.events),
            Some(_) => part.second.push(measure.events),
        }
        let next = measures.peek();
        let second = next.is_some_and(|next| next.ending == Some(2));
        let over = match ending {
            None | Some(2) => measure.end || measure.double || next.is_none_or(|next| next.start),
            Some(_) => !second && (measure.end || next.is_none_or(|next| next.start)),
        };
        if over {
            part.repeated |= measure.end;
            ending = None;
            parts.push(upbeat(std::mem::take(&mut part), full));
        }
    }
    let mut whole: Vec<Part> = Vec::with_capacity(parts.len() + 1);
    let lifts: Vec<u16> = parts.iter().skip(1).map(|part| length(&part.upbeat)).chain([lifted]).collect();
    for (mut part, lift) in parts.into_iter().zip(lifts) {
        if whole.is_empty() && is_lifted_once(&part, full) {
            mended.push("an upbeat that isn't repeated stands before its part");
            whole.push(Part { upbeat: std::mem::take(&mut part.upbeat), ..Part::default() });
        }
        close(&mut part, full, lift, mended)?;
        whole.push(part);
    }
    Ok(whole)
}

/// Whether a first part is whole without its upbeat, which is thus not meant to be repeated.
fn is_lifted_once(part: &Part, full: u16) -> bool {
    let last = part.first.last().or(part.bars.last());
    part.repeated && !part.upbeat.is_empty() && last.is_some_and(|bar| length(bar) == full)
}

/// A part whose first bar is short begins with an upbeat.
fn upbeat(mut part: Part, full: u16) -> Part {
    let short = part.bars.first().is_some_and(|bar| length(bar) < full);
    if short && (part.len() > 1 || !part.repeated) {
        part.upbeat = part.bars.remove(0);
    }
    part
}

/// Makes the last bar of a part, and of its endings, as long as it has to be; other bars have to be whole. `lift` is the next
/// part's upbeat, which may make whole a last bar that leads on to it.
fn close(part: &mut Part, full: u16, lift: u16, mended: &mut Vec<&'static str>) -> Result<(), String> {
    let last = full - length(&part.upbeat);
    let ended = !part.first.is_empty();
    let plain = !part.repeated;
    let stretches =
        [(&mut part.bars, !ended, plain), (&mut part.first, true, false), (&mut part.second, true, true)];
    for (bars, closes, leads_on) in stretches {
        let count = bars.len();
        for (number, bar) in bars.iter_mut().enumerate() {
            let closing = closes && number + 1 == count;
            let (asked, found) = (if closing { last } else { full }, length(bar));
            if found == asked || closing && leads_on && (found == full || found == full - lift) {
                continue;
            }
            let long = found > asked;
            if !closing {
                return Err(format!("a bar within a part is too {}", if long { "long" } else { "short" }));
            }
            mend(bar, asked).ok_or("the last bar of a part doesn't fit its upbeat")?;
            mended.push(match long {
                true => "the last note of a part is made shorter",
                false => "the last note of a part is made longer",
            });
        }
    }
    Ok(())
}

/// Makes the last event of a bar longer or shorter, where there is such a duration.
fn mend(bar: &mut Bar, asked: u16) -> Option<()> {
    let (now, last) = (length(bar), bar.last_mut()?);
    let ticks = (last.ticks + asked).checked_sub(now)?;
    if DURATIONS.contains(&ticks) && ticks % 3 == 0 && last.ticks % 3 == 0 {
        last.ticks = ticks;
        return Some(());
    }
    None
}
