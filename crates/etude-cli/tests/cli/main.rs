//! The command line as its users see it: every verb, every exit code, every format, by the binary itself.

mod assorted;
mod authors;
mod convert;
mod drawings;
mod evaluate;
mod generate;
mod inputs;
mod listen;
mod play;
mod remake;
mod report;
mod rolls;
mod shelf;
mod solos;
mod studio;

use studio::{Run, Studio};
