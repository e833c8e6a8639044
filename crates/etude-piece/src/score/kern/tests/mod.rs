//! What the reader and the writer do, by tables.

mod corpus;
mod hostile;
mod plain;
mod reading;
mod writing;
