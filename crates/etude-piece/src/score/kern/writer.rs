//! From a score to the table, bar by bar.

use super::marks::Marks;
use super::page::{Page, PartColumns, Place};
use super::pen::Pen;
use super::pieces::Span;
use super::record::RECIPE;
use super::sheet::{BarRows, Music};
use super::{instrument, limits, text};
use crate::score::{Bar, Beats, Losses, Part, Score, Written};
use crate::{Error, Result};

/// Writes a score.
pub(super) fn write(score: &Score) -> Result<Written> {
    check_limits(score)?;
    let mut losses = Losses::default();
    let bars = bars(score);
    let spans = spans(score, &bars);
    let mut room = limits::NOTES;
    // The lowest part stands leftmost.
    let mut music = Vec::with_capacity(score.parts.len());
    for part in score.parts.iter().rev() {
        music.push(Music::of(part, &spans, &mut room, &mut losses).ok_or_else(too_many_notes)?);
    }
    let marks = Marks::of(score, &spans, &mut losses);
    let bars_of_rows: Vec<BarRows<'_>> = spans.iter().map(|&span| BarRows::of(&mut music, span)).collect();
    let mut page = Page { chords: !marks.chords.is_empty(), ..Page::default() };
    page.parts = music.iter().map(|music| PartColumns { strands: 1, verses: music.verses.clone() }).collect();
    page.measured = !marks.meet(&bars_of_rows);
    check_spines(&page, &bars_of_rows)?;
    header(score, &mut page);
    let mut pen = Pen::new(score, page, music, marks, &bars);
    for (number, rows) in bars_of_rows.iter().enumerate() {
        pen.bar(number, rows);
    }
    Ok(Written { bytes: pen.finish().into_bytes(), lost: losses.lines() })
}

fn check_limits(score: &Score) -> Result<()> {
    if score.parts.is_empty() {
        return Err(Error::unfit("a score without parts", "give it one"));
    }
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    let graces = || score.voices().flat_map(|voice| &voice.graces);
    let marks = score.keys.iter().map(|&(at, _)| at).chain(score.metres.iter().map(|&(at, _)| at));
    let marks =
        marks.chain(score.tempi.iter().map(|&(at, _)| at)).chain(score.chords.iter().map(|&(at, _)| at));
    let bars = score.bars.iter().map(|bar| bar.onset);
    let lengths = graces().flat_map(|grace| [grace.before, grace.duration]);
    let mut times = notes().flat_map(|note| [note.onset, note.end()]).chain(marks).chain(bars).chain(lengths);
    if let Some(time) = times.find(|&time| time < Beats::ZERO || !limits::holds(time)) {
        let what = format!("a time of {time} quarters is below zero, too fine or too late for **kern");
        return Err(Error::unfit(what, "quantise the score first"));
    }
    if notes().count() + graces().count() > limits::NOTES || score.bars.len() > limits::BARS {
        return Err(too_many_notes());
    }
    Ok(())
}

fn too_many_notes() -> Error {
    let what =
        format!("more than {} notes or {} bars are too many for one table", limits::NOTES, limits::BARS);
    Error::unfit(what, "write it as MIDI, or take it apart")
}

fn check_spines(page: &Page, rows: &[BarRows<'_>]) -> Result<()> {
    let verses: usize = page.parts.iter().map(|part| part.verses.len()).sum();
    let widest = rows.iter().map(|bar| bar.strands.iter().map(Vec::len).sum::<usize>()).max().unwrap_or(0);
    let spines = verses + widest.max(page.parts.len()) + 2;
    if spines > limits::SPINES {
        let what = format!("voices and verses of {spines} spines are too many for one table");
        return Err(Error::unfit(what, "write it as MIDI, or take it apart"));
    }
    Ok(())
}

/// The score's bars, or bars laid by its metres, from time zero on; none if it has neither.
fn bars(score: &Score) -> Vec<Bar> {
    let mut bars = score.bars.clone();
    if bars.is_empty() && !score.metres.is_empty() {
        let mut measured = score.clone();
        measured.measure(Beats::ZERO);
        bars = measured.bars;
    }
    if bars.first().is_some_and(|bar| bar.onset > Beats::ZERO) {
        bars.insert(0, Bar::default());
    }
    bars.dedup_by_key(|bar| bar.onset);
    bars
}

/// The onset and end of each bar; of the whole music if there are no bars.
fn spans(score: &Score, bars: &[Bar]) -> Vec<Span> {
    let last = bars.last().map_or(Beats::ZERO, |bar| bar.onset);
    let duration = score.duration();
    let end = if duration > last || bars.is_empty() { duration } else { last + score.metre_at(last).bar() };
    let onsets = bars.iter().map(|bar| bar.onset).chain(bars.is_empty().then_some(Beats::ZERO));
    let ends = bars.iter().skip(1).map(|bar| bar.onset).chain([end]);
    onsets.zip(ends).collect()
}

/// What stands above the first bar.
fn header(score: &Score, page: &mut Page) {
    page.record("COM", &score.composer);
    page.record("OTL", &score.title);
    page.record(RECIPE, &score.recipe);
    page.row(|place, text| {
        text.push_str(match place {
            Place::Recip => "**recip",
            Place::Kern(..) => "**kern",
            Place::Words(..) => "**text",
            Place::Chords => "**mxhm",
        });
    });
    let parts = || score.parts.iter().rev();
    let name = |part: &Part| {
        if part.name.is_empty() { String::new() } else { format!("*I\"{}", text::encode_record(&part.name)) }
    };
    page.by_part(&parts().map(name).collect::<Vec<_>>());
    let program = |part: &Part| {
        if part.program == 0 { String::new() } else { format!("*I{}", instrument::code(part.program)) }
    };
    page.by_part(&parts().map(program).collect::<Vec<_>>());
    if page.parts.iter().any(|part| part.verses.iter().any(|&(voice, _)| voice > 0)) {
        let verses: Vec<Vec<(usize, usize)>> = page.parts.iter().map(|part| part.verses.clone()).collect();
        page.row(|place, text| match place {
            Place::Words(part, verse) if verses[part][verse].0 > 0 => {
                text.push_str(&format!("*voice{}", verses[part][verse].0 + 1));
            }
            _ => text.push('*'),
        });
    }
}
