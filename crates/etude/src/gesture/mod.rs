//! Gestures: what a hand draws or a sensor reads, recognised, followed and made anew from one to five examples.
//!
//! A [`Trajectory`] is what all of them read, a [`Recogniser`] what most callers want.
//!
//! | question | model | module |
//! |---|---|---|
//! | which of these is it? | templates: `$1`, point clouds, dynamic time warping | [`dollar`], [`cloud`], [`warping`] |
//! | is it any of these? | a limit that is learnt from the examples | `null_class` |
//! | which one is under way, and how far is it? | a hidden Markov model each | [`chain`], [`follower`] |
//! | what else might it look like? | the same, run backwards | [`variation`] |
//!
//! ```
//! # fn main() -> etude::Result<()> {
//! use etude::gesture::{Options, Recogniser, Trajectory};
//! let line = Trajectory::new(vec![0.0, 0.0, 5.0, 0.1, 10.0, 0.0], 2)?;
//! let hook = Trajectory::new(vec![0.0, 0.0, 10.0, 0.0, 10.0, 10.0], 2)?;
//! let known = Recogniser::learn(&[("line".into(), line), ("hook".into(), hook)], &Options::default())?;
//! let drawn = Trajectory::new(vec![3.0, 3.0, 7.0, 3.2, 7.1, 7.0], 2)?;
//! assert_eq!(known.recognise(&drawn)?.ranking[0].name, "hook");
//! # Ok(())
//! # }
//! ```

pub mod trajectory;

pub mod normal;

pub mod dollar;

pub mod cloud;

pub mod warping;

pub mod chain;

pub mod belief;

pub mod follower;

pub mod variation;

pub mod recogniser;

pub mod options;

pub mod author;

mod null_class;

mod store;

#[cfg(test)]
mod tests;

pub use options::{Options, Reads, settings};
pub use recogniser::{Answer, Candidate, Recogniser};
pub use trajectory::Trajectory;
