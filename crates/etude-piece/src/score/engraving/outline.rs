//! Outlines: closed curves that are filled, and the boxes around them.

/// A place, in staff spaces: to the right, and downwards.
pub(super) type Point = (f64, f64);

/// One step of a pen around an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Segment {
    Move(Point),
    Line(Point),
    /// Two control points, then the end.
    Curve(Point, Point, Point),
    Close,
}

/// Closed curves, filled where they wind around (the nonzero rule).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outline(pub(super) Vec<Segment>);

impl Outline {
    /// Reads a path of M, L, C and Z with absolute numbers, as in [`super::glyph`]'s tables.
    pub(super) fn parse(path: &str) -> Self {
        let mut segments = Vec::new();
        for (at, letter) in path.match_indices(['M', 'L', 'C', 'Z']) {
            let rest = &path[at + 1..];
            let numbers = &rest[..rest.find(['M', 'L', 'C', 'Z']).unwrap_or(rest.len())];
            let numbers: Vec<f64> = numbers.split_whitespace().filter_map(|n| n.parse().ok()).collect();
            match (letter, numbers.as_slice()) {
                ("M", &[x, y]) => segments.push(Segment::Move((x, y))),
                ("L", &[x, y]) => segments.push(Segment::Line((x, y))),
                ("C", &[a, b, c, d, x, y]) => segments.push(Segment::Curve((a, b), (c, d), (x, y))),
                _ => segments.push(Segment::Close),
            }
        }
        Self(segments)
    }

    /// A polygon.
    pub(super) fn polygon(corners: &[Point]) -> Self {
        let pen = |(at, &corner): (usize, &Point)| {
            if at == 0 { Segment::Move(corner) } else { Segment::Line(corner) }
        };
        Self(corners.iter().enumerate().map(pen).chain([Segment::Close]).collect())
    }

    /// A circle.
    pub(super) fn disc((x, y): Point, radius: f64) -> Self {
        // How far control points stand off to make four curves a circle, nearly.
        let (r, k) = (radius, radius * 0.5523);
        Self(vec![
            Segment::Move((x + r, y)),
            Segment::Curve((x + r, y + k), (x + k, y + r), (x, y + r)),
            Segment::Curve((x - k, y + r), (x - r, y + k), (x - r, y)),
            Segment::Curve((x - r, y - k), (x - k, y - r), (x, y - r)),
            Segment::Curve((x + k, y - r), (x + r, y - k), (x + r, y)),
            Segment::Close,
        ])
    }

    /// The outline with every point moved by `map`.
    pub(super) fn map(&self, map: impl Fn(Point) -> Point) -> Self {
        let moved = |segment: &Segment| match *segment {
            Segment::Move(to) => Segment::Move(map(to)),
            Segment::Line(to) => Segment::Line(map(to)),
            Segment::Curve(a, b, to) => Segment::Curve(map(a), map(b), map(to)),
            Segment::Close => Segment::Close,
        };
        Self(self.0.iter().map(moved).collect())
    }

    /// A box around all points, control points too.
    pub(super) fn bounds(&self) -> Bounds {
        let points = self.0.iter().flat_map(|segment| match *segment {
            Segment::Move(to) | Segment::Line(to) => vec![to],
            Segment::Curve(a, b, to) => vec![a, b, to],
            Segment::Close => Vec::new(),
        });
        points.fold(Bounds::EMPTY, |bounds, point| bounds.with(point))
    }
}

/// A box, in staff spaces; `top` is above `bottom` and therefore the smaller number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Bounds {
    /// A box around nothing.
    pub(super) const EMPTY: Self =
        Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };

    /// The box that holds a point too.
    pub(super) fn with(self, (x, y): Point) -> Self {
        Self {
            left: self.left.min(x),
            top: self.top.min(y),
            right: self.right.max(x),
            bottom: self.bottom.max(y),
        }
    }

    /// The box around both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.left > self.right
    }

    /// Whether they share more than `slack`.
    #[cfg(test)]
    pub(super) fn overlaps(&self, other: &Self, slack: f64) -> bool {
        self.left + slack < other.right
            && other.left + slack < self.right
            && self.top + slack < other.bottom
            && other.top + slack < self.bottom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_by_its_letters() {
        let outline = Outline::parse("M0 -.5L1 2C1 2 3 4 -5 6Z");
        let expected = [
            Segment::Move((0.0, -0.5)),
            Segment::Line((1.0, 2.0)),
            Segment::Curve((1.0, 2.0), (3.0, 4.0), (-5.0, 6.0)),
            Segment::Close,
        ];
        assert_eq!(outline.0, expected);
        assert_eq!(outline.bounds(), Bounds { left: -5.0, top: -0.5, right: 3.0, bottom: 6.0 });
    }

    #[test]
    fn boxes_overlap_where_they_share_room() {
        let unit = Outline::polygon(&[(0.0, 0.0), (1.0, 1.0)]).bounds();
        let beside = Outline::polygon(&[(0.9, 0.0), (2.0, 1.0)]).bounds();
        assert!(unit.overlaps(&beside, 0.0) && !unit.overlaps(&beside, 0.2));
    }
}
