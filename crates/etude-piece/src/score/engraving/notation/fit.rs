//! A score made fit for drawing: times within bounds and on a grid that notes can show, texts without control signs.

use crate::score::{Bar, Beats, Grace, Losses, Metre, Note, Score, Voice};
use crate::{Error, Result};

/// The latest time, in quarter notes.
const LATEST: Beats = Beats::whole(1_000_000);
/// More bars (times staves) or notes than these are no pages that anybody reads.
pub(super) const MOST_BARS: usize = 200_000;
pub(super) const MOST_NOTES: usize = 250_000;
/// The most verses, and letters of a text, that are drawn.
const MOST_VERSES: usize = 12;
const MOST_LETTERS: usize = 400;
/// The shortest note that is drawn: a 32nd where times are moved to the grid.
const GRID: i64 = 8;

/// The score as it can be drawn.
///
/// # Errors
///
/// Times below zero or too late, too many bars or notes.
pub(super) fn fit(score: &Score, losses: &mut Losses) -> Result<Score> {
    check(score)?;
    let mut fitted = score.clone();
    let mut moved = 0;
    for voice in fitted.parts.iter_mut().flat_map(|part| &mut part.voices) {
        fit_notes(voice, &mut moved, losses);
    }
    losses.add_many(moved, "note", "its time is moved to the next 32nd note");
    fitted.keys.iter_mut().for_each(|(at, _)| *at = on_grid(*at));
    fitted.metres.iter_mut().for_each(|(at, _)| *at = on_grid(*at));
    fitted.tempi.iter_mut().for_each(|(at, _)| *at = on_grid(*at));
    fitted.chords.iter_mut().for_each(|(at, _)| *at = on_grid(*at));
    fitted.metres.retain(|(_, metre)| Metre::new(metre.count.into(), metre.unit.into()).is_some());
    fitted.keys.retain(|(_, key)| (-7..=7).contains(&key.fifths));
    fitted.tempi.retain(|(_, tempo)| (1.0..100_000.0).contains(&tempo.0));
    fitted.keys.sort_by_key(|&(at, _)| at);
    fitted.metres.sort_by_key(|&(at, _)| at);
    fitted.tempi.sort_by_key(|&(at, _)| at);
    fitted.chords.sort_by_key(|&(at, _)| at);
    // A tempo that goes on needs no sign; those below a tenth look the same.
    fitted.tempi.dedup_by(|next, before| (next.1.0 - before.1.0).abs() < 0.1);
    fit_texts(&mut fitted);
    fit_bars(&mut fitted)?;
    Ok(fitted)
}

fn check(score: &Score) -> Result<()> {
    let notes = || score.voices().flat_map(|voice| &voice.notes);
    // Lengths below zero are left out later.
    let ends = notes().flat_map(|note| [note.onset, note.duration.max(Beats::ZERO)]);
    let graces = score.voices().flat_map(|voice| &voice.graces).map(|grace| grace.before);
    let bars = score.bars.iter().map(|bar| bar.onset);
    let signs = score.keys.iter().map(|entry| entry.0).chain(score.metres.iter().map(|entry| entry.0));
    let texts = score.tempi.iter().map(|entry| entry.0).chain(score.chords.iter().map(|entry| entry.0));
    let mut times = ends.chain(graces).chain(bars).chain(signs).chain(texts);
    if let Some(time) = times.find(|&time| time < Beats::ZERO || time > LATEST) {
        return Err(Error::unfit(format!("a time of {time}"), "times from 0 to 1,000,000 quarter notes"));
    }
    let count = notes().count() + score.voices().map(|voice| voice.graces.len()).sum::<usize>();
    if count > MOST_NOTES {
        return Err(Error::unfit(format!("{count} notes"), format!("at most {MOST_NOTES} notes")));
    }
    Ok(())
}

/// The nearest time that notes and usual tuplets can show.
fn on_grid(time: Beats) -> Beats {
    let denominator = time.denominator();
    let twos = denominator.trailing_zeros();
    let shown = match denominator >> twos {
        1 => twos <= 6,
        3 | 5 | 7 | 9 => twos <= 4,
        _ => false,
    };
    if shown { time } else { Beats::new((time.to_f64() * GRID as f64).round() as i64, GRID) }
}

fn fit_notes(voice: &mut Voice, moved: &mut usize, losses: &mut Losses) {
    let count = voice.notes.len();
    voice.notes.retain(|note| note.duration > Beats::ZERO && (-1..=9).contains(&note.pitch.octave));
    losses.add_many(count - voice.notes.len(), "note", "notation shows lengths above 0 and octaves -1 to 9");
    for note in &mut voice.notes {
        let onset = on_grid(note.onset);
        let rounded = || onset + on_grid(note.duration);
        let exact = note.onset.checked_add(note.duration).unwrap_or_else(rounded);
        let end = on_grid(exact).max(onset + Beats::new(1, 8 * GRID));
        let end =
            if onset == note.onset && end == exact { end } else { end.max(onset + Beats::new(1, GRID)) };
        *moved += usize::from(onset != note.onset || end != exact);
        (note.onset, note.duration) = (onset, end - onset);
    }
    voice.notes.sort_by_key(|note| (note.onset, note.pitch.staff_position(), note.pitch.alter));
    voice.graces.retain(|grace| (-1..=9).contains(&grace.pitch.octave));
    voice.graces.iter_mut().for_each(|grace| grace.before = on_grid(grace.before));
    voice.graces.sort_by_key(|grace| grace.before);
    let leads =
        |grace: &Grace| voice.notes.binary_search_by_key(&grace.before, |note: &Note| note.onset).is_ok();
    let count = voice.graces.len();
    let mut graces = std::mem::take(&mut voice.graces);
    graces.retain(leads);
    losses.add_many(count - graces.len(), "grace note", "no note follows it");
    voice.graces = graces;
}

fn fit_texts(score: &mut Score) {
    let clean = |text: &mut String| {
        let kept = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        let kept: String = kept.take(MOST_LETTERS).collect();
        kept.trim().clone_into(text);
    };
    clean(&mut score.title);
    clean(&mut score.composer);
    score.chords.iter_mut().for_each(|(_, symbol)| clean(symbol));
    score.chords.retain(|(_, symbol)| !symbol.is_empty());
    for part in &mut score.parts {
        clean(&mut part.name);
        for note in part.voices.iter_mut().flat_map(|voice| &mut voice.notes) {
            note.lyrics.truncate(MOST_VERSES);
            note.lyrics.iter_mut().for_each(clean);
            while note.lyrics.last().is_some_and(String::is_empty) {
                note.lyrics.pop();
            }
        }
    }
}

/// Sorts the bars, lays missing ones, and lets them begin at zero.
fn fit_bars(score: &mut Score) -> Result<()> {
    score.bars.iter_mut().for_each(|bar| bar.onset = on_grid(bar.onset));
    score.bars.sort_by_key(|bar| bar.onset);
    score.bars.dedup_by_key(|bar| bar.onset);
    if score.bars.is_empty() {
        let shortest = score.metres.iter().map(|(_, metre)| metre.bar()).min().unwrap_or(Metre::COMMON.bar());
        let bars = score.duration().floor_div(shortest.min(Metre::COMMON.bar()));
        if usize::try_from(bars).unwrap_or(0) > MOST_BARS {
            return Err(too_many(bars as usize));
        }
        score.measure(Beats::ZERO);
    } else if score.bars[0].onset > Beats::ZERO {
        score.bars.insert(0, Bar::default());
    }
    let staves = score.parts.iter().map(|part| part.voices.len().max(1)).sum::<usize>().max(1);
    match score.bars.len().saturating_mul(staves) {
        bars if bars > MOST_BARS => Err(too_many(bars)),
        _ => Ok(()),
    }
}

fn too_many(bars: usize) -> Error {
    Error::unfit(format!("{bars} bars in all voices"), format!("at most {MOST_BARS}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(time: Beats, expected: Beats) {
        assert_eq!(on_grid(time), expected);
    }

    #[test]
    fn notes_and_usual_tuplets_keep_their_times() {
        for time in
            [Beats::new(1, 64), Beats::new(5, 3), Beats::new(2, 5), Beats::new(1, 48), Beats::new(8, 7)]
        {
            check(time, time);
        }
    }

    #[test]
    fn other_times_move_to_the_next_32nd() {
        check(Beats::new(499, 1000), Beats::new(1, 2));
        check(Beats::new(1, 1000), Beats::ZERO);
        check(Beats::new(i64::MAX - 1, i64::MAX), Beats::QUARTER);
    }
}
