//! MusicXML 4, partwise, uncompressed.
