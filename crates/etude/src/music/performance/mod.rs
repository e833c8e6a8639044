//! Performances: every note as it was played, in hundredths of a second and with its force.
//!
//! Oore, Simon, Dieleman, Eck & Simonyan, *This time with feeling: learning expressive musical performance*, Neural Computing
//! and Applications 32, 2018.
//!
//! | symbols | count | meaning |
//! |---|---|---|
//! | note on | 88 | a key is pressed, from A0 (MIDI number 21) to C8 |
//! | note off | 88 | it is released |
//! | time shift | 100 | 10 ms to 1 s pass |
//! | velocity | 32 | the notes to come are struck so hard, from softest to hardest |
//! | end | 1 | |
//!
//! At one instant keys are released first, then pressed, both from low to high. A velocity stands only where it changes,
//! right before the note that it is for; time passes in seconds and one remainder. So a performance is written in one way only,
//! and what the [`Author`](crate::author::Author) writes is written so.
//!
//! Where we differ from the paper: the symbols are those of a piano's 88 keys instead of MIDI's 128, and there is an end.
//! A score doesn't know the pedal, so that notes end where their keys are released.

mod augment;
mod author;
mod compose;
mod events;
mod guide;
mod played;

#[cfg(test)]
mod tests;

pub use author::{Performer, load, settings, train, wishes};
pub use played::{Played, of_score, to_score};
