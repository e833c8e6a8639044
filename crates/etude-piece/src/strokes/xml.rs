//! Pen logs in XML: what IAM-OnDB keeps of a whiteboard (Liwicki & Bunke 2005), and the logs of the `$1` and `$N` recognisers.
//!
//! ```text
//! <WhiteboardCaptureSession> … <StrokeSet><Stroke><Point x="895" y="992" time="769.05"/> …       time in seconds
//! <Gesture Name="arrow01" …><Point X="66" Y="252" T="0"/> …                                      T in milliseconds
//! ```
//!
//! Only strokes and points are read, wherever they stand, and the gesture's name.

use super::Strokes;
use super::pen::Pen;
use crate::{Error, Fault, Place, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How deep elements may nest.
const MOST_DEPTH: usize = 64;

/// What is expected of a point.
const SHAPE: &str = "such as <Point x=\"1\" y=\"2\" time=\"0.5\"/>";

/// Reads a drawing, and what it is called if it is told.
///
/// # Errors
///
/// Bytes that aren't UTF-8, broken XML, points without coordinates or with others than numbers, and logs without a point.
pub fn read(bytes: &[u8]) -> Result<(Strokes, Option<String>)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(Place::Byte(error.valid_up_to()), "a byte that is no text", "XML in UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut pen, mut name, mut depth) = (Pen::default(), None, 0);
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| {
            let place = Place::Byte(reader.error_position() as usize);
            Error::from(Fault::new(place, format!("broken XML ({error})"), "a log of a pen"))
        })?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > MOST_DEPTH {
                    let expected = format!("elements at most {MOST_DEPTH} deep");
                    return Err(Fault::new(Place::Byte(at), "one more element", expected).into());
                }
                match start.name().into_inner() {
                    "Stroke" => pen.lift(),
                    "Point" => point(&mut pen, &start, at)?,
                    "Gesture" => name = attribute(&start, at, "name")?,
                    _ => {}
                }
            }
            Event::End(end) => {
                depth -= 1;
                if end.name().into_inner() == "Stroke" {
                    pen.lift();
                }
            }
            Event::Eof if depth > 0 => {
                let fault =
                    Fault::new(Place::Byte(text.len()), "the end of the file", "the end of its elements");
                return Err(fault.into());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok((pen.finish(Place::Whole)?, name))
}

/// Draws on to a point.
fn point(pen: &mut Pen, start: &BytesStart<'_>, at: usize) -> Result<()> {
    let number = |name: &str| {
        let Some(text) = attribute(start, at, name)? else { return Ok(None) };
        let found: String = text.chars().take(40).collect();
        let wrong = || Error::from(Fault::new(Place::Byte(at), format!("{name}=\"{found}\""), SHAPE));
        text.trim().parse::<f64>().map(Some).map_err(|_| wrong())
    };
    let absent =
        |name: &str| Error::from(Fault::new(Place::Byte(at), format!("a point without {name}"), SHAPE));
    let (x, y) = (number("x")?.ok_or_else(|| absent("x"))?, number("y")?.ok_or_else(|| absent("y"))?);
    let time = match number("time")? {
        Some(seconds) => Some(seconds),
        None => number("t")?.map(|milliseconds| milliseconds / 1000.0),
    };
    pen.draw(Place::Byte(at), x, y, time)
}

/// The value of an attribute, whose name is written in either case.
fn attribute(start: &BytesStart<'_>, at: usize, name: &str) -> Result<Option<String>> {
    let broken =
        |told: String| Error::from(Fault::new(Place::Byte(at), format!("broken XML ({told})"), SHAPE));
    let mut listed = start.attributes();
    for attribute in listed.with_checks(false) {
        let attribute = attribute.map_err(|error| broken(error.to_string()))?;
        if attribute.key.into_inner().eq_ignore_ascii_case(name) {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return value.map(|value| Some(value.into_owned())).map_err(|error| broken(error.to_string()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::mutants::damage;
    use super::*;

    const WHITEBOARD: &str = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>
<WhiteboardCaptureSession><WhiteboardDescription><SensorLocation corner=\"top_left\"/></WhiteboardDescription>
<StrokeSet><Stroke colour=\"black\" start_time=\"769.05\" end_time=\"769.64\">
<Point x=\"895\" y=\"992\" time=\"769.05\"/><Point x=\"896\" y=\"991\" time=\"769.55\"/></Stroke>
<Stroke><Point x=\"1\" y=\"2\" time=\"770.05\"/></Stroke></StrokeSet></WhiteboardCaptureSession>";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = read(text.as_bytes()).map_or_else(
            |error| error.to_string(),
            |(strokes, name)| format!("{}{strokes}", name.map_or_else(String::new, |name| name + ": ")),
        );
        assert_eq!(told, expected);
    }

    #[test]
    fn a_whiteboard_has_strokes_in_seconds() {
        check(WHITEBOARD, "895,992@0 896,991@0.5 | 1,2@1");
    }

    #[test]
    fn a_gesture_has_a_name_and_milliseconds() {
        check(
            "<Gesture Name=\"arrow01\" Subject=\"2\"><Point X=\"66\" Y=\"252\" T=\"0\"/><Point X=\"68\" Y=\"249\" T=\"17\"/></Gesture>",
            "arrow01: 66,252@0 68,249@0.017",
        );
        check(
            "<Gesture><Stroke><Point X=\"6\" Y=\"2\"/></Stroke><Stroke><Point X=\"8\" Y=\"4\"/></Stroke></Gesture>",
            "6,2 | 8,4",
        );
    }

    #[test]
    fn wrong_logs_are_refused() {
        check("<Point x=\"1\"/>", &format!("byte 0: found a point without y, expected {SHAPE}"));
        check("<Point x=\"1\" y=\"a\"/>", &format!("byte 0: found y=\"a\", expected {SHAPE}"));
        check(
            "<a><Point x=\"1\" y=\"1\"/>",
            "byte 23: found the end of the file, expected the end of its elements",
        );
        check("<a/>", "found a drawing without points, expected at least one point");
        check(&"<a>".repeat(100), "byte 192: found one more element, expected elements at most 64 deep");
    }

    #[test]
    fn damaged_logs_are_read_or_refused() {
        let taken = damage(WHITEBOARD.as_bytes(), 4000, |bytes| read(bytes).is_ok());
        assert!(taken > 400, "only {taken} were legal");
    }
}
