//! Autoregressive models: they know the log-odds of the next symbol given all symbols before it.
//!
//! Backwards, they write from left to right under a [`Guide`](crate::sequence::Guide), by sequential Monte Carlo: every
//! particle writes its own sequence; at each symbol it draws from
//!
//! ```text
//! q(x) = p(x | past) · exp f(x | past) / m          m = Σ_x p(x | past) · exp f(x | past)
//! ```
//!
//! where f is what the guide adds, −∞ for what it forbids, and its weight is multiplied by m, so that particles whose past
//! leads well into what is asked later gain weight. When the effective sample size 1 / Σ w² falls below half the particles,
//! they are resampled systematically. As the particles grow in number, the law of the sequence that is drawn in the end
//! approaches p restricted to what is asked; where nothing is asked, m is always 1 and a single particle is an exact draw.
//!
//! What is asked is best said as an [`Automaton`]: the set of the sequences that are as asked. Rules are joined by
//! [`Automaton::both`] and [`Automaton::then`], so that contradictions are found before anything is drawn, and no guide comes
//! to a dead end.
//!
//! | what | where |
//! |---|---|
//! | draw a sequence from any model under any guide | [`write()`] with [`Options`] gives [`Written`] |
//! | draw many, one by one but side by side | [`write_many`]; each with a guide of its own: [`write_each`] |
//! | temperature, top-k, nucleus, and their settings by name | [`Taste`]; [`Options::wishes`], [`Options::read`] |
//! | sets of sequences | [`Automaton`]: `any`, `only`, `at_positions`, `until`, `of_length`, `from_table`; `both`, `then` |
//! | a guide that keeps to a set, and within a length | [`Follow`] |
//! | a guide that also looks ahead, by a chain | [`LookAhead`], [`Ahead`]; [`Counted`], a small chain from any sequences |
//! | an art's fields and wishes, within such bounds | [`Within`] |
//! | all of this chosen and joined | [`Aim::new`], [`Aim::write`], [`Aim::write_many`] |
//! | the likeliest sequence | [`likeliest`] with [`Beam`] gives [`Likeliest`] |
//! | models whose places have alphabets of their own | [`Autoregressive`], [`sample`], [`surprise`] |
//!
//! Sixty symbols of three kinds that begin as given and end as asked; what the model learnt from looks ahead:
//!
//! ```text
//! let end = Automaton::only(3, &[0, 2])?;
//! let asked = Automaton::any(3, 58)?.then(&end)?;
//! let counted = Counted::new(3, 1, sequences)?;
//! let options = Options { given: vec![1, 1], ..Options::read(&settings, seed)? };
//! let aim = Aim::new(model, &[&counted], Arc::new(asked), None, options)?;
//! let written = aim.write(&mut |symbols| true)?;
//! ```
//!
//! Gordon, Salmond & Smith, *Novel approach to nonlinear/non-Gaussian Bayesian state estimation*, IEE Proceedings F 140,
//! 1993; Kitagawa, *Monte Carlo filter and smoother for non-Gaussian nonlinear state space models*, Journal of
//! Computational and Graphical Statistics 5, 1996 (systematic resampling).

mod particles;

mod many;

mod beam;

mod taste;

mod automaton;

mod follow;

mod look_ahead;

mod counted;

mod within;

mod aim;

mod ensemble;

mod weights;

mod cells;

#[cfg(test)]
mod tests;

pub use aim::Aim;
pub use automaton::{Automaton, Impossible, MOST_ENTRIES, NONE};
pub use beam::{Beam, Likeliest, likeliest};
pub use cells::{Autoregressive, Cloud, Drawn, sample, surprise};
pub use counted::Counted;
pub use follow::Follow;
pub use look_ahead::{Ahead, LookAhead, MOST_MESSAGES};
pub use many::{Piece, write_each, write_many};
pub use particles::{Options, Written, write};
pub use taste::Taste;
pub use within::Within;

use crate::error::Error;
use crate::inference::constraint::Contradiction;

/// Why nothing was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The caller ended the work.
    Interrupted,
    /// Nothing was left to write in this step, counted from 0, by what is asked or by the model.
    DeadEnd(usize),
    /// So many symbols were written, and no sequence came to its end.
    TooLong(usize),
}

impl Stop {
    /// What a person is told; `place` names a step, such as `bar 3`.
    pub fn error(self, place: impl FnOnce(usize) -> String) -> Error {
        match self {
            Self::Interrupted => Error::Interrupted,
            Self::DeadEnd(step) => Error::Contradiction(Contradiction {
                place: Some(place(step)),
                voice: None,
                constraints: vec!["what is asked".to_owned()],
                problem: "leaves nothing".to_owned(),
            }),
            Self::TooLong(symbols) => Error::usage(
                format!("no end within {symbols} symbols"),
                "set a length, or lower the temperature",
            ),
        }
    }
}
