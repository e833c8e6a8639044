//! What a request comes to: metre, mode, key, form, and what the draft begins with.

use super::ask::Ask;
use super::author::{Folk, score};
use super::grammar::Grammar;
use super::plan::{PartPlan, Plan};
use super::read::{Opening, opening};
use super::request::{lay, parts, roomiest};
use super::tokens::{METRES, Token};
use super::tune::Tune;
use crate::author::Request;
use crate::error::{Error, Result};
use crate::inference::chance::Chance;
use crate::inference::constraint::Contradiction;
use etude_piece::score::{Key, Mode};
use std::sync::Arc;

/// The stream of randomness for metre, mode, key and form; the others draw the symbols.
const STREAM: u64 = u64::MAX;

/// What a request comes to, before what is asked of the notes.
pub(super) struct Wish {
    metre: usize,
    mode: usize,
    /// The key.
    pub(super) key: Key,
    /// The draft.
    pub(super) opening: Option<Opening>,
    /// The parts; none where the tune that lends its form shall tell.
    parts: Option<Vec<PartPlan>>,
    /// The form that a training tune lends.
    lent: Vec<PartPlan>,
}

impl Wish {
    /// Metre, mode and form are those of a training tune that is as asked, drawn by chance; the key is drawn among
    /// those that its mode has.
    pub(super) fn new(folk: &Folk, request: &Request) -> Result<Self> {
        let opening = request.draft.as_ref().map(|draft| {
            let unfit =
                |reason| Error::usage(format!("a draft with {reason}"), "the beginning of one melody");
            opening(score(draft)?).map_err(unfit)
        });
        let opening = opening.transpose()?;
        let of_draft = |asked: bool, what: &str| match asked {
            true => Ok(()),
            false => Err(contradiction(vec!["the draft".to_owned(), what.to_owned()])),
        };
        let drafted = request.draft.as_ref().map(score).transpose()?;
        let drafted = drafted.and_then(|score| score.keys.first()).map(|&(_, key)| key);
        let mut key = request.key;
        if let (Some(drafted), true) = (drafted, opening.is_some()) {
            of_draft(key.is_none_or(|key| key == drafted), "the key")?;
            key = Some(drafted);
        }
        let mode = self::mode(request, key)?.or(opening.as_ref().map(|opening| opening.mode));
        let mut metre = None;
        if let Some(asked) = request.metre {
            let signature = (u32::from(asked.count), u32::from(asked.unit));
            let known = || METRES.map(|(count, unit)| format!("{count}/{unit}")).join(", ");
            let unknown = || Error::usage(format!("a metre of {asked}"), format!("one of {}", known()));
            metre = Some(METRES.iter().position(|&known| known == signature).ok_or_else(unknown)?);
        }
        if let Some(opening) = &opening {
            of_draft(metre.is_none_or(|metre| metre == opening.metre), "the metre")?;
            metre = Some(opening.metre);
        }
        let mut chance = Chance::new(request.seed, STREAM);
        let lender = folk.lender(metre, mode, &mut chance);
        let tune = Tune::of(folk.memory.sequence(lender)).unwrap_or_default();
        let (metre, mode) = (metre.unwrap_or(tune.metre), mode.unwrap_or(tune.mode));
        let class = folk.class(mode, &mut chance);
        let key = key.unwrap_or(Key::on_class(class, Mode::ALL[mode]));
        let parts = parts(&request.settings, request.length)?;
        Ok(Self { metre, mode, key, opening, parts, lent: folk.form(lender) })
    }

    /// Semitones from symbols to what sounds, where it has to be known before.
    pub(super) fn shift(&self, asks: &[Ask]) -> i32 {
        self.opening.as_ref().map_or_else(|| roomiest(asks.iter(), self.key), |opening| opening.shift)
    }

    /// The plan with all that is asked, and the symbols that the tune begins with.
    pub(super) fn plan(&self, asks: &[Ask]) -> Result<(Plan, Vec<u32>)> {
        let all: Vec<&Ask> = asks.iter().collect();
        let fits = |asks: &[&Ask], drafted: bool| self.fitting(asks, drafted);
        if let Some(found) = fits(&all, true) {
            return Ok(found);
        }
        // Sources that aren't needed for the contradiction are dropped one by one.
        let drafted = self.opening.is_some() && fits(&all, false).is_some();
        let mut blamed = all;
        let mut index = 0;
        while index < blamed.len() {
            let mut fewer = blamed.clone();
            fewer.remove(index);
            match fits(&fewer, drafted) {
                None => blamed = fewer,
                Some(_) => index += 1,
            }
        }
        let mut culprits: Vec<String> = blamed.iter().map(|ask| ask.text.clone()).collect();
        if drafted {
            culprits.push("the draft".to_owned());
            if blamed.is_empty() {
                culprits.push("the form".to_owned());
            }
        }
        Err(contradiction(culprits))
    }

    /// A plan that the draft, if it counts, can be continued under; `None` where there is none.
    fn fitting(&self, asks: &[&Ask], drafted: bool) -> Option<(Plan, Vec<u32>)> {
        let opening = self.opening.as_ref().filter(|_| drafted);
        let shift = opening.map_or_else(|| roomiest(asks.iter().copied(), self.key), |opening| opening.shift);
        let forms = match &self.parts {
            Some(parts) => vec![parts.clone()],
            None => vec![self.lent.clone(), Vec::new()],
        };
        forms.into_iter().find_map(|parts| {
            let mut plan = Plan { metre: Some(self.metre), mode: Some(self.mode), parts, ..Plan::default() };
            lay(&mut plan, asks.iter().copied(), self.key, shift);
            let given = opening.map(|opening| begun(&opening.symbols, &plan)).unwrap_or_default();
            (plan.is_possible() && follows(&given, &plan)).then_some((plan, given))
        })
    }
}

/// The draft's symbols; a part that is to be repeated gets its sign.
fn begun(symbols: &[u32], plan: &Plan) -> Vec<u32> {
    let open = Token::Open.symbol().map_or(0, |symbol| symbol as u32);
    let mut begun = symbols.to_vec();
    if plan.parts.first().is_some_and(|part| part.repeated == Some(true)) && !symbols.contains(&open) {
        begun.insert(2.min(begun.len()), open);
    }
    begun
}

/// Whether the grammar allows a beginning.
fn follows(symbols: &[u32], plan: &Plan) -> bool {
    let mut grammar = Grammar::new(Arc::new(plan.clone()));
    symbols.iter().all(|&symbol| {
        let token = Token::of(symbol as usize).filter(|&token| grammar.allows(token));
        token.map(|token| grammar.push(token)).is_some()
    })
}

fn contradiction(constraints: Vec<String>) -> Error {
    let problem = if constraints.len() == 1 { "leaves no tune" } else { "leave no tune" };
    Contradiction { place: None, voice: None, constraints, problem: problem.to_owned() }.into()
}

/// The mode that is asked for, by its name or with the key.
fn mode(request: &Request, key: Option<Key>) -> Result<Option<usize>> {
    let place = |mode: Mode| Mode::ALL.iter().position(|&known| known == mode);
    let Some(name) = request.settings.get("mode").map(|name| name.trim()).filter(|name| *name != "learnt")
    else {
        return Ok(key.and_then(|key| place(key.mode)));
    };
    let known = || Mode::ALL.map(Mode::name).join(", ");
    let unknown = || Error::usage(format!("`mode={name}`"), format!("one of {}, or `learnt`", known()));
    let index = Mode::ALL.iter().position(|mode| mode.name() == name).ok_or_else(unknown)?;
    match key.is_none_or(|key| place(key.mode) == Some(index)) {
        true => Ok(Some(index)),
        false => Err(contradiction(vec!["the key".to_owned(), format!("`mode={name}`")])),
    }
}

impl Folk {
    /// A training tune of a metre and a mode, if there is one of both, or of the metre at least.
    fn lender(&self, metre: Option<usize>, mode: Option<usize>, chance: &mut Chance) -> usize {
        let begins = |index: &usize, metre: Option<usize>, mode: Option<usize>| {
            let symbol = |token: Token| token.symbol().map(|symbol| symbol as u32);
            let sequence = self.memory.sequence(*index);
            metre.is_none_or(|metre| sequence.first().copied() == symbol(Token::Metre(metre)))
                && mode.is_none_or(|mode| sequence.get(1).copied() == symbol(Token::Mode(mode)))
        };
        for (metre, mode) in [(metre, mode), (metre, None), (None, mode), (None, None)] {
            let like: Vec<usize> =
                (0..self.memory.len()).filter(|index| begins(index, metre, mode)).collect();
            if !like.is_empty() {
                return like[chance.below(like.len())];
            }
        }
        0
    }

    /// The class of a tonic, as often as tunes of a mode have it; D where none is known.
    fn class(&self, mode: usize, chance: &mut Chance) -> u8 {
        let counts = self.keys[mode];
        let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        if total == 0.0 {
            return 2;
        }
        chance.draw(&counts.map(|count| f64::from(count) / total)) as u8
    }
}
