//! An SVG text as a tree of elements, of which only those attributes are kept that shapes need.
//!
//! Nothing is fetched and nothing is expanded: entities of a document's own are refused where they matter, and external
//! ones don't exist.

use crate::{Error, Fault, Place, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeMap;

/// How deep elements may nest.
pub(super) const MOST_DEPTH: usize = 200;

/// The most elements of a document.
const MOST_ELEMENTS: usize = 1_000_000;

/// The attributes that are kept.
const KEPT: [&str; 27] = [
    "id",
    "transform",
    "d",
    "points",
    "x",
    "y",
    "width",
    "height",
    "rx",
    "ry",
    "cx",
    "cy",
    "r",
    "x1",
    "y1",
    "x2",
    "y2",
    "href",
    "viewBox",
    "preserveAspectRatio",
    "style",
    "display",
    "visibility",
    "unicode",
    "horiz-adv-x",
    "units-per-em",
    "font-family",
];

/// A document; its first element is the root, which is `svg`.
#[derive(Debug)]
pub(super) struct Document {
    /// In the order of their start tags.
    pub(super) elements: Vec<Element>,
    ids: BTreeMap<Box<str>, usize>,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name, without the prefix `svg`.
    pub(super) name: Box<str>,
    /// Where it begins, a byte offset.
    pub(super) at: usize,
    /// The elements in it.
    pub(super) children: Vec<usize>,
    attributes: Vec<(&'static str, Box<str>)>,
}

impl Element {
    /// The value of an attribute, if it is kept and there.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// How many bytes its attributes have.
    pub(super) fn length(&self) -> usize {
        self.attributes.iter().map(|(_, value)| value.len()).sum()
    }

    /// A fault of this element.
    pub(super) fn fault(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Fault::new(Place::Byte(self.at), found, expected).into()
    }

    /// A fault of the value of one of its attributes.
    pub(super) fn wrong(&self, attribute: &str, expected: impl Into<String>) -> Error {
        let value = self.attribute(attribute).unwrap_or_default();
        let more = if value.chars().nth(40).is_some() { "…" } else { "" };
        let value: String = value.chars().take(40).collect();
        self.fault(format!("{attribute}=\"{value}{more}\" of `{}`", self.name), expected)
    }
}

impl Document {
    /// Reads a text.
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut document = Self { elements: Vec::new(), ids: BTreeMap::new() };
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| {
                let place = Place::Byte(reader.error_position() as usize);
                Error::from(Fault::new(place, format!("broken XML ({error})"), "SVG"))
            })?;
            match event {
                Event::Start(start) => {
                    let element = document.element(&start, at)?;
                    let refused =
                        |expected: String| Fault::new(Place::Byte(at), "one more element", expected);
                    if open.len() == MOST_DEPTH {
                        return Err(refused(format!("elements at most {MOST_DEPTH} deep")).into());
                    }
                    let index = document.elements.len();
                    if index == MOST_ELEMENTS {
                        return Err(refused(format!("at most {MOST_ELEMENTS} elements")).into());
                    }
                    match open.last() {
                        Some(&parent) => document.elements[parent].children.push(index),
                        None if index > 0 => return Err(refused("the end of the file".to_owned()).into()),
                        None => {}
                    }
                    if let Some(id) = element.attribute("id") {
                        document.ids.entry(id.into()).or_insert(index);
                    }
                    document.elements.push(element);
                    open.push(index);
                }
                Event::End(_) => drop(open.pop()),
                Event::Eof => break,
                _ => {}
            }
        }
        if let Some(&index) = open.last() {
            let name = document.elements[index].name.clone();
            let fault = Fault::new(Place::Byte(text.len()), "the end of the file", format!("`</{name}>`"));
            return Err(fault.into());
        }
        match document.elements.first() {
            Some(root) if &*root.name == "svg" => Ok(document),
            Some(root) => Err(root.fault(format!("the root element `{}`", root.name), "`svg`")),
            None => Err(Fault::new(Place::Whole, "no element", "the root element `svg`").into()),
        }
    }

    /// An element from its start tag.
    fn element(&self, start: &BytesStart<'_>, at: usize) -> Result<Element> {
        let broken = |told: String| Fault::new(Place::Byte(at), told, "attributes such as x=\"1\"");
        let mut attributes: Vec<(&'static str, Box<str>)> = Vec::new();
        let mut listed = start.attributes();
        for attribute in listed.with_checks(false) {
            let attribute = attribute.map_err(|error| broken(format!("broken XML ({error})")))?;
            let name = attribute.key.into_inner();
            let name = if name.ends_with(":href") { "href" } else { name };
            let Some(&known) = KEPT.iter().find(|&&known| known == name) else { continue };
            if attributes.iter().any(|(name, _)| *name == known) {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| {
                let fault = broken(format!("`{known}` that can't be read ({error})"));
                fault.hint("entities of a document's own aren't expanded")
            })?;
            attributes.push((known, value.into()));
        }
        // Other prefixes are other programs' own elements.
        let name = start.name().into_inner();
        let name = name.strip_prefix("svg:").unwrap_or(name).into();
        Ok(Element { name, at, children: Vec::new(), attributes })
    }

    /// The element that a reference such as `#leaf` names.
    pub(super) fn named(&self, reference: &str) -> Option<usize> {
        self.ids.get(reference.trim().strip_prefix('#')?).copied()
    }
}
