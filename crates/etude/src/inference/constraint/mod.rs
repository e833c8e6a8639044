//! The little language of `--keep` and `--forbid`, and its compilation onto a draft.
//!
//! A constraint is written `[VOICES][@REGION]=WHAT`. Kept, it leaves of every cell that it covers only what it names;
//! forbidden, only what it doesn't. [`compile`] lays all of them on one draft, or names a smallest set that contradicts
//! itself; [`met`] checks a finished piece, independently of the compilation.
//!
//! | constraint | meaning when kept |
//! |---|---|
//! | `S=given` | the soprano of the draft, and nothing else of it |
//! | `@5-8=open` | forget what the draft has in bars 5 to 8 |
//! | `S@3=C5` | in bar 3 the soprano sings C5 |
//! | `B@end=tonic` | the bass ends on the tonic, in any octave |
//! | `ST=C4..G5` | what soprano and tenor sing lies from C4 to G5; `C4..` and `..G5` bound one side |
//! | `*=scale` | whatever sounds belongs to the key's scale |
//! | `@2-4=d-minor` | the same, D minor with the raised sixth and seventh, in bars 2 to 4 |
//! | `@3.2=chord:G7/B` | bar 3, beat 2: every voice has a note of G7, the lowest B |
//! | `@*.1=^1,^3,^5` | the first beat of every bar: first, third or fifth degree |
//! | `T@4=rest` | the tenor pauses in bar 4; `sounding` is the opposite |
//! | `S@1-2=rhythm:1,1/2,1/2` | notes of these lengths in quarter notes, over and over; `1r` is a rest |
//! | `B@last=hold` | the bass strikes nothing within the last bar |
//! | `S@*.1=strike` | the soprano strikes a note on every bar's first beat |
//! | `@4=cadence:half` | bar 4 closes on the dominant; `perfect` (plain `cadence`), `picardy`, `plagal`, `deceptive` |
//!
//! VOICES: initials (`S`, `SA`), names (`soprano,bass`), numbers from the top (`2`, `1-3`), `*` or nothing for all.
//! One voice is `M`; five and more have numbers only.
//!
//! REGION: bars (`3`, `2-4`, `5-`, `-4`), beats (`3.2`, `3.2-4.1`: both ends included, each as long as the metre's
//! counted unit), parts of beats (`3.2+1/2`: from the off-beat to the beat's end), the same beat of every bar (`*.1`),
//! `start` and `end` (the first and the last beat), `last` (the last bar), or several of these between commas. An upbeat is
//! bar 0, its beats counted from its first note. Nothing means everywhere.
//!
//! WHAT: one of the words above, or a set between commas or bars: `C4,E4|rest`. A scale or a range speaks of what sounds
//! and leaves a voice its rests; every other entry of a kept set demands to be there. Chords and cadences bind the lowest
//! voice where there are several. Rhythms, cadences, `hold`, `strike` and `open` stand alone and can't be forbidden.
//!
//! The draft's own notes count unless told otherwise: all of them, or those of `given` if a `--keep …=given` stands
//! anywhere, without those of `open`, `--forbid …=given` ("anything but that") and sets that name `given` beside others
//! ("that or a rest"). A tie of the draft into or out of a part that it loses may be cut.
//!
//! ```
//! use etude::inference::constraint::{Constraint, Kind, compile};
//! use etude_piece::{alphabet::Alphabet, score::{Frame, Key}};
//!
//! let asked = [Constraint::parse(Kind::Keep, "*=scale")?, Constraint::parse(Kind::Forbid, "M@end=..A4")?];
//! let frame = Frame::sixteenths(1, 32);
//! let draft = compile(None, &frame, Key::C_MAJOR, &[Alphabet::range(60, 72)], &asked)?;
//! assert_eq!(format!("{:?}", draft.hole(31, 0)), r#"{"rest", 71, 72}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bars;
mod compile;
mod error;
mod harmony;
mod inherit;
mod item;
mod met;
mod region;
mod source;
mod token;
mod voices;
mod what;

#[cfg(test)]
mod tests;

pub use compile::compile;
pub use error::{Contradiction, ParseError};
pub use met::met;

use region::Region;
use std::fmt;
use token::{Mistake, Token};
use voices::Voices;
use what::What;

/// The language on one screen, for a command's long help.
pub const HELP: &str = "\
A constraint is [VOICES][@REGION]=WHAT. Put it between single quotes.

VOICES  S, SA, soprano,bass    initials or names (one voice alone is M)
        1, 2,3, 1-3            numbers from the top
        * or nothing           all voices

REGION  3, 2-4, 5-, -4         bars; an upbeat is bar 0
        3.2, 3.2-4.1           bar and beat, both ends included
        3.2+1/2                the second half of a beat
        *.1                    beat 1 of every bar
        start, end, last       the first beat, the last beat, the last bar
        nothing                everywhere; 1,3,end lists several

WHAT    a set, between commas:
        C4, F#4, Bb3           pitches              C         a class, any octave
        C4..G5, C4.., ..G5     ranges               ^1, ^#4   degrees of the key
        G-major, d-minor       scales               scale     the key's own
        chord:G7, chord:C/E    chords               tonic     the same as ^1
        rest, sounding         silence or not       given     what the draft has there
        or one of these, with --keep only:
        open                   forget what the draft has there
        rhythm:1,1/2,1r        lengths in quarter notes, repeated; r is a rest
        hold, strike           strike nothing inside; strike at the start
        cadence:perfect        or picardy, plagal, half, deceptive

EXAMPLES
        --keep 'S=given' --keep 'B@end=tonic'       harmonise a soprano, end on the tonic
        --keep '@5-8=open' --forbid '@5-8=given'    compose bars 5 to 8 anew, each note changed
        --keep '*=scale' --keep '@last=cadence'     stay in the key, close perfectly
        --forbid 'SA=..B3' --forbid 'T=F#,C#'       nothing that low; none of these classes";

/// Whether a constraint's set is what may be there or what may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `--keep`: only these.
    Keep,
    /// `--forbid`: none of these.
    Forbid,
}

impl Kind {
    /// The option that introduces it.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Keep => "--keep",
            Self::Forbid => "--forbid",
        }
    }
}

/// One thing asked of a piece; see the module's table. Shown as typed: `--keep 'S@3=C4'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    text: String,
    kind: Kind,
    voices: Voices,
    region: Region,
    what: What,
}

impl Constraint {
    /// Reads a constraint. `♯` and `♭` are read as `#` and `b`.
    ///
    /// # Errors
    ///
    /// A text outside the language, with the column of the mistake.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, ParseError> {
        let plain = text.replace('♯', "#").replace('♭', "b");
        Self::read(kind, text, &plain).map_err(|mistake| {
            let Mistake { column, found, expected, hint } = mistake;
            ParseError { constraint: shown(kind, text), column, found, expected, hint }
        })
    }

    /// The text as typed, without its option.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it keeps or forbids.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    fn read(kind: Kind, text: &str, plain: &str) -> Result<Self, Mistake> {
        let token = Token::whole(plain);
        let Some((scope, what)) = token.split_once("=") else {
            return Err(token.mistake("VOICES@REGION=WHAT").hint("such as S=given or B@end=tonic"));
        };
        let (voices, region) = match scope.split_once("@") {
            Some((voices, region)) => (voices, Region::parse(region)?),
            None => (scope, Region::WHOLE),
        };
        let voices = Voices::parse(voices).map_err(|mistake| match mistake.hint {
            None if scope.text.starts_with(|c: char| c.is_ascii_digit()) => {
                mistake.hint("bars follow an @: @3.2=C4")
            }
            _ => mistake,
        })?;
        Ok(Self { text: text.to_owned(), kind, voices, region, what: What::parse(kind, what)? })
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.kind, &self.text))
    }
}

/// A constraint as typed in a shell, on one line.
fn shown(kind: Kind, text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{} '{line}'", kind.option())
}
