//! Standard MIDI files, types 0 and 1.
