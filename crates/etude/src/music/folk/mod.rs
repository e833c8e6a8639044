//! Folk tunes.
pub mod grammar;
pub mod guide;
pub mod plan;
pub mod read;
#[cfg(test)]
mod tests;
pub mod tokens;
pub mod tune;
pub mod write;
