//! What the network reads of a cell: which rows of its table are added up, and some of them with a weight.
//!
//! All that tells of other keys tells of them by their interval to the cell's own. So the same weights serve every key, and
//! what is learnt in one key is known in all. Only where `absolute` is set there are rows for the keys themselves.
//!
//! Frames are seen from above: a place is counted from the highest key, and what is written of a frame lies before the cell.

use super::super::frame::{Frame, KEYS, sounding, sounds};
use super::habits::{AGES, PERIODS};
use super::likeness::{DISTANCES, struck};
use super::past::{Moment, SOURCES};

/// Frames before that are seen one by one.
const NEAR: usize = 16;
/// How far around the cell, semitones.
const REACH: usize = 24;
/// Frames long before that are seen too, by their distance.
const FAR: [usize; 9] = [20, 24, 28, 32, 40, 48, 64, 96, 128];
/// How far around the cell, semitones.
const FAR_REACH: usize = 12;
/// Intervals to keys above in the same frame that are told apart.
const ABOVE: usize = 40;
/// Voices from above that are seen as such.
const VOICES: usize = 8;
/// Intervals of a voice to the cell: an octave and more is one.
const STEPS: usize = 27;
/// Numbers of notes that are told apart.
const NOTES: usize = 12;
/// Metres that a piece may have, in frames.
const METRES: [usize; 7] = [2, 3, 4, 6, 8, 12, 16];
/// Frames of the beginning that are told apart.
const BEGINNING: usize = 16;
/// Classes of a suggestion, with none.
const CLASSES: usize = 10;

// The groups of rows of a cell, each behind the one before.
const WINDOW_ROW: usize = 0;
const FAR_ROW: usize = WINDOW_ROW + NEAR * (2 * REACH + 1);
const ABOVE_ROW: usize = FAR_ROW + FAR.len() * (2 * FAR_REACH + 1);
const CHORD_ROW: usize = ABOVE_ROW + ABOVE;
const LAST_CHORD_ROW: usize = CHORD_ROW + 12;
const LAST_VOICE_ROW: usize = LAST_CHORD_ROW + 12;
const SAME_VOICE_ROW: usize = LAST_VOICE_ROW + VOICES * STEPS;
const VOICE_ROW: usize = SAME_VOICE_ROW + VOICES * STEPS;
const NOTES_ROW: usize = VOICE_ROW + VOICES * STEPS;
const LEFT_ROW: usize = NOTES_ROW + NOTES;
const MORE_ROW: usize = LEFT_ROW + 8;
const CHANGE_ROW: usize = MORE_ROW + 9;
const AGE_ROW: usize = CHANGE_ROW + 128;
const KEY_ROW: usize = AGE_ROW + AGES;
const CLASS_ROW: usize = KEY_ROW + KEYS;
const SUGGESTION_ROW: usize = CLASS_ROW + 12;
const DISTANCE_ROW: usize = SUGGESTION_ROW + SOURCES * CLASSES * 12;
const PROFILE_ROW: usize = DISTANCE_ROW + 2 * DISTANCES.len();
const SHARE_ROW: usize = PROFILE_ROW + 24;
// Those of a frame.
const STRUCK_ROW: usize = SHARE_ROW + 2 * FAR_REACH + 1;
const CHANGED_ROW: usize = STRUCK_ROW + NEAR;
const BEFORE_ROW: usize = CHANGED_ROW + NEAR;
const METRE_ROW: usize = BEFORE_ROW + 2 * NOTES;
const BEGINNING_ROW: usize = METRE_ROW + 51;
const LIKENESS_ROW: usize = BEGINNING_ROW + BEGINNING;
const SOURCE_ROW: usize = LIKENESS_ROW + 2 * DISTANCES.len();
const PHASE_ROW: usize = SOURCE_ROW + SOURCES * CLASSES;
/// All of them.
pub(super) const ROWS: usize = PHASE_ROW + PERIODS.len();

/// Rows that are added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    pub(super) plain: Vec<u16>,
    /// With their weights.
    pub(super) weighed: Vec<(u16, f32)>,
}

impl Rows {
    fn clear(&mut self) {
        self.plain.clear();
        self.weighed.clear();
    }

    fn add(&mut self, row: usize) {
        self.plain.push(row as u16);
    }

    fn weigh(&mut self, row: usize, weight: f32) {
        if weight != 0.0 {
            self.weighed.push((row as u16, weight));
        }
    }

    /// The rows that all cells of the frame share that comes after `frames`.
    pub(super) fn of_frame(&mut self, frames: &[Frame], moment: &Moment) {
        self.clear();
        let now = frames.len();
        for back in 1..=NEAR.min(now) {
            let at = now - back;
            if struck(frames, at) != 0 {
                self.add(STRUCK_ROW + back - 1);
            }
            if at > 0 && frames[at] != frames[at - 1] {
                self.add(CHANGED_ROW + back - 1);
            }
        }
        for back in [1, 2] {
            let notes = now.checked_sub(back).map_or(NOTES, |at| frames[at].count_ones() as usize);
            self.add(BEFORE_ROW + (back - 1) * NOTES + notes.min(NOTES - 1));
        }
        let mut row = METRE_ROW;
        for metre in METRES {
            self.add(row + now % metre);
            row += metre;
        }
        if now < BEGINNING {
            self.add(BEGINNING_ROW + now);
        }
        for (at, (distance, likeness)) in DISTANCES.into_iter().zip(moment.likeness).enumerate() {
            self.weigh(LIKENESS_ROW + at, likeness);
            if distance <= now && struck(frames, now - distance) != 0 {
                self.weigh(LIKENESS_ROW + DISTANCES.len() + at, likeness);
            }
        }
        for (source, suggestion) in moment.suggestions.iter().enumerate() {
            self.add(SOURCE_ROW + source * CLASSES + usize::from(suggestion.class));
        }
        for (at, phase) in moment.phases.into_iter().enumerate() {
            self.weigh(PHASE_ROW + at, phase);
        }
    }

    /// The rows of one cell: `written` is what sounds above it.
    pub(super) fn of_cell(
        &mut self,
        frames: &[Frame],
        moment: &Moment,
        written: Frame,
        place: usize,
        absolute: bool,
    ) {
        self.clear();
        let last = frames.last().copied().unwrap_or(0);
        self.around(frames, place);
        self.harmony(last, written, place);
        self.voices(last, written, place);
        self.notes(last, written, place);
        self.add(AGE_ROW + usize::from(moment.ages[place]));
        if absolute {
            self.add(KEY_ROW + place);
            self.add(CLASS_ROW + place % 12);
        }
        self.suggestions(moment, last, written, place);
        for (at, (distance, likeness)) in DISTANCES.into_iter().zip(moment.likeness).enumerate() {
            if distance <= frames.len() && sounds(frames[frames.len() - distance], place) {
                self.weigh(DISTANCE_ROW + at, likeness);
                if sounds(struck(frames, frames.len() - distance), place) {
                    self.weigh(DISTANCE_ROW + DISTANCES.len() + at, likeness);
                }
            }
        }
        for step in 0..12 {
            for (at, classes) in moment.classes.iter().enumerate() {
                self.weigh(PROFILE_ROW + 12 * at + step, classes[(place + step) % 12]);
            }
        }
        for step in 0..=2 * FAR_REACH {
            if let Some(&share) =
                (place + step).checked_sub(FAR_REACH).and_then(|place| moment.shares.get(place))
            {
                self.weigh(SHARE_ROW + step, share);
            }
        }
    }

    /// What sounded around the cell in the frames before.
    fn around(&mut self, frames: &[Frame], place: usize) {
        let now = frames.len();
        for (at, &frame) in frames.iter().rev().take(NEAR).enumerate() {
            let window = (frame << REACH >> place) & ((1 << (2 * REACH + 1)) - 1);
            sounding(window).for_each(|step| self.add(WINDOW_ROW + at * (2 * REACH + 1) + step));
        }
        for (at, distance) in FAR.into_iter().enumerate().filter(|&(_, distance)| distance <= now) {
            let window = (frames[now - distance] << FAR_REACH >> place) & ((1 << (2 * FAR_REACH + 1)) - 1);
            sounding(window).for_each(|step| self.add(FAR_ROW + at * (2 * FAR_REACH + 1) + step));
        }
    }

    /// Intervals to what sounds above, and pitch classes of it and of the last frame.
    fn harmony(&mut self, last: Frame, written: Frame, place: usize) {
        let (mut chord, mut last_chord) = (0u16, 0u16);
        for other in sounding(written) {
            let interval = place - other;
            if interval <= ABOVE {
                self.add(ABOVE_ROW + interval - 1);
            }
            chord |= 1 << (interval % 12);
        }
        for other in sounding(last) {
            last_chord |= 1 << ((other + 120 - place) % 12);
        }
        for class in 0..12 {
            if chord >> class & 1 == 1 {
                self.add(CHORD_ROW + class);
            }
            if last_chord >> class & 1 == 1 {
                self.add(LAST_CHORD_ROW + class);
            }
        }
    }

    /// Intervals to the voices of the last frame and of this one, and to the one whose turn it is.
    fn voices(&mut self, last: Frame, written: Frame, place: usize) {
        let turn = written.count_ones() as usize;
        let middle = STEPS as i32 / 2;
        for (voice, other) in sounding(last).take(VOICES).enumerate() {
            let step = (other as i32 - place as i32).clamp(-middle, middle) + middle;
            let row = voice * STEPS + step as usize;
            self.add(LAST_VOICE_ROW + row);
            if voice == turn {
                self.add(SAME_VOICE_ROW + row);
            }
        }
        for (voice, other) in sounding(written).take(VOICES).enumerate() {
            self.add(VOICE_ROW + voice * STEPS + (place - other).min(STEPS - 1));
        }
    }

    /// How many notes are written and how many were, and what became of those.
    fn notes(&mut self, last: Frame, written: Frame, place: usize) {
        let above = (1 << place) - 1;
        let (notes, before) = (written.count_ones(), (last & above).count_ones());
        self.add(NOTES_ROW + (notes as usize).min(NOTES - 1));
        self.add(LEFT_ROW + ((last & !above).count_ones() as usize).min(7));
        self.add((MORE_ROW as i32 + (notes as i32 - before as i32).clamp(-4, 4) + 4) as usize);
        let count = |frame: Frame| frame.count_ones().min(3) as usize;
        let (held, ended, struck) =
            (count(last & written), count(last & above & !written), count(written & !last));
        let change = ((held * 4 + ended) * 4 + struck) * 2 + usize::from(sounds(last, place));
        self.add(CHANGE_ROW + change);
    }

    /// What is suggested for the cell, and how far the frame has kept to it.
    fn suggestions(&mut self, moment: &Moment, last: Frame, written: Frame, place: usize) {
        let above = (1 << place) - 1;
        for (source, suggestion) in moment.suggestions.iter().enumerate().filter(|(_, it)| it.class > 0) {
            let wrong = ((suggestion.frame ^ written) & above).count_ones().min(2) as usize;
            let says = usize::from(sounds(suggestion.frame, place));
            let cell = says * 6 + wrong * 2 + usize::from(sounds(last, place));
            let class = source * CLASSES + usize::from(suggestion.class);
            self.add(SUGGESTION_ROW + class * 12 + cell);
        }
    }
}
