//! The order in which bars are played, and a score with its repeats and variant endings written out.

use super::{Bar, Beats, Grace, Note, Part, Score, Voice};

/// No section is played more often.
const MOST_TIMES: u8 = 16;

impl Score {
    /// The numbers of the bars, from 0, in the order in which they are played.
    ///
    /// A section reaches from `repeat_start`, or from the end of the section before, or from the beginning, to
    /// `repeat_end`. It is played twice; where it has variant endings, once for each, at most sixteen times. How far
    /// the last ending reaches isn't marked: if no repeat sign closes it, it is taken to be as many bars long as the
    /// first. A repeat sign that closes the last ending isn't followed.
    pub fn playing_order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.bars.len());
        let mut section = Section::from(0);
        let mut at = 0;
        while let Some(bar) = self.bars.get(at) {
            if section.closed == Some(at) || (bar.repeat_start && at != section.start) {
                section = Section::from(at);
            }
            if let Some(ending) = bar.ending {
                let next = section.enter(&self.bars, at, ending);
                if next != at {
                    at = next;
                    continue;
                }
            }
            order.push(at);
            if !bar.repeat_end {
                at += 1;
            } else if section.again() {
                at = section.start;
            } else {
                at += 1;
                section = Section::from(at);
            }
        }
        order
    }

    /// The score as it sounds: each bar in the order of [`Score::playing_order`], without repeat signs and endings.
    ///
    /// A score without either, or without bars, stays as it is.
    pub fn unfolded(&self) -> Self {
        if !self.bars.iter().any(|bar| bar.repeat_end || bar.ending.is_some()) {
            return self.clone();
        }
        let order = self.playing_order();
        let end = self.end_when_repeated();
        let ends = self.bars.iter().skip(1).map(|bar| bar.onset).chain([end]);
        let spans: Vec<(Beats, Beats)> = self.bars.iter().map(|bar| bar.onset).zip(ends).collect();
        let mut played: Vec<Span> = Vec::with_capacity(order.len());
        let mut now = Beats::ZERO;
        for &bar in &order {
            let (from, to) = spans[bar];
            played.push(Span { from, to, now });
            now = now + (to - from);
        }
        let voice = |voice: &Voice| Voice {
            notes: copied(
                &voice.notes,
                &played,
                |note| note.onset,
                |note, onset| Note { onset, ..note.clone() },
            ),
            graces: copied(
                &voice.graces,
                &played,
                |grace| grace.before,
                |&grace, before| Grace { before, ..grace },
            ),
        };
        let part = |part: &Part| Part {
            name: part.name.clone(),
            program: part.program,
            voices: part.voices.iter().map(voice).collect(),
        };
        Self {
            title: self.title.clone(),
            composer: self.composer.clone(),
            parts: self.parts.iter().map(part).collect(),
            keys: in_force(&self.keys, &played),
            metres: in_force(&self.metres, &played),
            tempi: in_force(&self.tempi, &played),
            bars: played.iter().map(|span| Bar { onset: span.now, ..Bar::default() }).collect(),
            chords: copied(&self.chords, &played, |&(at, _)| at, |(_, symbol), at| (at, symbol.clone())),
            recipe: self.recipe.clone(),
        }
    }
}

impl Score {
    /// Where the last bar ends, should the music go on from there: a rest at the end of a last bar is written nowhere,
    /// so one that repeats is as long as its metre says, less the upbeat of the section that begins again.
    fn end_when_repeated(&self) -> Beats {
        let end = self.duration();
        let Some((last, before)) = self.bars.split_last().filter(|(last, _)| last.repeat_end) else {
            return end;
        };
        let full = self.metre_at(last.onset).bar();
        let start = before.iter().rposition(|bar| bar.repeat_start).unwrap_or(0);
        let upbeat = match (before.get(start), self.bars.get(start + 1)) {
            (Some(first), Some(second)) => second.onset - first.onset,
            _ => full,
        };
        let length = if upbeat < full { full - upbeat } else { full };
        end.max(last.onset + length)
    }
}

/// A section that is being played.
struct Section {
    /// Its first bar.
    start: usize,
    /// Which time it is played, from 1.
    time: u8,
    /// Whether endings are to come that tell how often it is played.
    more: Option<bool>,
    /// The first bar after its last ending.
    closed: Option<usize>,
}

impl Section {
    fn from(start: usize) -> Self {
        Self { start, time: 1, more: None, closed: None }
    }

    /// Whether the section is played again when its repeat sign is met, and counts that time.
    fn again(&mut self) -> bool {
        let again = self.more.unwrap_or(self.time == 1) && self.time < MOST_TIMES;
        self.time += u8::from(again);
        again
    }

    /// Where to play on when bar `at`, which begins the variant ending `number`, is met.
    fn enter(&mut self, bars: &[Bar], at: usize, number: u8) -> usize {
        // The endings from here on: their numbers ascend, and another section's don't count.
        let mut endings = vec![(at, number)];
        let mut first_close = None;
        for (later, bar) in bars.iter().enumerate().skip(at) {
            if later > at && bar.repeat_start {
                break;
            }
            if later > at
                && let Some(next) = bar.ending
            {
                if next <= endings[endings.len() - 1].1 {
                    break;
                }
                endings.push((later, next));
            }
            if bar.repeat_end {
                first_close.get_or_insert(later + 1);
                if bars.get(later + 1).is_none_or(|next| next.ending.is_none()) {
                    break;
                }
            }
        }
        let chosen = endings.iter().position(|&(_, number)| number >= self.time);
        let Some(chosen) = chosen else {
            // All endings have had their time: on behind the last, if it closes.
            let next = first_close.filter(|_| endings.len() == 1).unwrap_or(at);
            if next != at {
                *self = Self::from(next);
            }
            return next;
        };
        let (bar, number) = endings[chosen];
        let is_last = chosen + 1 == endings.len();
        // An ending of its own is there for another time even if this one is the last that is written.
        self.more = Some(!is_last || (number == 1 && self.time == 1));
        if is_last && self.time > 1 && self.closed.is_none() {
            let length = match endings.as_slice() {
                [(first, _), (second, _), ..] => second - first,
                _ => 1,
            };
            self.closed = Some(bar + length);
        }
        bar
    }
}

/// A bar as it is played: from and to where it is written, and when it sounds.
struct Span {
    from: Beats,
    to: Beats,
    now: Beats,
}

/// What begins within each span, moved to when that sounds.
fn copied<T>(
    items: &[T],
    played: &[Span],
    onset: impl Fn(&T) -> Beats,
    moved: impl Fn(&T, Beats) -> T,
) -> Vec<T> {
    let mut copies = Vec::with_capacity(items.len());
    for span in played {
        let first = items.partition_point(|item| onset(item) < span.from);
        let within = items[first..].iter().take_while(|item| onset(item) < span.to);
        copies.extend(within.map(|item| moved(item, onset(item) - span.from + span.now)));
    }
    copies
}

/// The changes that are heard: those within each span, and what was in force where it begins.
fn in_force<T: Copy + PartialEq>(changes: &[(Beats, T)], played: &[Span]) -> Vec<(Beats, T)> {
    let mut heard: Vec<(Beats, T)> = Vec::new();
    let mut hear = |at: Beats, value: T| {
        if heard.last().is_none_or(|&(_, last)| last != value) {
            heard.push((at, value));
        }
    };
    for span in played {
        let begun = changes.partition_point(|&(at, _)| at <= span.from);
        if let Some(&(_, value)) = changes[..begun].last() {
            hear(span.now, value);
        }
        for &(at, value) in changes[begun..].iter().take_while(|&&(at, _)| at < span.to) {
            hear(at - span.from + span.now, value);
        }
    }
    heard
}

#[cfg(test)]
mod tests {
    use crate::score::{Beats, Score, Tempo, abc};

    fn read(music: &str) -> Score {
        abc::read(format!("X:1\nM:2/4\nL:1/4\nK:C\n{music}\n").as_bytes()).expect("a tune")
    }

    /// The letters of a tune's notes as they are played.
    #[track_caller]
    fn check(music: &str, expected: &str) {
        let played = read(music).unfolded();
        let letters: String =
            played.parts[0].voices[0].notes.iter().map(|note| note.pitch.step.letter()).collect();
        assert_eq!(letters, expected);
        assert!(played.bars.iter().all(|bar| !bar.repeat_start && !bar.repeat_end && bar.ending.is_none()));
        assert_eq!(played.unfolded(), played, "unfolding twice is unfolding once");
    }

    #[test]
    fn a_section_is_played_twice() {
        check("A2|:B2|C2:|D2", "ABCBCD");
    }

    #[test]
    fn without_a_sign_a_section_begins_where_the_last_one_ended() {
        check("A2|B2:|C2|D2:|E2", "ABABCDCDE");
        check("A2::B2::C2:|", "AABBCC");
    }

    #[test]
    fn endings_take_turns() {
        check("|:A2|1 B2:|2 C2||D2", "ABACD");
        check("|:A2|[1 B2:|[2 C2:|[3 D2|]", "ABACAD");
        check("A2|1 B2|C2:|2 D2|E2||F2:|G2", "ABCADEFFG");
    }

    #[test]
    fn the_last_ending_may_close_with_a_sign_of_its_own() {
        check("|:A2|1 B2:|2 C2:|D2", "ABACD");
        check("|:A2|1 B2:|2 C2::D2:|", "ABACDD");
        check("|:A2|1 B2:|2 C2|C2:|D2", "ABACCCD");
    }

    #[test]
    fn a_section_after_endings_begins_behind_the_last() {
        check("A2|1 B2:|2 C2|D2|1 E2:|2 F2|]", "ABACDEDF");
        check("A2|1 B2:|2 C2|D2|E2:|", "ABACDEDE");
    }

    #[test]
    fn a_first_ending_alone_is_left_out_the_second_time() {
        check("|:A2|1 B2:|C2|D2", "ABACD");
    }

    #[test]
    fn an_ending_that_nothing_leads_back_from_is_played_as_it_stands() {
        check("A2|1 B2|2 C2|]", "ABC");
        check("A2|2 B2|C2", "ABC");
        check("A2|3 B2:|C2", "ABC");
    }

    #[test]
    fn a_missing_number_is_skipped() {
        check("|:A2|1 B2:|3 C2|]", "ABAC");
    }

    #[test]
    fn no_section_is_played_more_than_sixteen_times() {
        let endings: String = (1..=255).map(|number| format!("[{number} B2:|")).collect();
        let order = read(&format!("|:A2|{endings}")).playing_order();
        assert_eq!(order.iter().filter(|&&bar| bar == 0).count(), 16);
        assert!(order.len() <= 16 * 256);
    }

    #[test]
    fn a_rest_that_ends_the_last_bar_is_heard_before_the_repeat() {
        let onsets = |music: &str| -> Vec<Beats> {
            read(music).unfolded().parts[0].voices[0].notes.iter().map(|note| note.onset).collect()
        };
        assert_eq!(onsets("|:A2|Bz:|"), [0, 2, 4, 6].map(Beats::whole));
        assert_eq!(
            onsets("|:A|B2|C/z/:|"),
            [
                Beats::ZERO,
                Beats::whole(1),
                Beats::whole(3),
                Beats::whole(4),
                Beats::whole(5),
                Beats::whole(7)
            ]
        );
    }

    #[test]
    fn keys_tempi_chords_and_graces_are_played_again() {
        let music = "\"C\"A2|[K:G][Q:1/4=50]\"G\"{c}B2:|D2";
        let played = read(&format!("[Q:1/4=90]{music}")).unfolded();
        let keys: Vec<String> = played.keys.iter().map(|(at, key)| format!("{at} {key}")).collect();
        assert_eq!(keys, ["0 C major", "2 G major", "4 C major", "6 G major"]);
        let tempi: Vec<(Beats, Tempo)> = played.tempi;
        assert_eq!(
            tempi,
            [(0, 90.0), (2, 50.0), (4, 90.0), (6, 50.0)].map(|(at, q)| (Beats::whole(at), Tempo(q)))
        );
        let chords: Vec<String> = played.chords.iter().map(|(at, symbol)| format!("{at} {symbol}")).collect();
        assert_eq!(chords, ["0 C", "2 G", "4 C", "6 G"]);
        let graces: Vec<Beats> = played.parts[0].voices[0].graces.iter().map(|grace| grace.before).collect();
        assert_eq!(graces, [2, 6].map(Beats::whole));
        assert_eq!(played.bars.len(), 5);
    }

    #[test]
    fn a_score_without_repeats_stays_as_it_is() {
        let score = read("A2|B2|]");
        assert_eq!(score.unfolded(), score);
        assert_eq!(Score::default().unfolded(), Score::default());
    }
}
