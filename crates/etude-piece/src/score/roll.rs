//! The piano roll as a picture: voices in colours over bars.
