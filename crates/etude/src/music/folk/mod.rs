//! Folk tunes.
pub mod tokens;
pub mod tune;
pub mod read;
#[cfg(test)]
mod tests;
