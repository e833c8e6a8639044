//! ABC 2.1: one tune, several voices.
