//! Sound: a score rendered by a clean built-in voice, as a WAV file.
