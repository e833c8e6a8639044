//! A cursor over the elements of an XML text: no recursion, a depth limit, and a place for every fault.
//!
//! Each handler of an element uses it up to its end, by [`Cursor::child`] until `None`, [`Cursor::text`] or [`Cursor::skip`].

use super::room::Room;
use crate::score::{Beats, Losses};
use crate::{Error, Fault, Place, Result};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// How deep elements may nest; MusicXML itself stays below 20.
const MAX_DEPTH: usize = 64;

/// The longest name of an element and the longest value of an attribute, in bytes. Both are copied by the reader, so they
/// must be small beside a file.
const MAX_NAME: usize = 1 << 10;
const MAX_VALUE: usize = 1 << 16;

/// Where we stand in an XML text.
pub(super) struct Cursor<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    /// How many elements are open.
    depth: usize,
    /// Where the last event began, a byte offset.
    at: usize,
    room: Room,
    /// What was passed over that a score can't hold.
    lost: Losses,
}

/// A start tag.
pub(super) struct Tag<'a> {
    start: BytesStart<'a>,
    /// Where it begins, a byte offset.
    pub(super) at: usize,
}

impl<'a> Tag<'a> {
    /// The element's name.
    pub(super) fn name(&self) -> &str {
        self.start.name().into_inner()
    }
}

impl<'a> Cursor<'a> {
    /// A cursor before the root element; what is read from the text takes from `room`.
    pub(super) fn new(text: &'a str, room: Room) -> Self {
        let mut reader = Reader::from_str(text);
        // An empty element is a start and an end, so that handlers needn't know the difference.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, depth: 0, at: 0, room, lost: Losses::default() }
    }

    /// Counts a `thing` that the score won't have, because of `why`.
    pub(super) fn lose(&mut self, thing: &'static str, why: &'static str) {
        self.lost.add(thing, why);
    }

    /// All that was counted.
    pub(super) fn into_losses(self) -> Losses {
        self.lost
    }

    /// Takes the memory for `count` values that are kept in vectors, which may grow to twice what they hold.
    pub(super) fn keep<T>(&mut self, tag: &Tag<'a>, count: usize) -> Result<()> {
        self.take(2 * size_of::<T>() * count, tag.at)
    }

    fn take(&mut self, bytes: usize, at: usize) -> Result<()> {
        let text = self.text;
        self.room.take(bytes, || place(text, at))
    }

    /// The next child of the innermost open element, or `None` at that element's end.
    /// Before the root element: the root element, or a fault if there is none.
    pub(super) fn child(&mut self) -> Result<Option<Tag<'a>>> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(Tag { start, at: self.at })),
                Event::End(_) => return Ok(None),
                _ => {}
            }
        }
    }

    /// The text of the innermost open element, trimmed; elements inside it are left out. Uses up its end.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>> {
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            let event = self.event()?;
            let piece = match &event {
                // What is kept is copied, and may be copied again while it grows.
                Event::Text(piece) => {
                    self.take(3 * piece.len(), self.at)?;
                    piece.xml10_content()
                }
                Event::CData(piece) => {
                    self.take(3 * piece.len(), self.at)?;
                    piece.xml10_content()
                }
                Event::GeneralRef(reference) => Cow::Owned(self.resolve(reference)?),
                Event::Start(_) => {
                    self.skip()?;
                    continue;
                }
                Event::End(_) => return Ok(trim(text)),
                _ => continue,
            };
            if text.is_empty() {
                text = piece;
            } else {
                text.to_mut().push_str(&piece);
            }
        }
    }

    /// Passes over the rest of the innermost open element, with all it holds.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.event()?;
        }
        Ok(())
    }

    /// The value of a tag's attribute, if it has it.
    pub(super) fn attribute(&self, tag: &Tag<'a>, name: &str) -> Result<Option<String>> {
        let broken = |what: String| self.fault(tag.at, what, "attributes such as name=\"value\"");
        let attribute = tag.start.try_get_attribute(name).map_err(|error| broken(error.to_string()))?;
        let Some(attribute) = attribute else { return Ok(None) };
        if attribute.value.len() > MAX_VALUE {
            let found = format!("{} bytes as `{name}`", attribute.value.len());
            return Err(self.fault(tag.at, found, format!("at most {MAX_VALUE}")));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        value.map(|value| Some(value.into_owned())).map_err(|error| broken(error.to_string()))
    }

    /// The innermost open element's text as a whole number in `range`. Uses up its end.
    pub(super) fn integer(&mut self, tag: &Tag<'a>, range: RangeInclusive<i64>) -> Result<i64> {
        let value = self.decimal(tag)?;
        let whole = (value.denominator() == 1).then_some(value.numerator());
        whole.filter(|number| range.contains(number)).ok_or_else(|| {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            self.fault(tag.at, format!("{value} as `{}`", tag.name()), expected)
        })
    }

    /// The innermost open element's text as an exact decimal number. Uses up its end.
    pub(super) fn decimal(&mut self, tag: &Tag<'a>) -> Result<Beats> {
        let text = self.text()?;
        parse_decimal(&text).ok_or_else(|| {
            self.fault(
                tag.at,
                format!("`{}` as `{}`", shortened(&text), tag.name()),
                "a number of at most 12 digits",
            )
        })
    }

    /// An error at byte offset `at`.
    pub(super) fn fault(&self, at: usize, found: impl Into<String>, expected: impl Into<String>) -> Error {
        self.hinted(at, found, expected, "")
    }

    /// An error at byte offset `at`, with a hint unless that is empty.
    pub(super) fn hinted(
        &self,
        at: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
        hint: &str,
    ) -> Error {
        let fault = Fault::new(place(self.text, at), found, expected);
        if hint.is_empty() { fault.into() } else { fault.hint(hint).into() }
    }

    /// The next event, with the depth kept.
    fn event(&mut self) -> Result<Event<'a>> {
        self.at = self.offset(self.reader.buffer_position());
        self.check_name()?;
        let event = self.reader.read_event().map_err(|error| {
            let at = self.offset(self.reader.error_position());
            self.fault(at, lower_first(&error.to_string()), "well-formed XML")
        })?;
        match &event {
            Event::Start(_) if self.depth == MAX_DEPTH => {
                let found = format!("elements nested more than {MAX_DEPTH} deep");
                return Err(self.fault(self.at, found, "MusicXML, which stays below 20"));
            }
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(declaration) if declaration.contains("<!ENTITY") => {
                let hint = "take the ENTITY declarations out of the DOCTYPE";
                return Err(self.hinted(self.at, "an entity declaration", "a plain DOCTYPE", hint));
            }
            Event::Eof => {
                let expected = if self.depth == 0 { "a root element" } else { "an end tag for each element" };
                return Err(self.hinted(self.at, "the end of the file", expected, "the file seems cut off"));
            }
            _ => {}
        }
        Ok(event)
    }

    /// A fault if a tag comes next whose name is too long.
    fn check_name(&self) -> Result<()> {
        let Some([b'<', name @ ..]) = self.text.as_bytes().get(self.at..) else { return Ok(()) };
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'!' | b'?');
        let length = name.iter().take(MAX_NAME + 1).take_while(|byte| !ends(byte)).count();
        if length <= MAX_NAME {
            return Ok(());
        }
        Err(self.fault(self.at, "an element's name without end", format!("at most {MAX_NAME} bytes")))
    }

    /// What a reference such as `amp` or `#233` stands for.
    fn resolve(&self, reference: &quick_xml::events::BytesRef<'_>) -> Result<String> {
        let character = reference.resolve_char_ref().ok().flatten().map(String::from);
        character.or_else(|| resolve_xml_entity(reference).map(str::to_owned)).ok_or_else(|| {
            let found = format!("the reference `&{};`", shortened(reference));
            self.fault(self.at, found, "one of lt, gt, amp, apos, quot or a character number")
        })
    }

    /// A reader's position as an offset into the text.
    fn offset(&self, position: u64) -> usize {
        usize::try_from(position).unwrap_or(self.text.len())
    }
}

/// The line and column of byte offset `at`.
fn place(text: &str, at: usize) -> Place {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
    Place::Line(line, column)
}

/// An exact decimal number of at most 12 digits, at most 6 of them after the point.
pub(super) fn parse_decimal(text: &str) -> Option<Beats> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = whole.len() + fraction.len();
    let digital = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !digital || unsigned.len() <= usize::from(unsigned.contains('.')) || digits > 12 || fraction.len() > 6
    {
        return None;
    }
    let number = format!("0{whole}{fraction}").parse::<i64>().ok()?;
    let scale = 10_i64.pow(u32::try_from(fraction.len()).ok()?);
    let value = Beats::new(number, scale);
    Some(if text.starts_with('-') { -value } else { value })
}

/// The text without white space around it, borrowed where it was.
fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// At most 40 characters of a text, for messages.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The sentence with a small first letter, as our messages have it.
pub(super) fn lower_first(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}
