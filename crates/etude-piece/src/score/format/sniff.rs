//! Telling formats apart by their first bytes.

use super::super::csv::is_heading;
use super::Format;

/// How many bytes of a file decide what it is.
const HEAD: usize = 4096;

impl Format {
    /// The format that a file's first bytes tell.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let head = &bytes[..bytes.len().min(HEAD)];
        if head.starts_with(b"MThd") {
            return Some(Self::Midi);
        }
        if head.starts_with(b"RIFF") {
            return Some(Self::Wav);
        }
        if head.starts_with(b"PK\x03\x04") {
            return Some(Self::Mxl);
        }
        if head.starts_with(b"\x89PNG") {
            return Some(Self::Png);
        }
        if head.starts_with(b"%PDF") {
            return Some(Self::Pdf);
        }
        // UTF-16 has zeros between its letters, and ours are all ASCII.
        let letters: String =
            head.iter().filter(|byte| byte.is_ascii() && **byte != 0).map(|&b| b as char).collect();
        if letters.trim_start().starts_with('<') {
            return Some(if letters.contains("<svg") { Self::Svg } else { Self::MusicXml });
        }
        let mut lines = letters.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        if lines.next().is_some_and(is_heading) {
            return Some(Self::Csv);
        }
        if is_humdrum(&letters) {
            return Some(Self::Kern);
        }
        let tune = |line: &str| ["X:", "K:", "%abc"].iter().any(|start| line.starts_with(start));
        letters.split(['\n', '\r']).any(tune).then_some(Self::Abc)
    }
}

/// Whether text begins with an exclusive interpretation, after nothing but comments and reference records; or is cut off
/// among those.
fn is_humdrum(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
    match lines.find(|line| !line.starts_with('!')) {
        Some(line) => line.starts_with("**"),
        None => text.trim_start().starts_with("!!!"),
    }
}
