//! A second, slow reading of finished tunes: whether every bar is right, and whether the form is the common one.
//!
//! It knows nothing of symbols and grammar. It plays the bars in the order of their repeat signs and endings, and looks where
//! the beats fall.

use super::tune::Tune;
use etude_piece::score::{Bar, Beats, Score};

/// Whether a tune has two parts of eight bars, each repeated: AABB, the form of most dances.
pub fn is_aabb(tune: &Tune) -> bool {
    // An upbeat that isn't repeated is no part.
    let mut parts = tune.parts.iter().filter(|part| !part.is_empty());
    let is_eight =
        |part: Option<&super::tune::Part>| part.is_some_and(|part| part.repeated && part.len() == 8);
    is_eight(parts.next()) && is_eight(parts.next()) && parts.next().is_none()
}

/// What is wrong with the bars of a score, one line for each fault; nothing where all is right.
///
/// Right is: one metre; each bar holds whole notes, and all its time is its own; in the order in which bars are played, those
/// after an upbeat begin on the metre's downbeats and are full, unless a repeat sign, a double bar line, an ending or the end
/// parts one bar in two; each sign that opens a repeat is closed, each that closes has been opened, and endings pair.
pub fn faults(score: &Score) -> Vec<String> {
    let [(_, metre)] = score.metres.as_slice() else { return vec![format!("{} metres", score.metres.len())] };
    if score.bars.is_empty() {
        return vec!["no bars".to_owned()];
    }
    let mut faults = signs(&score.bars);
    let ends: Vec<Beats> = score.bars.iter().skip(1).map(|bar| bar.onset).chain([score.duration()]).collect();
    for note in score.voices().flat_map(|voice| &voice.notes) {
        let bar = ends.partition_point(|&end| end <= note.onset);
        if ends.get(bar).is_none_or(|&end| note.end() > end) {
            faults.push(format!("bar {}: a note goes over the bar line", bar + 1));
        }
    }
    let full = metre.bar();
    let order = score.playing_order();
    let length = |bar: usize| ends[bar] - score.bars[bar].onset;
    // Where in the metre's bar the first note stands: an upbeat ends with it.
    let first = order.first().map_or(full, |&bar| length(bar));
    let mut place = if first < full && order.len() > 1 { full - first } else { Beats::ZERO };
    for (step, &bar) in order.iter().enumerate() {
        let end = place + length(bar);
        let last = step + 1 == order.len();
        if length(bar) <= Beats::ZERO || end > full {
            faults.push(format!(
                "bar {}: {} quarters from {place} on, the metre says {full}",
                bar + 1,
                length(bar)
            ));
        } else if end < full && !last && !is_parted(&score.bars, bar, order[step + 1]) {
            faults.push(format!("bar {}: {} quarters, the metre says {full}", bar + 1, length(bar)));
        }
        place = if end < full { end } else { Beats::ZERO };
    }
    faults.sort();
    faults.dedup();
    faults
}

/// Whether a sign stands between two bars that are played one after the other.
fn is_parted(bars: &[Bar], bar: usize, next: usize) -> bool {
    next != bar + 1
        || bars[bar].repeat_end
        || bars[bar].section_end
        || bars[next].repeat_start
        || bars[next].ending.is_some()
}

/// What is wrong with repeat signs and endings.
fn signs(bars: &[Bar]) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut open, mut ending) = (false, None);
    for (number, bar) in bars.iter().enumerate() {
        let mut fault = |what: &str| faults.push(format!("bar {}: {what}", number + 1));
        if bar.repeat_start {
            if open {
                fault("a repeat begins within another");
            }
            (open, ending) = (true, None);
        }
        match (bar.ending, ending) {
            (None, _) => {}
            (Some(1), None) if open => ending = Some(1),
            (Some(2), Some(1)) if !open => ending = Some(2),
            (Some(_), _) => fault("an ending without its partner"),
        }
        if bar.repeat_end {
            if !open {
                fault("a repeat ends that never began");
            }
            open = false;
            let next = bars.get(number + 1).and_then(|next| next.ending);
            if ending == Some(1) && next != Some(2) {
                fault("a first ending without a second");
            }
        }
    }
    if open {
        faults.push("a repeat never ends".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use etude_piece::score::abc;

    #[track_caller]
    fn check(music: &str, expected: &str) {
        let text = format!("X:1\nM:2/4\nL:1/4\nK:C\n{music}\n");
        assert_eq!(faults(&abc::read(text.as_bytes()).expect("ABC")).join("; "), expected);
    }

    #[test]
    fn an_upbeat_and_the_bar_that_it_makes_whole_are_right() {
        check("|: G | C D | E :: G | C D | E :|", "");
    }

    #[test]
    fn endings_that_pair_are_right() {
        check("|: C D | [1 E F :| [2 G A |: B c | d e :|", "");
    }

    #[test]
    fn what_a_last_bar_lacks_comes_after_the_double_bar_line() {
        check("C D | E || F | G A |]", "");
    }

    #[test]
    fn a_short_bar_within_a_part_is_told() {
        check(
            "C D | E | F G |]",
            "bar 2: 1 quarters, the metre says 2; bar 3: 2 quarters from 1 on, the metre says 2",
        );
    }

    #[test]
    fn an_upbeat_too_many_is_told() {
        check(
            "|: G | C D | E F :|",
            "bar 1: 1 quarters, the metre says 2; bar 2: 2 quarters from 1 on, the metre says 2",
        );
    }

    #[test]
    fn a_long_bar_is_told() {
        check("C D E | F G |]", "bar 1: 3 quarters from 0 on, the metre says 2");
    }

    #[test]
    fn a_repeat_that_never_ends_is_told() {
        check("|: C D | E F |]", "a repeat never ends");
    }

    #[test]
    fn a_repeat_that_never_began_is_told() {
        check("C D | E F :|", "bar 2: a repeat ends that never began");
    }
}
