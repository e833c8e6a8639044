//! The piano roll: time to the right, pitch upwards, voices in colours. [`svg`] draws it, [`text`] prints it.
//!
//! ```
//! use etude_piece::score::{Beats, Note, Part, Score, Voice, roll};
//!
//! let note = |at, pitch: &str| Ok::<_, String>(Note::new(Beats::whole(at), Beats::QUARTER, pitch.parse()?));
//! let voice = Voice::from(vec![note(0, "C4")?, note(1, "E4")?, note(2, "D4")?]);
//! let score = Score { parts: vec![Part { voices: vec![voice], ..Part::default() }], ..Score::default() };
//! let drawn = [
//!     " E4|  1-",
//!     "   |",
//!     " D4|    1-",
//!     "   |",
//!     " C4|1-",
//! ];
//! assert!(roll::text(&score, 40, false).lines().eq(drawn));
//! # Ok::<(), String>(())
//! ```

mod layout;
mod picture;
mod terminal;

pub use picture::svg;
pub use terminal::text;
