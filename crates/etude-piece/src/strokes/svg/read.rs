//! Drawings from SVG: paths of any kind and basic shapes as lines, in the order of the document.
//!
//! A unit of the drawing is a CSS pixel, of which 96 make an inch: `width`, `height`, `viewBox` and every transform are
//! followed, but that the upper left corner of the `viewBox` keeps its coordinates. Curves become lines that are no farther from them than the picture's diagonal over 20,000. Shapes are taken as
//! their outline, whatever their fill and stroke, unless `display` or `visibility` hides them. Groups, links, inner pictures
//! and `use` are followed. Texts, pictures of dots, style sheets and scripts aren't, and are named as lost; whatever is outside
//! the file isn't looked at. A drawing isn't clipped.

use super::document::{Document, Element, MOST_DEPTH};
use super::flatten::{flattened, points};
use super::shape::{self, SHAPES};
use super::viewport::{Along, Viewport};
use crate::packed::plain;
use crate::score::Losses;
use crate::strokes::{FARTHEST, MOST_POINTS, Strokes};
use crate::{Error, Fault, Place, Result};
use kurbo::{Affine, BezPath, Point};

/// The largest file, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// How many bytes of attributes may be followed, those of elements that are used many times counted each time.
const MOST_WORK: usize = 4 * MOST_BYTES;

/// Elements that show something which is no stroke, and what they are called.
const LOST: [(&str, &str, &str); 9] = [
    ("text", "text", "a drawing holds no letters"),
    ("image", "raster picture", "a drawing holds no dots"),
    ("script", "script", "nothing is run"),
    ("style", "style sheet", "shapes are taken whatever their style"),
    ("foreignObject", "foreign object", "a drawing holds none"),
    ("video", "video", "a drawing holds none"),
    ("audio", "sound", "a drawing holds none"),
    ("animate", "animation", "a drawing doesn't move"),
    ("animateTransform", "animation", "a drawing doesn't move"),
];

/// A drawing, and what its file showed that a drawing doesn't hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The drawing.
    pub strokes: Strokes,
    /// One line for each kind of thing left out, such as `2 texts: a drawing holds no letters`.
    pub lost: Vec<String>,
}

/// Reads a drawing from SVG, plain or as gzip.
///
/// # Errors
///
/// What [`read_with_losses`] refuses.
pub fn read(bytes: &[u8]) -> Result<Strokes> {
    Ok(read_with_losses(bytes)?.strokes)
}

/// Reads a drawing from SVG, and lists what of the file a drawing doesn't hold.
///
/// # Errors
///
/// Bytes that aren't UTF-8, broken XML, another root than `svg`, path data, lengths and transforms that can't be read,
/// coordinates that aren't finite or are beyond 1e9, and drawings without any line. Limits: 64 MiB, 1,000,000 elements nested
/// 200 deep, `use` counted in both, and 1,000,000 points.
pub fn read_with_losses(bytes: &[u8]) -> Result<Reading> {
    let bytes = plain(bytes, "SVG")?;
    if bytes.len() > MOST_BYTES {
        return Err(
            Fault::new(Place::Whole, format!("{} bytes", bytes.len()), "SVG of at most 64 MiB").into()
        );
    }
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        Error::from(Fault::new(Place::Byte(error.valid_up_to()), "a byte that is no text", "SVG in UTF-8"))
    })?;
    let document = Document::read(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let mut walk = Walk {
        document: &document,
        paths: Vec::new(),
        curves: 0,
        elements: 0,
        work: 0,
        lost: Losses::default(),
    };
    walk.root()?;
    let strokes = flattened(&walk.paths)?;
    Ok(Reading { strokes, lost: walk.lost.lines() })
}

/// A walk through the elements that are shown.
struct Walk<'a> {
    document: &'a Document,
    /// Every shape in the picture's units, and where it stands in the file.
    paths: Vec<(usize, BezPath)>,
    /// How many commands the paths have.
    curves: usize,
    /// How many elements were looked at.
    elements: usize,
    /// How many bytes of attributes were.
    work: usize,
    lost: Losses,
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Stand {
    viewport: Viewport,
    transform: Affine,
    depth: usize,
}

impl Walk<'_> {
    /// The whole picture.
    fn root(&mut self) -> Result<()> {
        let root = &self.document.elements[0];
        let outside = Viewport::DEFAULT;
        let told = |name, along| {
            let relative = root.attribute(name).is_some_and(|value| value.contains('%'));
            if relative { Ok(None) } else { outside.length(root, name, along) }
        };
        let (width, height) = (told("width", Along::Width)?, told("height", Along::Height)?);
        let (viewport, transform) = Viewport::inside(root, width, height)?;
        // The corner of the view stays where it is, so that coordinates in pixels stay what they are.
        let transform = transform * Affine::translate(viewport.corner);
        self.children(root, Stand { viewport, transform, depth: 0 })
    }

    fn children(&mut self, element: &Element, stand: Stand) -> Result<()> {
        let document = self.document;
        let stand = Stand { depth: stand.depth + 1, ..stand };
        element.children.iter().try_for_each(|&child| self.element(&document.elements[child], stand))
    }

    /// One element with all that is in it.
    fn element(&mut self, element: &Element, stand: Stand) -> Result<()> {
        self.elements += 1;
        self.work += element.length();
        if self.elements > MOST_POINTS || self.work > MOST_WORK || stand.depth > MOST_DEPTH {
            let fault = element.fault("one more element", "at most 1000000 elements, 200 deep");
            return Err(hinted(fault, "elements that `use` shows count each time"));
        }
        let name = &*element.name;
        if let Some(&(_, thing, why)) = LOST.iter().find(|(lost, ..)| *lost == name) {
            self.lost.add(thing, why);
            return Ok(());
        }
        if hidden(element) {
            return Ok(());
        }
        let stand = Stand { transform: stand.transform * shape::transform(element)?, ..stand };
        if SHAPES.contains(&name) {
            return self.shape(element, stand);
        }
        match name {
            "g" | "a" => self.children(element, stand),
            // One of them is shown: the first, as most programs understand most of what is asked for.
            "switch" => match element.children.first() {
                Some(&first) => {
                    self.element(&self.document.elements[first], Stand { depth: stand.depth + 1, ..stand })
                }
                None => Ok(()),
            },
            "svg" => {
                let size = size(element, &stand)?;
                self.frame(element, element, size, stand)
            }
            "use" => self.used(element, stand),
            _ => Ok(()),
        }
    }

    /// What stands in a frame of its own; `placed` tells where that is.
    fn frame(&mut self, element: &Element, placed: &Element, size: [f64; 2], stand: Stand) -> Result<()> {
        let corner = corner(placed, &stand)?;
        let (viewport, inner) = Viewport::inside(element, Some(size[0]), Some(size[1]))?;
        let transform = stand.transform * Affine::translate(corner) * inner;
        self.children(element, Stand { viewport, transform, ..stand })
    }

    /// What a `use` shows: an element of the same file.
    fn used(&mut self, element: &Element, stand: Stand) -> Result<()> {
        let reference = element.attribute("href").unwrap_or_default();
        let Some(index) = self.document.named(reference) else {
            let why = "only elements of the same file that exist are shown";
            self.lost.add("reference", why);
            return Ok(());
        };
        let shown = &self.document.elements[index];
        let stand = Stand { depth: stand.depth + 1, ..stand };
        if &*shown.name == "symbol" {
            return self.frame(shown, element, size(element, &stand)?, stand);
        }
        let transform = stand.transform * Affine::translate(corner(element, &stand)?);
        self.element(shown, Stand { transform, ..stand })
    }

    fn shape(&mut self, element: &Element, stand: Stand) -> Result<()> {
        let mut path = shape::outline(element, &stand.viewport)?;
        path.apply_affine(stand.transform);
        let wrong = |point: &Point| !(point.x.abs() <= FARTHEST && point.y.abs() <= FARTHEST);
        if points(&path).any(|point| wrong(&point)) {
            return Err(
                element.fault(format!("`{}` that leads too far", element.name), "coordinates up to 1e9")
            );
        }
        self.curves += path.elements().len();
        if self.curves > MOST_POINTS {
            let fault = element.fault("one more point", format!("at most {MOST_POINTS} in a drawing"));
            return Err(hinted(fault, "cut the drawing into several"));
        }
        self.paths.push((element.at, path));
        Ok(())
    }
}

/// Whether an element isn't shown, with all that is in it.
fn hidden(element: &Element) -> bool {
    declared(element, "display") == Some("none")
        || matches!(declared(element, "visibility"), Some("hidden" | "collapse"))
}

/// What an element's style says of a property, or else its attribute.
fn declared<'a>(element: &'a Element, property: &str) -> Option<&'a str> {
    let style = element.attribute("style").unwrap_or_default();
    let mut declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let styled = declarations.find(|(name, _)| name.trim() == property).map(|(_, value)| value);
    styled.or(element.attribute(property)).map(str::trim)
}

/// Where an element with `x` and `y` stands.
fn corner(element: &Element, stand: &Stand) -> Result<(f64, f64)> {
    let length = |name, along| Ok::<f64, Error>(stand.viewport.length(element, name, along)?.unwrap_or(0.0));
    Ok((length("x", Along::Width)?, length("y", Along::Height)?))
}

/// How large the frame of an element is: that around it, if it doesn't tell.
fn size(element: &Element, stand: &Stand) -> Result<[f64; 2]> {
    let Viewport { width, height, .. } = stand.viewport;
    let told =
        |name, along, usual| Ok::<f64, Error>(stand.viewport.length(element, name, along)?.unwrap_or(usual));
    Ok([told("width", Along::Width, width)?, told("height", Along::Height, height)?])
}

fn hinted(error: Error, hint: &str) -> Error {
    match error {
        Error::Fault(fault) => Error::from(fault.hint(hint)),
        other => other,
    }
}
