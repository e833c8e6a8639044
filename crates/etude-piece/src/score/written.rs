//! What a writer hands back.

/// A file's bytes, and what of the piece its format could not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// One line for each kind of thing left out, such as `2 fermatas: MIDI has none`.
    pub lost: Vec<String>,
}
