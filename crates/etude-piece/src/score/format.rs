//! The formats of files that hold or show a score: telling them apart, reading scores from any, writing scores to all.
//!
//! ```
//! use etude_piece::score::format::{Format, read_score, write};
//!
//! let score = read_score(b"X:1\nL:1/4\nK:G\nG A B2|", "tune.abc")?;
//! let file = write(&score, Format::Midi)?;
//! assert_eq!(Format::sniff(&file.bytes), Some(Format::Midi));
//! # Ok::<(), etude_piece::Error>(())
//! ```

mod sniff;
mod view;

pub use view::View;

use super::engraving::{self, Paper, recipe_of_pdf, recipe_of_png};
use super::xml::recipe_of_svg;
use super::{Reading, Score, Written, abc, csv, kern, midi, musicxml, roll};
use crate::sound::{Rendering, Sound, recipe_of_wav, render};
use crate::{Error, Fault, Place, Result, files};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The largest file that is read as a score, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// What a score's file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A standard MIDI file.
    Midi,
    /// Uncompressed MusicXML.
    MusicXml,
    /// Compressed MusicXML.
    Mxl,
    /// ABC notation.
    Abc,
    /// Humdrum `**kern`.
    Kern,
    /// Notes as a table of seconds.
    Csv,
    /// Sound: written from scores, never read as one.
    Wav,
    /// A picture of lines: written from scores, never read as one.
    Svg,
    /// A picture of dots: written from scores, never read as one.
    Png,
    /// Pages: written from scores, never read as one.
    Pdf,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 10] = [
        Self::Midi,
        Self::MusicXml,
        Self::Mxl,
        Self::Abc,
        Self::Kern,
        Self::Csv,
        Self::Wav,
        Self::Svg,
        Self::Png,
        Self::Pdf,
    ];

    /// What files are called, the usual extension first.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Midi => &["mid", "midi"],
            Self::MusicXml => &["musicxml", "xml"],
            Self::Mxl => &["mxl"],
            Self::Abc => &["abc"],
            Self::Kern => &["krn", "kern"],
            Self::Csv => &["csv"],
            Self::Wav => &["wav"],
            Self::Svg => &["svg"],
            Self::Png => &["png"],
            Self::Pdf => &["pdf"],
        }
    }

    /// The format that a file's name asks for, by its extension in either case.
    pub fn from_path(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }

    /// Whether a score can be read back from it.
    pub const fn is_score(self) -> bool {
        matches!(self, Self::Midi | Self::MusicXml | Self::Mxl | Self::Abc | Self::Kern | Self::Csv)
    }
}

impl FromStr for Format {
    type Err = String;

    /// Reads an extension, such as `mid` or `MusicXML`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        files::by_extension(&Self::ALL, Self::extensions, text)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extensions()[0])
    }
}

/// Reads a score from bytes; `name` names them in errors, and its extension counts where the bytes don't tell.
///
/// # Errors
///
/// Bytes of no known format, of one that holds no score, or that break their format's rules.
pub fn read_score(bytes: &[u8], name: &str) -> Result<Score> {
    Ok(read_with_losses(bytes, name)?.score)
}

/// Reads a score as [`read_score`] does, and lists what of the file a score doesn't hold.
///
/// # Errors
///
/// As [`read_score`].
pub fn read_with_losses(bytes: &[u8], name: &str) -> Result<Reading> {
    let read = match format_of(bytes, name)? {
        Format::Midi => midi::read_with_losses(bytes),
        Format::MusicXml | Format::Mxl => musicxml::read_with_losses(bytes),
        Format::Abc => abc::read_with_losses(bytes),
        Format::Kern => kern::read_with_losses(bytes),
        Format::Csv => csv::read_with_losses(bytes),
        Format::Wav => Err(no_score("a sound")),
        Format::Svg | Format::Png | Format::Pdf => Err(no_score("a picture")),
    };
    read.map_err(|error| error.in_file(name))
}

/// Reads all scores of a file one at a time, each read or refused by itself: the tunes of ABC, or the one score of
/// any other format.
pub fn scores<'a>(bytes: &'a [u8], name: &'a str) -> Box<dyn Iterator<Item = Result<Reading>> + 'a> {
    if Format::sniff(bytes) == Some(Format::Abc) {
        return Box::new(abc::tunes(bytes).map(move |tune| tune.map_err(|error| error.in_file(name))));
    }
    Box::new(std::iter::once_with(move || read_with_losses(bytes, name)))
}

/// Reads a score from a file.
///
/// # Errors
///
/// A file that the system doesn't give, that is larger than 64 MiB, or that [`read_score`] refuses.
pub fn open_score(path: &Path) -> Result<Score> {
    read_score(&read_bytes(path)?, &path.display().to_string())
}

/// Reads all of a file that is to hold a score.
///
/// # Errors
///
/// A file that the system doesn't give, or that is larger than 64 MiB.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    files::whole(path, MOST_BYTES, "a score of at most 64 MiB")
}

/// The files of a folder that are called as scores are (not those in folders inside it), by name.
///
/// # Errors
///
/// A folder that the system doesn't give.
pub fn scores_in(folder: &Path) -> Result<Vec<PathBuf>> {
    files::in_folder(folder, |path| Format::from_path(path).is_some_and(Format::is_score))
}

/// The recipe in a file that Étude wrote, in any format; empty where there is none.
///
/// # Errors
///
/// As [`read_score`].
pub fn read_recipe(bytes: &[u8], name: &str) -> Result<String> {
    match format_of(bytes, name)? {
        Format::Wav => Ok(recipe_of_wav(bytes).unwrap_or_default()),
        Format::Svg => Ok(recipe_of_svg(&String::from_utf8_lossy(bytes)).unwrap_or_default()),
        Format::Png => Ok(recipe_of_png(bytes).unwrap_or_default()),
        Format::Pdf => Ok(recipe_of_pdf(bytes).unwrap_or_default()),
        Format::Midi | Format::MusicXml | Format::Mxl | Format::Abc | Format::Kern | Format::Csv => {
            Ok(read_score(bytes, name)?.recipe)
        }
    }
}

/// Writes a score in a format; pictures show it in staff notation.
///
/// # Errors
///
/// What the format can't hold at all; what it leaves out is in [`Written::lost`].
pub fn write(score: &Score, format: Format) -> Result<Written> {
    write_view(score, format, View::Engraved)
}

/// Writes a score in a format; what a picture shows of it is said by `view`.
///
/// # Errors
///
/// As [`write()`], and a piano roll as PNG or PDF.
pub fn write_view(score: &Score, format: Format, view: View) -> Result<Written> {
    let paper = Paper::default();
    let whole = |bytes| Ok(Written { bytes, lost: Vec::new() });
    match format {
        Format::Midi => midi::write(score),
        Format::MusicXml => musicxml::write(score),
        Format::Mxl => musicxml::write_compressed(score),
        Format::Abc => abc::write(score),
        Format::Kern => kern::write(score),
        Format::Csv => csv::write(score),
        Format::Wav => {
            let played = score.unfolded();
            let bytes = render(&played, &Rendering::default())?.to_wav();
            Ok(Written { bytes, lost: Sound::lost(&played) })
        }
        Format::Svg if view == View::Roll => whole(roll::svg(score).into_bytes()),
        Format::Png | Format::Pdf if view == View::Roll => {
            Err(Error::unfit(format!("a piano roll as {format}"), "the roll is drawn as svg"))
        }
        Format::Svg => engraving::svg(score, &paper),
        Format::Png => engraving::png(score, &paper),
        Format::Pdf => engraving::pdf(score, &paper),
    }
}

/// What the bytes tell, or else the name.
///
/// # Errors
///
/// Bytes and a name that tell nothing.
pub fn format_of(bytes: &[u8], name: &str) -> Result<Format> {
    let told = Format::sniff(bytes).or_else(|| Format::from_path(Path::new(name)));
    told.ok_or_else(|| {
        let fault = Fault::new(
            Place::Whole,
            "bytes of no known format",
            "MIDI, MusicXML, ABC, **kern or a table of notes",
        );
        Error::from(fault.hint("is this the file you meant?")).in_file(name)
    })
}

fn no_score(found: &str) -> Error {
    let hint = "`etude remake` makes one of Étude's again from the recipe inside it";
    Fault::new(Place::Whole, found, "a score: MIDI, MusicXML, ABC, **kern or a table of notes")
        .hint(hint)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::example;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<Format>) {
        assert_eq!(Format::sniff(bytes), expected);
    }

    #[test]
    fn first_bytes_tell_the_format() {
        check(b"MThd\0\0", Some(Format::Midi));
        check(b"RIFF....WAVE", Some(Format::Wav));
        check(b"\xef\xbb\xbf<?xml version=\"1.0\"?><score-partwise>", Some(Format::MusicXml));
        check(b"<?xml version=\"1.0\"?>\n<svg width=\"1\">", Some(Format::Svg));
        check(b"% a tune\nX:1\nK:C\nC", Some(Format::Abc));
        check(b"\x89PNG\r\n\x1a\n", Some(Format::Png));
        check(b"%PDF-1.7", Some(Format::Pdf));
        check(b"PK\x03\x04", Some(Format::Mxl));
        check(b"!!!COM: Bach\n!!!OTL: Choral\n**kern\t**kern\n", Some(Format::Kern));
        check(
            b"!!!COM: Bach, and more records than fit into the bytes that decide\n!! K:",
            Some(Format::Kern),
        );
        check(b"X:1\nK:C\n**kern", Some(Format::Abc));
        check(b"# title: X:1\n\nPitch; Onset; Duration\n60; 0; 1\n", Some(Format::Csv));
        check(b"60,0,1\n", None);
        check(b"{}", None);
        check(b"", None);
    }

    #[test]
    fn utf_16_is_musicxml_too() {
        let utf_16: Vec<u8> = "\u{feff}<score-partwise>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf_16, Some(Format::MusicXml));
    }

    #[test]
    fn extensions_are_read_in_either_case() {
        assert_eq!(Format::from_path(Path::new("a.b/C.MIDI")), Some(Format::Midi));
        assert_eq!(Format::from_path(Path::new("a.mid/c")), None);
        assert!("ogg".parse::<Format>().is_err_and(|error| error.contains("musicxml")));
    }

    #[test]
    fn every_format_keeps_the_recipe_and_is_recognised() {
        let score = example::chorale();
        for format in Format::ALL {
            let file = write(&score, format).expect("a chorale fits everywhere").bytes;
            assert_eq!(Format::sniff(&file), Some(format));
            assert_eq!(read_recipe(&file, "piece").expect("our own file"), score.recipe, "{format}");
            assert_eq!(read_score(&file, "piece").is_ok(), format.is_score(), "{format}");
        }
    }

    #[test]
    fn what_is_no_score_says_so_by_name() {
        let error = read_score(b"RIFF\0\0\0\0WAVE", "a.wav").expect_err("a sound");
        assert!(error.to_string().starts_with("a.wav: found a sound, expected a score"), "{error}");
        let error = read_score(b"PK\x03\x04", "a.mxl").expect_err("no more than a beginning");
        assert!(error.to_string().starts_with("a.mxl: found a broken zip archive"), "{error}");
    }
}
