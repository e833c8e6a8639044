//! Folk tunes.
pub mod tokens;
pub mod tune;
pub mod grammar;
pub mod plan;
pub mod guide;
pub mod read;
pub mod write;
#[cfg(test)]
mod tests;
