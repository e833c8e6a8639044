//! Lengths, and the frames in which they are counted.

use super::document::Element;
use crate::Result;
use kurbo::Affine;
use svgtypes::{Align, AspectRatio, Length, LengthUnit, ViewBox};

/// The frame that percentages refer to, in units of the user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Viewport {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Its upper left corner.
    pub(super) corner: (f64, f64),
}

/// What a length's percentages refer to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Along {
    Width,
    Height,
    /// The diagonal over √2, for radii.
    Diagonal,
}

impl Viewport {
    /// The frame of a picture that tells no size (CSS 2.1, 10.3.2).
    pub(super) const DEFAULT: Self = Self { width: 300.0, height: 150.0, corner: (0.0, 0.0) };

    /// A length of an element in user units, if it is told; there are 96 to the inch, and 16 to the em.
    pub(super) fn length(&self, element: &Element, name: &str, along: Along) -> Result<Option<f64>> {
        let Some(text) = element.attribute(name) else { return Ok(None) };
        if text.trim() == "auto" {
            return Ok(None);
        }
        let length: Length =
            text.trim().parse().map_err(|_| element.wrong(name, "a length such as 10 or 10mm"))?;
        let units = match length.unit {
            LengthUnit::None | LengthUnit::Px => 1.0,
            LengthUnit::In => 96.0,
            LengthUnit::Cm => 96.0 / 2.54,
            LengthUnit::Mm => 96.0 / 25.4,
            LengthUnit::Pt => 96.0 / 72.0,
            LengthUnit::Pc => 16.0,
            LengthUnit::Em => 16.0,
            LengthUnit::Ex => 8.0,
            LengthUnit::Percent => 0.01 * self.along(along),
        };
        Ok(Some(length.number * units))
    }

    fn along(&self, along: Along) -> f64 {
        match along {
            Along::Width => self.width,
            Along::Height => self.height,
            Along::Diagonal => (self.width.powi(2) + self.height.powi(2)).sqrt() / 2.0_f64.sqrt(),
        }
    }

    /// The frame inside an element of a size (`svg`, `symbol`), and the way from it to the outside.
    pub(super) fn inside(
        element: &Element,
        width: Option<f64>,
        height: Option<f64>,
    ) -> Result<(Self, Affine)> {
        let view = match element.attribute("viewBox") {
            None => None,
            Some(text) => {
                let read = text.parse::<ViewBox>();
                Some(read.map_err(|_| element.wrong("viewBox", "x, y, width and height, both above 0"))?)
            }
        };
        let size = |told: Option<f64>, viewed: Option<f64>, usual| told.or(viewed).unwrap_or(usual);
        let outer = Self {
            width: size(width, view.map(|view| view.w), Self::DEFAULT.width),
            height: size(height, view.map(|view| view.h), Self::DEFAULT.height),
            ..Self::DEFAULT
        };
        let Some(view) = view else { return Ok((outer, Affine::IDENTITY)) };
        let ratio = match element.attribute("preserveAspectRatio") {
            None => AspectRatio::default(),
            Some(text) => text
                .parse()
                .map_err(|_| element.wrong("preserveAspectRatio", "none, or such as xMidYMid meet"))?,
        };
        Ok((Self { width: view.w, height: view.h, corner: (view.x, view.y) }, fitted(&view, ratio, outer)))
    }
}

/// Lays a view box into a frame.
fn fitted(view: &ViewBox, ratio: AspectRatio, outer: Viewport) -> Affine {
    let (sx, sy) = (outer.width / view.w, outer.height / view.h);
    let corner = Affine::translate((-view.x, -view.y));
    if ratio.align == Align::None {
        return Affine::scale_non_uniform(sx, sy) * corner;
    }
    let scale = if ratio.slice { sx.max(sy) } else { sx.min(sy) };
    let (right, down) = match ratio.align {
        Align::None | Align::XMinYMin => (0.0, 0.0),
        Align::XMidYMin => (0.5, 0.0),
        Align::XMaxYMin => (1.0, 0.0),
        Align::XMinYMid => (0.0, 0.5),
        Align::XMidYMid => (0.5, 0.5),
        Align::XMaxYMid => (1.0, 0.5),
        Align::XMinYMax => (0.0, 1.0),
        Align::XMidYMax => (0.5, 1.0),
        Align::XMaxYMax => (1.0, 1.0),
    };
    let left = (right * (outer.width - scale * view.w), down * (outer.height - scale * view.h));
    Affine::translate(left) * Affine::scale(scale) * corner
}
