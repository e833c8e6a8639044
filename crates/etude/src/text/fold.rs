//! Letters without their accents and case.

/// What Latin letters with accents are without them, in lower case; ligatures are several letters.
///
/// Unicode 16, blocks Latin-1 Supplement, Latin Extended-A, and the letters of Vietnamese and Pinyin.
const ACCENTS: [(&str, &str); 31] = [
    ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặǻ"),
    ("ae", "æǽ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ĝğġģǧ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐỉị"),
    ("ij", "ĳ"),
    ("j", "ĵ"),
    ("k", "ķĸ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉŋ"),
    ("o", "òóôõöøōŏőơǒọỏốồổỗộớờởỡợǿ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšșſ"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜụủứừửữự"),
    ("w", "ŵẁẃẅ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
    ("ff", "ﬀ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("ffi", "ﬃ"),
    ("ffl", "ﬄ"),
    ("st", "ﬆ"),
    ("st", "ﬅ"),
];

/// The plain small letters of a character; of one that is no letter with accents, itself in lower case.
pub(super) fn base(character: char) -> impl Iterator<Item = char> {
    character.to_lowercase().flat_map(|small| {
        let found = ACCENTS.iter().find(|(_, accented)| accented.contains(small));
        let plain = found.map(|(plain, _)| *plain).unwrap_or_default();
        plain.chars().chain(plain.is_empty().then_some(small))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.chars().flat_map(base).collect::<String>(), expected);
    }

    #[test]
    fn accents_and_case_fall_away() {
        check("Ærø, Čapek, Übermaß", "aero, capek, ubermass");
    }

    #[test]
    fn other_characters_stay() {
        check("7 🦆 Ω", "7 🦆 ω");
    }
}
