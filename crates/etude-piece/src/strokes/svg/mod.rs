//! SVG: drawings out of pictures of lines, and back.

mod document;
mod path;
mod read;
mod shape;
mod viewport;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Reading, read, read_with_losses};
pub use write::{Picture, write};
