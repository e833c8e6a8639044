//! Handwriting: a text is given, its strokes are open (Graves 2013, arXiv:1308.0850, section 5).
//!
//! | what | where |
//! |---|---|
//! | letters of single-line fonts | [`letters`] |
//! | writing them as somebody would | [`style`] |
//! | lines on pages | [`page`] |
//! | somebody who writes a font | [`copyist`] |
//! | texts and lines to learn from | [`lesson`] |
//! | the network in training | [`network`] |
//! | the network that writes | [`run`] |

pub mod letters;

pub mod style;

pub mod page;

pub mod copyist;

mod layout;

pub mod lesson;

pub mod network;

pub mod run;

#[cfg(test)]
mod tests;

pub use layout::Layout;
