//! Metres and rhyme schemes, as they are written.

/// The most syllables of a line, so that places fit into 64 bits.
const MOST: usize = 60;

/// Feet by name: the syllables of one, `x` unstressed and `/` stressed.
const FEET: [(&str, &str); 4] =
    [("iambic", "x/"), ("trochaic", "/x"), ("anapaestic", "xx/"), ("dactylic", "/xx")];

/// Lines by how many feet they have, from one.
const LENGTHS: [&str; 8] =
    ["monometer", "dimeter", "trimeter", "tetrameter", "pentameter", "hexameter", "heptameter", "octameter"];

/// Reads a metre: `x/x/`, or a name such as `iambic-dimeter`; whether each syllable is stressed.
///
/// # Errors
///
/// What is no metre, with a hint.
pub(in crate::text) fn metre(text: &str) -> Result<Vec<bool>, String> {
    let named = text.split_once('-').and_then(|(foot, length)| {
        let (_, foot) = FEET.iter().find(|(name, _)| *name == foot)?;
        let count = LENGTHS.iter().position(|name| *name == length)?;
        Some(foot.repeat(count + 1))
    });
    let marks = named.unwrap_or_else(|| text.to_owned());
    let syllables = marks.chars().map(|mark| match mark {
        'x' => Some(false),
        '/' => Some(true),
        _ => None,
    });
    let syllables =
        syllables.collect::<Option<Vec<bool>>>().filter(|metre| (1..=MOST).contains(&metre.len()));
    syllables.ok_or_else(|| {
        let feet: Vec<&str> = FEET.iter().map(|(name, _)| *name).collect();
        format!(
            "x for an unstressed and / for a stressed syllable, at most {MOST}, or {} and {} to {}, such as iambic-pentameter",
            feet.join(", "),
            LENGTHS[0],
            LENGTHS[LENGTHS.len() - 1]
        )
    })
}

/// Reads a rhyme scheme: lines of one letter rhyme; those of `-` with none in particular.
///
/// # Errors
///
/// What is no scheme, with a hint.
pub(in crate::text) fn scheme(text: &str) -> Result<Vec<Option<char>>, String> {
    let line = |letter: char| match letter {
        '-' => Some(None),
        letter if letter.is_ascii_alphabetic() => Some(Some(letter.to_ascii_uppercase())),
        _ => None,
    };
    let lines: Option<Vec<Option<char>>> = text.chars().map(line).collect();
    let lines = lines.filter(|lines| (1..=100).contains(&lines.len()));
    lines.ok_or_else(|| {
        "a letter for each line, the same where they rhyme, such as ABAB; - with none".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{metre, scheme};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = metre(text).map(|metre| metre.iter().map(|&s| if s { '/' } else { 'x' }).collect());
        assert_eq!(told.unwrap_or_else(|hint: String| hint[..9].to_owned()), expected);
    }

    #[test]
    fn metres_have_marks_or_names() {
        check("x/xx/", "x/xx/");
        check("iambic-trimeter", "x/x/x/");
        check("dactylic-dimeter", "/xx/xx");
    }

    #[test]
    fn what_is_no_metre_is_refused() {
        for text in ["", "x-", "iambic", "iambic-", "iambic-septameter", &"x".repeat(61)] {
            check(text, "x for an ");
        }
    }

    #[test]
    fn schemes_have_letters() {
        assert_eq!(scheme("aB-"), Ok(vec![Some('A'), Some('B'), None]));
        assert!(scheme("").is_err() && scheme("A1").is_err());
    }
}
