//! Writing a text as asked.

use super::author::Writer;
use super::copy::{Runs, TRIES, Uncopied};
use super::demand::{Asked, Demand};
use super::draft::{Given, HOLE};
use super::met::met;
use super::verse::{self, Dictionary};
use super::{novelty, source, wishes};
use crate::author::{Made, Request};
use crate::error::{Error, Result};
use crate::inference::autoregressive as draw;
use crate::inference::autoregressive::{Follow, Options, Written};
use crate::inference::constraint::Kind;
use crate::model::Progress;
use crate::sequence::Chain;
use crate::settings::check;
use etude_piece::piece::Piece;
use std::ops::Range;
use std::sync::Arc;

/// How many symbols more than the fewest are written at most, while a text isn't finished.
const MORE: usize = 400;

/// How many more for each line that is asked for.
const MORE_A_LINE: usize = 60;

/// The longest text that can be asked for, in characters.
const LONGEST: usize = 100_000;

/// Characters of a line of verse, more or less, to tell how far the writing has come.
const LINE: usize = 40;

/// Particles where something is asked that a model must write towards.
const PARTICLES: usize = 16;

/// Writes a text that is as asked.
///
/// # Errors
///
/// Contradictions, requests that make no sense, and interruptions.
pub(super) fn compose(writer: &Writer, request: &Request, progress: &mut Progress) -> Result<Made> {
    let wish = Wish::read(request)?;
    if !progress(0.0, "reading what is asked") {
        return Err(Error::Interrupted);
    }
    let (written, exact) = match &wish.dictionary {
        Some(dictionary) => {
            let mut told = |symbols: usize| progress(symbols as f64 / (symbols + LINE) as f64, "writing");
            let given = wish.given.as_ref();
            let options = wish.options(false)?;
            let written = verse::write(writer, &wish.asked, given, dictionary, &options, &mut told)?;
            (written, false)
        }
        None => wish.write(writer, progress)?,
    };
    let text = writer.alphabet.decode(&written.symbols);
    let given = wish.places(&text).ok_or_else(|| Error::Broken("the draft isn't kept".to_owned()))?;
    let named = match exact {
        true => "log_probability_of_the_constraints",
        false => "estimate_of_the_log_probability_of_the_constraints",
    };
    let diagnostics = [
        (named, written.log_evidence),
        ("characters", text.chars().count() as f64),
        ("nats", written.nats),
        ("effective_particles", written.effective),
    ];
    let novelty = novelty::appraise(writer, &written.symbols, &given);
    let met = |asked: &Asked| met(&asked.demand, &text, &novelty, wish.dictionary.as_ref());
    Ok(Made {
        met: wish.asked.iter().map(met).collect(),
        novelty,
        messages: Vec::new(),
        diagnostics: diagnostics.map(|(name, value)| (name.to_owned(), value)).into(),
        piece: Piece::Text(text),
    })
}

/// A request, read.
struct Wish<'a> {
    request: &'a Request,
    asked: Vec<Asked>,
    given: Option<Given>,
    /// Where metre or rhyme is asked for.
    dictionary: Option<Dictionary>,
}

impl<'a> Wish<'a> {
    fn read(request: &'a Request) -> Result<Self> {
        check(&request.settings, &wishes())?;
        refuse_music(request)?;
        if let Some(length) = request.length.filter(|length| !(1..=LONGEST).contains(length)) {
            return Err(Error::usage(format!("a length of {length}"), format!("1 to {LONGEST} characters")));
        }
        let keep = request.keep.iter().map(|text| Asked::parse(Kind::Keep, text));
        let forbid = request.forbid.iter().map(|text| Asked::parse(Kind::Forbid, text));
        let asked = keep.chain(forbid).collect::<Result<Vec<Asked>>>()?;
        let mark = request.settings.get("hole").map_or(HOLE, String::as_str);
        let given =
            request.draft.as_ref().map(|draft| Given::read(draft, mark, request.length)).transpose()?;
        let verse = asked.iter().find(|asked| asked.demand.is_verse());
        let dictionary = match (verse, request.settings.get("dictionary"), request.length) {
            (None, _, _) => None,
            (Some(_), Some(dictionary), None) => Some(Dictionary::read(dictionary)?),
            (Some(verse), _, Some(length)) => {
                let found = format!("a length of {length}, beside {verse}");
                return Err(Error::usage(found, "say how many lines, such as --keep 'lines=4'"));
            }
            (Some(verse), None, _) => {
                let hint = "--set dictionary=@FILE, in the format of the CMU dictionary";
                return Err(Error::usage(format!("{verse} without a dictionary"), hint));
            }
        };
        Ok(Self { request, asked, given, dictionary })
    }

    /// How it is drawn: by one particle where nothing is asked but a beginning and a length.
    fn options(&self, is_free: bool) -> Result<Options> {
        let mut options = Options::read(&self.request.settings, self.request.seed)?;
        if is_free {
            options.particles = 1;
        } else if !self.request.settings.contains_key("particles") {
            options.particles = PARTICLES;
        }
        Ok(options)
    }

    /// Whether nothing is asked but a beginning and a length, so that every way to go on is allowed.
    fn is_free(&self) -> bool {
        let open =
            |given: &Given| given.is_beginning() || given.texts.len() == 2 && given.texts[1].is_empty();
        self.asked.iter().all(|asked| asked.demand.beginning().is_some())
            && self.given.as_ref().is_none_or(open)
    }

    /// Draws the symbols; tells too whether their evidence is the exact probability of what was asked.
    fn write(&self, writer: &Writer, progress: &mut Progress) -> Result<(Written, bool)> {
        let sources = source::all(&self.asked, self.given.as_ref(), self.request.length, &writer.alphabet)?;
        let automaton = Arc::new(source::compile(&sources, &writer.alphabet)?);
        let shortest = automaton.distance(0) as usize;
        let mut options = self.options(self.is_free())?;
        options.given = writer.alphabet.encode(self.beginning())?;
        let lines = self.asked.iter().map(|asked| match asked.demand {
            Demand::Lines(lines) => lines as usize,
            _ => 0,
        });
        options.most = shortest + MORE + MORE_A_LINE * lines.max().unwrap_or(0);
        let whole = shortest.saturating_sub(options.given.len()).max(1) as f64;
        let mut told = |symbols: usize| progress((symbols as f64 / whole).min(1.0), "writing");
        let model = writer.model.as_ref();
        let stopped = |stop: draw::Stop| stop.error(|step| format!("symbol {}", step + 1));
        if self.is_free() {
            let guide = Follow::new(automaton, None)?;
            return Ok((draw::write(model, &guide, &options, &mut told).map_err(stopped)?, true));
        }
        let chains: Vec<&dyn Chain> = writer.chains().iter().map(|chain| chain as &dyn Chain).collect();
        let Some((cap, most)) = self.cap() else {
            let aim = draw::Aim::new(model, &chains, automaton, None, options)?;
            let mut written = aim.write(&mut told).map_err(stopped)?;
            let exact = aim.log_probability();
            written.log_evidence = exact.unwrap_or(written.log_evidence);
            return Ok((written, exact.is_some()));
        };
        let runs = Arc::new(Runs::new(&writer.memory, most));
        for attempt in 0..TRIES {
            let guide = Uncopied::new(Arc::clone(&runs), writer.alphabet.len(), options.given.len());
            // The first try has the seed itself.
            let seed = options.seed ^ attempt << 32;
            let options = Options { seed, ..options.clone() };
            let aim = draw::Aim::new(model, &chains, Arc::clone(&automaton), Some(Box::new(guide)), options)?;
            match aim.write(&mut told) {
                Err(draw::Stop::DeadEnd(_)) => {}
                other => return Ok((other.map_err(stopped)?, false)),
            }
        }
        Err(source::contradiction(&[cap.to_string(), "the training texts".to_owned()]).into())
    }

    /// The strictest cap on copies.
    fn cap(&self) -> Option<(&Asked, usize)> {
        let caps = self.asked.iter().filter_map(|asked| match asked.demand {
            Demand::Copy(most) => Some((asked, most)),
            _ => None,
        });
        caps.min_by_key(|(_, most)| *most)
    }

    /// The longest text that the piece is known to begin with.
    fn beginning(&self) -> &str {
        let starts = self.asked.iter().filter_map(|asked| asked.demand.beginning());
        starts.chain(self.given.as_ref().map(Given::beginning)).max_by_key(|text| text.len()).unwrap_or("")
    }

    /// Where in a finished text something stands that was given; none if the draft isn't kept.
    fn places(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut places = match &self.given {
            Some(given) => given.places(text)?,
            None => Vec::new(),
        };
        places.extend(self.asked.iter().filter_map(|asked| asked.demand.place(text)));
        places.retain(|place| !place.is_empty());
        Some(places)
    }
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
