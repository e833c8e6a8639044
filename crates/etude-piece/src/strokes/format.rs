//! The formats of files that hold or show drawings: telling them apart, reading drawings from any, writing drawings.

use super::plotter::{Plot, gcode, hpgl};
use super::{Drawing, Strokes, csv, dollar, jsonl, npz, omniglot, png, quickdraw, svg, xml};
use crate::score::{Losses, Written};
use crate::{Error, Fault, Place, Result, files};
use flate2::bufread::GzDecoder;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The largest file that is read as drawings, in bytes.
const MOST_BYTES: u64 = 1 << 30;

/// How many bytes of a file decide what it is.
const HEAD: u64 = 1 << 14;

/// What a file of drawings can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A picture of lines.
    Svg,
    /// Lines of JSON with stroke-3 or stroke-5.
    Jsonl,
    /// Arrays of numpy with stroke-3 or stroke-5.
    Npz,
    /// Quick, Draw!
    QuickDraw,
    /// A table of points.
    Csv,
    /// Pen logs in XML.
    Xml,
    /// Timed strokes of Omniglot.
    Omniglot,
    /// Lines of JSON with gestures of the `$1` recogniser.
    Dollar,
    /// A picture of dots: written, never read.
    Png,
    /// For plotters, as machines for milling read it: written, never read.
    Gcode,
    /// For plotters: written, never read.
    Hpgl,
}

/// Drawings, and what their file showed that they don't hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The drawings.
    pub drawings: Vec<Drawing>,
    /// One line for each kind of thing left out.
    pub lost: Vec<String>,
}

/// How drawings are to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Style {
    /// As SVG.
    pub svg: svg::Picture,
    /// As PNG.
    pub png: png::Picture,
    /// For plotters.
    pub plot: Plot,
    /// How the drawing came to be, or empty; it goes with every format that has a place for it.
    pub recipe: String,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 11] = [
        Self::Svg,
        Self::Jsonl,
        Self::Npz,
        Self::QuickDraw,
        Self::Csv,
        Self::Xml,
        Self::Omniglot,
        Self::Dollar,
        Self::Png,
        Self::Gcode,
        Self::Hpgl,
    ];

    /// What files are called, the usual extension first; where others have the same one, none.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Svg => &["svg", "svgz"],
            Self::Jsonl => &["jsonl"],
            Self::Npz => &["npz"],
            Self::QuickDraw => &["ndjson"],
            Self::Csv => &["csv"],
            Self::Xml => &["xml"],
            Self::Omniglot => &["txt"],
            Self::Dollar => &[],
            Self::Png => &["png"],
            Self::Gcode => &["gcode", "nc", "ngc"],
            Self::Hpgl => &["hpgl", "plt"],
        }
    }

    /// The format that a file's name asks for, by its extension in either case, before `.gz` if it has that.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1.parse().ok()
    }

    /// Whether drawings can be read from it.
    pub const fn is_read(self) -> bool {
        !matches!(self, Self::Png | Self::Gcode | Self::Hpgl)
    }

    /// Whether drawings can be written to it.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Svg | Self::Jsonl | Self::Csv | Self::Png | Self::Gcode | Self::Hpgl)
    }

    /// The format of drawings that a file's first bytes tell, plain or as gzip.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if npz::is_npz(bytes) {
            return Some(Self::Npz);
        }
        let mut head = Vec::new();
        match bytes.starts_with(&[0x1f, 0x8b]) {
            // What is broken may still have told enough before.
            true => drop(GzDecoder::new(bytes).take(HEAD).read_to_end(&mut head)),
            false => head.extend_from_slice(&bytes[..bytes.len().min(HEAD as usize)]),
        }
        let text = String::from_utf8_lossy(&head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match text.as_bytes().first()? {
            b'<' if holds(&["<svg"]) => Some(Self::Svg),
            b'<' if holds(&["<StrokeSet", "<WhiteboardCaptureSession", "<Gesture"]) => Some(Self::Xml),
            b'{' if holds(&["\"stroke3\"", "\"stroke5\""]) => Some(Self::Jsonl),
            b'{' if holds(&["\"drawing\""]) => Some(Self::QuickDraw),
            b'{' if holds(&["\"pts\""]) => Some(Self::Dollar),
            _ if text.starts_with("START") => Some(Self::Omniglot),
            _ => {
                let mut rows = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
                rows.next().is_some_and(csv::is_heading).then_some(Self::Csv)
            }
        }
    }
}

impl FromStr for Format {
    type Err = String;

    /// Reads an extension, such as `svg` or `GCODE`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        files::by_extension(&Self::ALL, Self::extensions, text)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extensions().first().unwrap_or(&"jsonl"))
    }
}

/// Reads the drawings of a file; `name` names it in errors and names drawings that have no name of their own, and its extension
/// counts where the bytes don't tell the format.
///
/// # Errors
///
/// Bytes of no known format, of one that isn't read, or that break their format's rules.
pub fn read(bytes: &[u8], name: &str) -> Result<Reading> {
    let path = Path::new(name);
    let stem = || path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let one = |strokes: Strokes, name: Option<String>| Reading {
        drawings: vec![Drawing { name: name.unwrap_or_else(stem), split: None, strokes }],
        lost: Vec::new(),
    };
    let many = |drawings| Reading { drawings, lost: Vec::new() };
    let read = match Format::sniff(bytes).or_else(|| Format::from_path(path)) {
        Some(Format::Svg) => svg::read_with_losses(bytes)
            .map(|svg::Reading { strokes, lost }| Reading { lost, ..one(strokes, None) }),
        Some(Format::Jsonl) => jsonl::read(bytes).map(many),
        Some(Format::Npz) => npz::read(bytes).map(many),
        Some(Format::QuickDraw) => quickdraw::read(bytes).map(many),
        Some(Format::Dollar) => dollar::read(bytes).map(many),
        Some(Format::Csv) => csv::read(bytes).map(|strokes| one(strokes, None)),
        Some(Format::Xml) => xml::read(bytes).map(|(strokes, name)| one(strokes, name)),
        Some(Format::Omniglot) => omniglot::read(bytes).map(|strokes| one(strokes, None)),
        Some(Format::Png | Format::Gcode | Format::Hpgl) | None => {
            let expected =
                "drawings: SVG, stroke-3 in JSON lines or npz, Quick, Draw!, CSV, pen logs in XML or JSON";
            Err(Fault::new(Place::Whole, "no drawing that can be read", expected).into())
        }
    };
    read.map_err(|error| error.in_file(name))
}

/// Reads the one drawing of a file.
///
/// # Errors
///
/// As [`read`], and files of several drawings.
pub fn read_one(bytes: &[u8], name: &str) -> Result<Strokes> {
    let mut drawings = read(bytes, name)?.drawings;
    match (drawings.pop(), drawings.len()) {
        (Some(drawing), 0) => Ok(drawing.strokes),
        (_, others) => {
            let fault = Fault::new(Place::Whole, format!("{} drawings", others + 1), "one drawing");
            Err(Error::from(fault).in_file(name))
        }
    }
}

/// The files of a folder that are called as drawings are (not those in folders inside it), by name.
///
/// # Errors
///
/// A folder that the system doesn't give.
pub fn drawings_in(folder: &Path) -> Result<Vec<PathBuf>> {
    files::in_folder(folder, |path| Format::from_path(path).is_some_and(Format::is_read))
}

/// Reads all of a file that is to hold drawings.
///
/// # Errors
///
/// A file that the system doesn't give, or that is larger than 1 GiB.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    files::whole(path, MOST_BYTES, "drawings of at most 1 GiB")
}

/// Writes a drawing in a format.
///
/// # Errors
///
/// What the format or its style can't hold at all; what it leaves out is in [`Written::lost`].
pub fn write(drawing: &Drawing, format: Format, style: &Style) -> Result<Written> {
    let strokes = &drawing.strokes;
    let recipe = || style.recipe.clone();
    let bytes = match format {
        Format::Svg => {
            let title = match style.svg.title.as_str() {
                "" => drawing.name.clone(),
                title => title.to_owned(),
            };
            svg::write(strokes, &svg::Picture { title, recipe: recipe(), ..style.svg.clone() }).into_bytes()
        }
        Format::Jsonl => jsonl::write(std::slice::from_ref(drawing)),
        Format::Csv => csv::write(strokes, &style.recipe),
        Format::Png => png::png(strokes, &style.png, &style.recipe)?,
        Format::Gcode => gcode(strokes, &Plot { recipe: recipe(), ..style.plot.clone() })?.into_bytes(),
        Format::Hpgl => hpgl(strokes, &Plot { recipe: recipe(), ..style.plot.clone() })?.into_bytes(),
        Format::Npz | Format::QuickDraw | Format::Xml | Format::Omniglot | Format::Dollar => {
            let hint = "write svg, jsonl, csv, png, gcode or hpgl";
            return Err(Error::unfit(format!("a drawing as {format}"), hint));
        }
    };
    let mut lost = Losses::default();
    if format != Format::Csv {
        let times = strokes.points().filter(|point| point.time.is_some()).count();
        lost.add_many(times, "time", "only tables hold them");
    }
    if format == Format::Jsonl && !style.recipe.is_empty() {
        lost.add("recipe", "lines of JSON hold none");
    }
    Ok(Written { bytes, lost: lost.lines() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::stroke3::from_stroke3;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<Format>) {
        assert_eq!(Format::sniff(bytes), expected);
    }

    #[test]
    fn first_bytes_tell_the_format() {
        check(b"<?xml version=\"1.0\"?>\n<svg width=\"1\">", Some(Format::Svg));
        check(b"<WhiteboardCaptureSession>", Some(Format::Xml));
        check(b"<score-partwise>", None);
        check(b"{\"split\":\"train\",\"stroke3\":[[", Some(Format::Jsonl));
        check(b"{\"word\":\"cat\",\"drawing\":[", Some(Format::QuickDraw));
        check(b"{\"name\":\"arrow\",\"pts\":[", Some(Format::Dollar));
        check(b"{\"train\":[", None);
        check(b"START\n1,2,3", Some(Format::Omniglot));
        check(b"# recipe: {}\nx;y;t\n", Some(Format::Csv));
        check(b"pitch,onset,duration\n", None);
        check(b"", None);
        check(&[0x1f, 0x8b, 8], None);
    }

    #[test]
    fn what_is_written_is_recognised_and_read_back() {
        let strokes = from_stroke3(&[[0.0, 0.0, 0.0], [2.0, 1.0, 1.0], [5.0, 5.0, 1.0]]).expect("rows");
        let drawing = Drawing { name: "cat-1".to_owned(), split: None, strokes };
        for format in Format::ALL {
            let written = write(&drawing, format, &Style::default());
            assert_eq!(written.is_ok(), format.is_written(), "{format}");
            let Ok(written) = written else { continue };
            let read = read(&written.bytes, &format!("cat-1.{format}"));
            assert_eq!(read.is_ok(), format.is_read(), "{format}");
            let Ok(reading) = read else { continue };
            assert_eq!(
                (Format::sniff(&written.bytes), &reading.drawings),
                (Some(format), &vec![drawing.clone()])
            );
        }
    }

    #[test]
    fn extensions_are_read_in_either_case_and_packed() {
        let told = |name: &str| Format::from_path(Path::new(name));
        assert_eq!(
            [told("a/B.SVG"), told("c.ndjson.gz"), told("d"), told(".gz")],
            [Some(Format::Svg), Some(Format::QuickDraw), None, None]
        );
    }
}
