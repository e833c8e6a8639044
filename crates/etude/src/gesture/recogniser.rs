//! All models of gestures behind one plain interface: learn from labelled examples; answer with a ranking, or that it
//! is none of them; follow; make new ones.
//!
//! A whole gesture is ranked by dynamic time warping of places and directions; what comes near the best is weighed by
//! `$1` as well, for drawings. Following and making are the chains'.
//!
//! | what | drawings | sensors |
//! |---|---|---|
//! | frames | 48 along the path | 48 along time |
//! | place, size | don't matter | matter |
//! | angle | a little | – |
//! | strokes | one after the other, in the order drawn | – |

use super::dollar::{Angle, Template};
use super::follower::Follower;
use super::null_class;
use super::options::{Options, Reads};
use super::trajectory::Trajectory;
use super::variation::Variation;
use super::warping::Series;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::kernels::{exp, ln};

/// Gestures that were learnt from examples.
#[derive(Debug, Clone)]
pub struct Recogniser {
    options: Options,
    /// Names, in order of their first examples.
    names: Vec<String>,
    /// Each example with the place of its name.
    examples: Vec<(usize, Trajectory)>,
    templates: Vec<Example>,
    /// How far from its nearest template a gesture of each name may be.
    limits: Vec<f64>,
    follower: Follower,
}

/// An example as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Example {
    /// The place of its name.
    pub(super) name: usize,
    pub(super) series: Series,
    /// For drawings.
    dollar: Option<Template>,
}

/// What a whole gesture may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Every gesture, the likeliest first.
    pub ranking: Vec<Candidate>,
    /// Whether it is the first of them at all.
    pub known: bool,
}

/// One gesture that it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The gesture's name.
    pub name: String,
    /// How far the nearest of its examples is; infinity where it is too far to matter.
    pub distance: f64,
    /// How well it fits beside the others: these sum to 1.
    pub share: f64,
}

/// What is further than this many times the least distance isn't weighed by `$1`.
const NEAR: f64 = 1.5;

/// What is further than this many times the least distance isn't measured.
const FAR: f64 = 4.0;

/// How much `$1` counts beside warping, in logarithms of distances.
const DOLLAR: f64 = 0.4;

/// Shares fall with this power of the distance; chosen by likelihood on the `$1` logs.
const POWER: f64 = 8.0;

impl Recogniser {
    /// Learns gestures from examples with their names.
    ///
    /// # Errors
    ///
    /// No example, frames of several lengths, more than 65,536 names, or a name with a line break.
    pub fn learn(examples: &[(String, Trajectory)], options: &Options) -> Result<Self> {
        let mut names: Vec<String> = Vec::new();
        let mut kept = Vec::new();
        for (name, example) in examples {
            if name.is_empty() || name.contains('\n') {
                return Err(Error::usage(
                    format!("a gesture named {name:?}"),
                    "name it with one line of text",
                ));
            }
            let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
            kept.push((place, example.rounded()?));
        }
        if names.len() > usize::from(u16::MAX) {
            return Err(Error::usage(format!("{} gestures", names.len()), "65,535 are the most"));
        }
        let rounded: Vec<(String, Trajectory)> =
            kept.iter().map(|(place, example)| (names[*place].clone(), example.clone())).collect();
        let follower = Follower::learn(&rounded, &options.building())?;
        let templates = kept.iter().map(|(name, example)| Example::new(*name, example, options)).collect();
        let mut recogniser =
            Self { options: *options, names, examples: kept, templates, limits: vec![], follower };
        recogniser.limits = null_class::limits(&recogniser);
        Ok(recogniser)
    }

    /// Which gesture it is, if any.
    ///
    /// # Errors
    ///
    /// Frames of another length than the examples'.
    pub fn recognise(&self, gesture: &Trajectory) -> Result<Answer> {
        self.check(gesture)?;
        let asked = Example::new(0, gesture, &self.options);
        let mut distances = self.nearest(&asked.series);
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let best = distances.iter().position(|&distance| distance == least).unwrap_or(0);
        self.weigh(&asked, &mut distances, least);
        let mut order: Vec<usize> = (0..distances.len()).collect();
        order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
        let first = order[0];
        // The null class is of warping's distances alone.
        let own = if first == best { least } else { self.nearest_of(&asked.series, first) };
        let known = own <= self.limits[first] * self.options.tolerance;
        let shares = shares(&distances);
        let candidate = |place: usize| Candidate {
            name: self.names[place].clone(),
            distance: distances[place],
            share: shares[place],
        };
        Ok(Answer { ranking: order.into_iter().map(candidate).collect(), known })
    }

    /// The distance of each name's nearest example by warping; infinity where it is far beyond the least.
    fn nearest(&self, asked: &Series) -> Vec<f64> {
        // The likeliest first, by the bound: what comes later ends early.
        let mut order: Vec<(f64, &Example)> =
            self.templates.iter().map(|template| (asked.lower_bound(&template.series), template)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut distances = vec![f64::INFINITY; self.names.len()];
        let mut least = f64::INFINITY;
        for (bound, template) in order {
            let most = distances[template.name].min(least * FAR);
            if bound < most {
                let distance = asked.distance(&template.series, most);
                distances[template.name] = distances[template.name].min(distance);
                least = least.min(distance);
            }
        }
        distances
    }

    /// The distance of one name's nearest example by warping.
    fn nearest_of(&self, asked: &Series, name: usize) -> f64 {
        let own = self.templates.iter().filter(|template| template.name == name);
        own.fold(f64::INFINITY, |least, template| least.min(asked.distance(&template.series, least)))
    }

    /// Joins the distances that are near the least with those by `$1`.
    fn weigh(&self, asked: &Example, distances: &mut [f64], least: f64) {
        let Some(dollar) = &asked.dollar else { return };
        let close: Vec<bool> = distances.iter().map(|&distance| distance <= least * NEAR).collect();
        if close.iter().filter(|close| **close).count() < 2 || least == 0.0 {
            return;
        }
        let mut by_dollar = vec![f64::INFINITY; distances.len()];
        for template in self.templates.iter().filter(|template| close[template.name]) {
            if let Some(other) = &template.dollar {
                by_dollar[template.name] = by_dollar[template.name].min(dollar.distance(other));
            }
        }
        let best = by_dollar.iter().copied().fold(f64::INFINITY, f64::min);
        for (distance, by_dollar) in distances.iter_mut().zip(by_dollar).filter(|(_, d)| d.is_finite()) {
            // As far beyond the best by both, in logarithms; a gesture that is drawn exactly is no nearer than 1 %.
            let beyond = ln(by_dollar.max(0.01)) - ln(best.max(0.01));
            *distance *= exp(DOLLAR * beyond);
        }
    }

    /// How far a gesture is from the nearest example of a name, and how far it may be to be one.
    ///
    /// # Errors
    ///
    /// A name that wasn't learnt, or frames of another length.
    pub fn compare(&self, name: &str, gesture: &Trajectory) -> Result<(f64, f64)> {
        let place = self.place(name)?;
        self.check(gesture)?;
        let asked = Series::new(gesture, &self.options.view());
        Ok((self.nearest_of(&asked, place), self.limits[place] * self.options.tolerance))
    }

    /// How many frames the examples of a name have, their mean; 0 for a name that wasn't learnt.
    pub fn usual_frames(&self, name: &str) -> usize {
        self.follower.chain(name).map_or(0, |chain| chain.frames().round() as usize)
    }

    /// Where a name stands.
    fn place(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|known| known == name).ok_or_else(|| {
            Error::usage(format!("no gesture `{name}`"), format!("one of {}", self.names.join(", ")))
        })
    }

    /// Refuses frames of another length than the examples'.
    fn check(&self, gesture: &Trajectory) -> Result<()> {
        let dimension = self.examples[0].1.dimension();
        match gesture.dimension() == dimension {
            true => Ok(()),
            false => Err(Error::usage(
                format!("frames of {} numbers", gesture.dimension()),
                format!("the gestures were learnt from frames of {dimension}"),
            )),
        }
    }

    /// The names, in order of their first examples.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The examples, each with the place of its name.
    pub fn examples(&self) -> &[(usize, Trajectory)] {
        &self.examples
    }

    /// The options that it was learnt with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What follows gestures while they are under way, in the order of [`Recogniser::names`].
    pub fn follower(&self) -> &Follower {
        &self.follower
    }

    /// A new example of a gesture.
    ///
    /// # Errors
    ///
    /// A name that wasn't learnt.
    pub fn generate(&self, name: &str, chance: &mut Chance) -> Result<Trajectory> {
        self.place(name)?;
        let chain = self.follower.chain(name).expect("every name has a chain");
        Ok(Variation::draw(chain, chance).trajectory())
    }

    pub(super) fn templates(&self) -> &[Example] {
        &self.templates
    }
}

impl Example {
    fn new(name: usize, example: &Trajectory, options: &Options) -> Self {
        let drawn = options.reads == Reads::Drawings;
        let dollar = drawn.then(|| Template::new(example, Angle::Near));
        Self { name, series: Series::new(example, &options.view()), dollar }
    }
}

/// Shares that fall with a power of the distance and sum to 1.
fn shares(distances: &[f64]) -> Vec<f64> {
    let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
    let weight = |distance: f64| match distance == least {
        true => 1.0,
        // A distance of 0 leaves nothing to others; an infinite one gets nothing.
        false => exp(POWER * (ln(least.max(1e-300)) - ln(distance)).max(-80.0)),
    };
    let weights: Vec<f64> =
        distances.iter().map(|&distance| if distance.is_finite() { weight(distance) } else { 0.0 }).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| if sum > 0.0 { weight / sum } else { 1.0 / weights.len() as f64 }).collect()
}
