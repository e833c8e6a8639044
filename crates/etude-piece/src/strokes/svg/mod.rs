//! SVG: drawings out of pictures of lines, and back; fonts of strokes.

mod document;
mod flatten;
mod font;
mod path;
mod read;
mod shape;
mod viewport;
mod write;

#[cfg(test)]
mod tests;

pub use font::{Font, Glyph};
pub use read::{Reading, read, read_with_losses};
pub use write::{Picture, write};
