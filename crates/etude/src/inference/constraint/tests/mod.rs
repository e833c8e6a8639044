//! The language as a person reads it.

mod language;
