//! Which voices a constraint speaks of: `S`, `SA`, `soprano,bass`, `2`, `1-3`, `*`.

use super::token::{Mistake, Token};
use etude_piece::score::grid::voice_name;

/// One entry of a list of voices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// The voice whose name begins with this letter, upper case.
    Initial(char),
    /// From the top, from 1, both included.
    Numbers(usize, usize),
}

/// The voices that a constraint speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Voices {
    /// Empty: all of them.
    named: Vec<Named>,
}

const NAMES: [&str; 5] = ["soprano", "alto", "tenor", "bass", "melody"];
const EXPECTED: &str = "voices such as S, SA, soprano, 2, 1-3 or *";

impl Voices {
    /// Reads a list of voices; nothing means all.
    pub(super) fn parse(token: Token<'_>) -> Result<Self, Mistake> {
        if token.text.is_empty() {
            return Ok(Self { named: Vec::new() });
        }
        let mut named = Vec::new();
        let mut all = false;
        for part in token.split(&[',']) {
            match part.text.to_lowercase().as_str() {
                "*" | "all" => all = true,
                _ => named.extend(read(part)?),
            }
        }
        if all {
            named.clear();
        }
        Ok(Self { named })
    }

    /// The voices among `count`, ascending from the top (0), each once.
    ///
    /// # Errors
    ///
    /// The reason, if one of them doesn't exist.
    pub(super) fn among(&self, count: usize) -> Result<Vec<usize>, String> {
        if self.named.is_empty() {
            return Ok((0..count).collect());
        }
        let mut voices = Vec::new();
        for named in &self.named {
            match *named {
                Named::Initial(letter) => {
                    let of_letter = (0..count.min(4)).find(|&v| voice_name(v, count).starts_with(letter));
                    // From five voices on they have numbers only, and every name begins with V.
                    let voice = of_letter.filter(|_| count <= 4);
                    voices.push(voice.ok_or_else(|| format!("there is no voice {letter}; {}", list(count)))?);
                }
                Named::Numbers(_, last) if last > count => {
                    return Err(format!("there is no voice {last}; {}", list(count)));
                }
                Named::Numbers(first, last) => voices.extend(first - 1..last),
            }
        }
        voices.sort_unstable();
        voices.dedup();
        Ok(voices)
    }
}

/// What voices there are, in words.
fn list(count: usize) -> String {
    match count {
        1 => "the one voice is M or 1".to_owned(),
        2..=4 => {
            let initials: String = (0..count).filter_map(|v| voice_name(v, count).chars().next()).collect();
            format!("the voices are {initials}, or 1-{count} from the top")
        }
        _ => format!("the voices are 1-{count} from the top"),
    }
}

/// One name, several initials, a number or a range of numbers.
fn read(part: Token<'_>) -> Result<Vec<Named>, Mistake> {
    let lower = part.text.to_lowercase();
    if let Some((first, last)) = part.split_once("-") {
        let (low, high) = (number(first)?, number(last)?);
        return match low <= high {
            true => Ok(vec![Named::Numbers(low, high)]),
            false => Err(part.mistake("the higher voice, which has the lower number, first")),
        };
    }
    if lower.starts_with(|c: char| c.is_ascii_digit()) {
        return number(part).map(|n| vec![Named::Numbers(n, n)]);
    }
    if let Some(name) = NAMES.iter().find(|name| **name == lower) {
        return Ok(name.chars().take(1).map(|c| Named::Initial(c.to_ascii_uppercase())).collect());
    }
    let letters = lower.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase());
    let initials: Vec<Named> = letters.map(Named::Initial).collect();
    let known = |named: &Named| matches!(named, Named::Initial('S' | 'A' | 'T' | 'B' | 'M'));
    match !initials.is_empty() && initials.iter().all(known) {
        true => Ok(initials),
        false => Err(part.mistake(EXPECTED)),
    }
}

/// A voice's number, from 1.
fn number(token: Token<'_>) -> Result<usize, Mistake> {
    let short = token.text.len() <= 3;
    token.text.parse().ok().filter(|&n| n > 0 && short).ok_or_else(|| token.mistake(EXPECTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, count: usize, expected: &[usize]) {
        let voices = Voices::parse(Token::whole(text)).expect("it reads");
        assert_eq!(voices.among(count).expect("they exist"), expected);
    }

    #[test]
    fn voices_have_initials_names_and_numbers() {
        check("SA", 4, &[0, 1]);
        check("bass,Soprano", 4, &[0, 3]);
        check("2-3, 2", 4, &[1, 2]);
        check("", 3, &[0, 1, 2]);
        check("*", 1, &[0]);
        check("b", 2, &[1]);
        check("M", 1, &[0]);
        check("5", 5, &[4]);
    }

    #[track_caller]
    fn check_absent(text: &str, count: usize, expected: &str) {
        let voices = Voices::parse(Token::whole(text)).expect("it reads");
        assert_eq!(voices.among(count), Err(expected.to_owned()));
    }

    #[test]
    fn an_absent_voice_is_named_beside_those_that_exist() {
        check_absent("T", 3, "there is no voice T; the voices are SAB, or 1-3 from the top");
        check_absent("S", 1, "there is no voice S; the one voice is M or 1");
        check_absent("7", 6, "there is no voice 7; the voices are 1-6 from the top");
    }
}
