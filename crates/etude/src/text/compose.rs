//! Writing a text as asked.

use super::author::Writer;
use super::demand::Asked;
use super::draft::{Given, HOLE};
use super::met::met;
use super::{novelty, source, wishes};
use crate::author::{Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive::{Automaton, Follow, Options, Written, write};
use crate::inference::constraint::Kind;
use crate::model::Progress;
use crate::settings::{check, get};
use etude_piece::piece::Piece;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many symbols more than the fewest are written at most, while a text isn't finished.
const MORE: usize = 1_000;

/// The longest text that can be asked for, in characters.
const LONGEST: usize = 100_000;

/// Particles where something is asked that a model must write towards.
const PARTICLES: usize = 16;

/// Writes a text that is as asked.
///
/// # Errors
///
/// Contradictions, requests that make no sense, and interruptions.
pub(super) fn compose(writer: &Writer, request: &Request, progress: &mut Progress) -> Result<Made> {
    let plan = Plan::new(writer, request)?;
    let options = plan.options(writer, request)?;
    let shortest = plan.automaton.distance(0) as usize;
    let written = plan.write(writer, &options, shortest, progress)?;
    let text = writer.alphabet.decode(&written.symbols);
    let given = plan.places(&text).ok_or_else(|| Error::Broken("the draft isn't kept".to_owned()))?;
    let diagnostics = BTreeMap::from([
        ("characters".to_owned(), text.chars().count() as f64),
        (
            "nats_per_symbol".to_owned(),
            written.nats / (written.symbols.len() - plan.prefix.len()).max(1) as f64,
        ),
        ("particles".to_owned(), options.particles as f64),
        ("effective_particles".to_owned(), written.effective),
        ("estimate_of_the_log_probability".to_owned(), written.log_evidence),
    ]);
    Ok(Made {
        novelty: novelty::appraise(writer, &written.symbols, &given),
        met: plan.asked.iter().map(|asked| met(&asked.demand, &text)).collect(),
        messages: Vec::new(),
        diagnostics,
        piece: Piece::Text(text),
    })
}

/// What a request comes to.
struct Plan {
    asked: Vec<Asked>,
    given: Option<Given>,
    /// All that is asked.
    automaton: Arc<Automaton>,
    /// The symbols that the text begins with.
    prefix: Vec<u32>,
}

impl Plan {
    fn new(writer: &Writer, request: &Request) -> Result<Self> {
        check(&request.settings, &wishes())?;
        refuse_music(request)?;
        if request.length.is_some_and(|length| !(1..=LONGEST).contains(&length)) {
            let found = format!("a length of {}", request.length.unwrap_or_default());
            return Err(Error::usage(found, format!("1 to {LONGEST} characters")));
        }
        let keep = request.keep.iter().map(|text| Asked::parse(Kind::Keep, text));
        let forbid = request.forbid.iter().map(|text| Asked::parse(Kind::Forbid, text));
        let asked = keep.chain(forbid).collect::<Result<Vec<Asked>>>()?;
        let mark = request.settings.get("hole").map_or(HOLE, String::as_str);
        let given =
            request.draft.as_ref().map(|draft| Given::read(draft, mark, request.length)).transpose()?;
        let sources = source::all(&asked, given.as_ref(), request.length, &writer.alphabet)?;
        let automaton = Arc::new(source::compile(&sources, &writer.alphabet)?);
        let prefix = writer.alphabet.encode(beginning(&asked, given.as_ref()))?;
        Ok(Self { asked, given, automaton, prefix })
    }

    /// How it is drawn: by one particle where nothing is asked but a beginning and a length.
    fn options(&self, writer: &Writer, request: &Request) -> Result<Options> {
        let mut settings = request.settings.clone();
        settings.remove("hole");
        let mut options = Options::read(&settings, request.seed)?;
        let free = self.asked.iter().all(|asked| asked.demand.beginning().is_some())
            && self.given.as_ref().is_none_or(|given| !given.has_end());
        options.particles = match (free, settings.contains_key("particles")) {
            (true, _) => 1,
            (false, true) => options.particles,
            (false, false) => get(&settings, "particles", PARTICLES, "", |_| true)?,
        };
        options.given.clone_from(&self.prefix);
        options.most = self.automaton.distance(0) as usize + MORE;
        debug_assert_eq!(self.automaton.symbols(), writer.alphabet.len());
        Ok(options)
    }

    fn write(
        &self,
        writer: &Writer,
        options: &Options,
        shortest: usize,
        progress: &mut Progress,
    ) -> Result<Written> {
        let guide = Follow::new(self.automaton.clone(), Some(shortest + MORE))?;
        let whole = (shortest - self.prefix.len().min(shortest)).max(1) as f64;
        let mut told = |symbols: usize| progress((symbols as f64 / whole).min(1.0), "writing");
        if !told(0) {
            return Err(Error::Interrupted);
        }
        let place = |step: usize| format!("symbol {}", step + 1);
        write(writer.model.as_ref(), &guide, options, &mut told).map_err(|stop| stop.error(place))
    }

    /// Where in a finished text something stands that was given; none if the draft isn't kept.
    fn places(&self, text: &str) -> Option<Vec<std::ops::Range<usize>>> {
        let mut places = match &self.given {
            Some(given) => given.places(text)?,
            None => Vec::new(),
        };
        places.extend(self.asked.iter().filter_map(|asked| asked.demand.place(text)));
        places.retain(|place| !place.is_empty());
        Some(places)
    }
}

/// The longest text that the piece is known to begin with.
fn beginning<'a>(asked: &'a [Asked], given: Option<&'a Given>) -> &'a str {
    let starts = asked.iter().filter_map(|asked| asked.demand.beginning());
    starts.chain(given.map(Given::beginning)).max_by_key(|text| text.len()).unwrap_or("")
}

/// What only music has can't be asked of a text.
fn refuse_music(request: &Request) -> Result<()> {
    let asked = [
        ("a key", request.key.is_some()),
        ("a metre in quarters", request.metre.is_some()),
        ("a tempo", request.tempo.is_some()),
    ];
    match asked.into_iter().find(|(_, asked)| *asked) {
        Some((what, _)) => Err(Error::usage(format!("{what}, of a text"), "that is for models of music")),
        None => Ok(()),
    }
}
