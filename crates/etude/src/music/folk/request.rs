//! From a request to a plan: the settings of the form, and what is asked of the notes.

use super::ask::{Ask, What};
use super::plan::{PartPlan, Plan};
use super::tokens::{LOWEST, PITCHES};
use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::inference::autoregressive::Options;
use crate::model::Settings;
use crate::settings::get;
use etude_piece::score::Key;

/// The most parts that can be asked for.
const PARTS: usize = 16;

/// The most bars of a part that can be asked for.
const BARS: usize = 64;

/// What can be set when writing.
pub fn wishes() -> Vec<Setting> {
    let setting = |name, default: &str, meaning| Setting { name, default: default.to_owned(), meaning };
    let mut wishes = Options::wishes();
    wishes.retain(|wish| wish.name != "particles");
    wishes.extend([
        setting(
            "particles",
            "16",
            "tunes written side by side towards what is asked (one where nothing is), 1 to 4096",
        ),
        setting(
            "mode",
            "learnt",
            "major, dorian, phrygian, lydian, mixolydian, minor or locrian; else as tunes have it",
        ),
        setting(
            "form",
            "learnt",
            "such as AABB or ABAC (letters twice in a row are repeated); `learnt` is a tune's, `free` any",
        ),
        setting("parts", "learnt", "how many parts, 1 to 16"),
        setting("bars", "learnt", "bars of each part, 1 to 64; 8 where a form is given in letters"),
    ]);
    wishes
}

/// The parts that are asked for; `None` where they shall be as tunes have them, an empty list for any.
pub(super) fn parts(settings: &Settings, length: Option<usize>) -> Result<Option<Vec<PartPlan>>> {
    let form = settings.get("form").map_or("learnt", |form| form.trim());
    let number = |name: &str, most: usize, range: &'static str| -> Result<Option<usize>> {
        match settings.get(name).map(|value| value.trim()) {
            None | Some("learnt") => Ok(None),
            Some(_) => get(settings, name, 1, range, |n| (1..=most).contains(n)).map(Some),
        }
    };
    let count = number("parts", PARTS, "from 1 to 16")?;
    let bars = number("bars", BARS, "from 1 to 64")?;
    let letters = match form {
        "learnt" | "free" => None,
        letters => Some(repeats(letters)?),
    };
    if let (Some(letters), Some(count)) = (&letters, count)
        && letters.len() != count
    {
        return Err(Error::usage(
            format!("`form={form}` and `parts={count}`"),
            "give one of them, or both alike",
        ));
    }
    if length.is_none() && count.is_none() && letters.is_none() && bars.is_none() {
        return Ok(if form == "free" { Some(Vec::new()) } else { None });
    }
    let natural = length.map_or(2, |length| (length + 4) / 8).clamp(1, PARTS);
    let mut parts = match letters {
        Some(letters) => {
            let eight = if length.is_some() { None } else { Some(bars.unwrap_or(8)) };
            letters
                .iter()
                .map(|&repeated| PartPlan { repeated: Some(repeated), bars: eight, unending: false })
                .collect()
        }
        None => vec![PartPlan { bars, ..PartPlan::default() }; count.unwrap_or(natural)],
    };
    if let Some(length) = length {
        share(&mut parts, length, bars)?;
    }
    Ok(Some(parts))
}

/// Whether each part of a form in letters is repeated.
fn repeats(letters: &str) -> Result<Vec<bool>> {
    let wrong =
        || Error::usage(format!("`form={letters}`"), "letters such as AABB or ABAC, `learnt` or `free`");
    let letters: Vec<char> = letters.chars().collect();
    if letters.is_empty() || !letters.iter().all(char::is_ascii_uppercase) {
        return Err(wrong());
    }
    let runs: Vec<usize> = letters.chunk_by(|a, b| a == b).map(<[char]>::len).collect();
    let fits = runs.len() <= PARTS && runs.iter().all(|&run| run <= 2);
    if fits { Ok(runs.iter().map(|&run| run == 2).collect()) } else { Err(wrong()) }
}

/// Shares the bars of a whole tune among its parts, earlier ones having one more where that doesn't come out even.
fn share(parts: &mut [PartPlan], length: usize, bars: Option<usize>) -> Result<()> {
    let count = parts.len();
    if length < count || length > count * BARS || bars.is_some_and(|bars| bars * count != length) {
        let found = format!("{length} bars of {count} parts");
        return Err(Error::usage(
            found,
            "a length that the parts can share: leave out `bars`, or change `parts`",
        ));
    }
    for (number, part) in parts.iter_mut().enumerate() {
        part.bars = Some(length / count + usize::from(number < length % count));
        part.unending = true;
    }
    Ok(())
}

/// Lays what is asked of the notes on a plan, for a key and a distance from the tune's pitches to those that sound.
pub(super) fn lay<'a>(plan: &mut Plan, asks: impl Iterator<Item = &'a Ask> + Clone, key: Key, shift: i32) {
    plan.pitches = pitches(asks.clone(), key, shift);
    let classes = |start: bool| {
        let may = |above: &u8| asks.clone().all(|ask| ask.allows_at(start, *above, key));
        (0..12).filter(may).fold(0, |set, above| set | 1 << above)
    };
    (plan.start, plan.end) = (classes(true), classes(false));
    for ask in asks {
        match ask.what {
            What::Rests => plan.rests = false,
            What::Ties => plan.ties = false,
            What::Triplets => plan.triplets = false,
            What::Upbeats => plan.upbeats = false,
            What::Endings => plan.unending = true,
            _ => {}
        }
    }
}

/// The pitches that may sound, bit n for the n-th of the alphabet.
fn pitches<'a>(asks: impl Iterator<Item = &'a Ask> + Clone, key: Key, shift: i32) -> u64 {
    let sounds = |n: &usize| {
        let midi = u8::try_from(i32::from(LOWEST) + *n as i32 + shift).ok().filter(|&midi| midi < 128);
        midi.is_some_and(|midi| asks.clone().all(|ask| ask.allows(midi, key)))
    };
    (0..PITCHES).filter(sounds).fold(0, |set, n| set | 1 << n)
}

/// The octave in which most of the pitches that tunes like, G3 to G5, may sound.
pub(super) fn roomiest<'a>(asks: impl Iterator<Item = &'a Ask> + Clone, key: Key) -> i32 {
    let liked: u64 = (55..=79).fold(0, |set, midi| set | 1 << (midi - LOWEST));
    let class = i32::from(key.tonic_class());
    let room = |shift: &i32| (pitches(asks.clone(), key, *shift) & liked).count_ones();
    // Of octaves with as much room the one nearest to where tunes lie.
    let mut octaves = [0, -12, 12, -24, 24, -36, 36].map(|octave| octave + class);
    octaves.sort_by_key(|shift| std::cmp::Reverse(room(shift)));
    octaves[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: &[(&str, &str)], length: Option<usize>, expected: &str) {
        let settings = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let told = match parts(&settings, length) {
            Err(error) => error.to_string(),
            Ok(None) => "learnt".to_owned(),
            Ok(Some(parts)) => {
                let shown = parts.iter().map(|part| {
                    let sign = match part.repeated {
                        None => "?",
                        Some(true) => ":",
                        Some(false) => "",
                    };
                    part.bars.map_or("any".to_owned(), |bars| bars.to_string()) + sign
                });
                shown.collect::<Vec<_>>().join(" ")
            }
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn nothing_asked_is_as_tunes_have_it() {
        check(&[], None, "learnt");
    }

    #[test]
    fn letters_twice_in_a_row_are_repeated() {
        check(&[("form", "AABBC")], None, "8: 8: 8");
    }

    #[test]
    fn letters_once_in_a_row_are_parts_without_repeat_signs() {
        check(&[("form", "ABCC"), ("bars", "4")], None, "4 4 4:");
    }

    #[test]
    fn a_length_is_shared_among_the_parts() {
        check(&[], Some(16), "8? 8?");
        check(&[("parts", "3")], Some(16), "6? 5? 5?");
        check(&[("form", "AABB")], Some(12), "6: 6:");
    }

    #[test]
    fn what_does_not_come_out_is_refused() {
        check(&[("form", "AAA")], None, "`form=AAA`; hint: letters such as AABB or ABAC, `learnt` or `free`");
        check(
            &[("form", "AABB"), ("parts", "3")],
            None,
            "`form=AABB` and `parts=3`; hint: give one of them, or both alike",
        );
    }
}
