//! Sheets of paper, and where a drawing lies on one.

use crate::strokes::Strokes;
use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// The largest sheet, in millimetres.
const LARGEST: f64 = 10_000.0;

/// Sheets with a name: width and height upright, in millimetres (ISO 216, ANSI Y14.1).
const NAMED: [(&str, f64, f64); 9] = [
    ("A0", 841.0, 1189.0),
    ("A1", 594.0, 841.0),
    ("A2", 420.0, 594.0),
    ("A3", 297.0, 420.0),
    ("A4", 210.0, 297.0),
    ("A5", 148.0, 210.0),
    ("A6", 105.0, 148.0),
    ("letter", 215.9, 279.4),
    ("legal", 215.9, 355.6),
];

/// A sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// Its width, in millimetres.
    pub width: f64,
    /// Its height, in millimetres.
    pub height: f64,
    /// What is kept free at each side, in millimetres.
    pub margin: f64,
}

impl Default for Sheet {
    /// A4 upright with a margin of 15 mm, which clips and rollers leave.
    fn default() -> Self {
        Self { width: 210.0, height: 297.0, margin: 15.0 }
    }
}

impl Sheet {
    /// The drawing as large as it fits between the margins, amid the sheet, in millimetres from its lower left corner, with y
    /// upwards. Times are left out.
    ///
    /// # Errors
    ///
    /// Margins that leave no room.
    pub(super) fn lay(&self, drawing: &Strokes) -> Result<Strokes> {
        let room = self.width.min(self.height) - 2.0 * self.margin;
        if !(self.margin >= 0.0 && room > 0.0 && self.width.max(self.height) <= LARGEST) {
            let found = format!("a sheet of {self} with margins of {} mm", self.margin);
            return Err(Error::unfit(found, "a larger sheet, up to 10 m, or smaller margins"));
        }
        let fitted = drawing.fitted([self.width, self.height], self.margin);
        let mut laid = fitted.moved(|x, y| (x, self.height - y));
        laid.strokes.iter_mut().flat_map(|stroke| &mut stroke.points).for_each(|point| point.time = None);
        Ok(laid)
    }
}

impl FromStr for Sheet {
    type Err = String;

    /// Reads `A4`, `A4-landscape`, `letter`, `300x200` or `300x200mm`, or `11x17in`; the margin is the usual one.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a sheet such as A4, A3-landscape, letter, 300x200mm or 11x17in");
        let usual = Self::default();
        let (name, lying) = match text.rsplit_once('-') {
            Some((name, "landscape")) => (name, true),
            Some((name, "portrait")) => (name, false),
            _ => (text, false),
        };
        if let Some(&(_, width, height)) = NAMED.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) {
            let (width, height) = if lying { (height, width) } else { (width, height) };
            return Ok(Self { width, height, ..usual });
        }
        let (size, unit) = match (text.strip_suffix("mm"), text.strip_suffix("in")) {
            (Some(size), _) => (size, 1.0),
            (_, Some(size)) => (size, 25.4),
            _ => (text, 1.0),
        };
        let (width, height) = size.split_once('x').ok_or_else(wrong)?;
        let side = |text: &str| text.trim().parse::<f64>().ok().map(|side| side * unit);
        match (side(width), side(height)) {
            (Some(width), Some(height)) if width > 0.0 && height > 0.0 && width.max(height) <= LARGEST => {
                Ok(Self { width, height, ..usual })
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} mm", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::stroke3::from_stroke3;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = text.parse::<Sheet>().map_or_else(|error| error, |sheet| sheet.to_string());
        assert_eq!(told, expected);
    }

    #[test]
    fn sheets_have_names_or_sizes() {
        check("A4", "210 × 297 mm");
        check("a3-landscape", "420 × 297 mm");
        check("300x200", "300 × 200 mm");
        check("300x200.5mm", "300 × 200.5 mm");
        check("10x5in", "254 × 127 mm");
        for wrong in ["B9", "0x5", "5", "NaNx5", "1e9x5mm", ""] {
            check(
                wrong,
                &format!("`{wrong}` is not a sheet such as A4, A3-landscape, letter, 300x200mm or 11x17in"),
            );
        }
    }

    #[test]
    fn a_drawing_lies_amid_its_sheet_upside_up() {
        let drawing = from_stroke3(&[[0.0, 0.0, 0.0], [2.0, 1.0, 1.0]]).expect("a line");
        let sheet = Sheet { width: 100.0, height: 80.0, margin: 10.0 };
        assert_eq!(sheet.lay(&drawing).expect("room").to_string(), "10,60 90,20");
        let error = Sheet { margin: 40.0, ..sheet }.lay(&drawing).expect_err("no room").to_string();
        assert_eq!(
            error,
            "a sheet of 100 × 80 mm with margins of 40 mm; hint: a larger sheet, up to 10 m, or smaller margins"
        );
    }
}
