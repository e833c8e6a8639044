//! Which letters the type has, and from what others are put together.

/// The characters of the type's glyphs, from the first on.
pub(super) const CHARSET: &str = concat!(
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
    "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
    "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿıŁłŒœŠšŸŽžƒˆˇ˘˙˚˛˜˝–—‘’‚“”„†‡•…‰‹›⁄€™−ﬁﬂ",
);

/// An accent, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accent {
    Above(char),
    Below(char),
    Beside(char),
}

impl Accent {
    /// The sign itself.
    pub(super) fn mark(self) -> char {
        match self {
            Self::Above(mark) | Self::Below(mark) | Self::Beside(mark) => mark,
        }
    }
}

/// Accents with the letters that carry them: composed letters, then their bases in the same order.
const COMPOSED: [(Accent, &str, &str); 10] = [
    (Accent::Above('ˇ'), "ČčĎĚěŇňŘřŤǍǎǑǒǓǔ", "CcDEeNnRrTAaOoUu"),
    (Accent::Beside('’'), "ďťľĽ", "dtlL"),
    (Accent::Above('´'), "ĆćĹĺŃńŔŕŚśŹźẂẃ", "CcLlNnRrSsZzWw"),
    (Accent::Above('˝'), "ŐőŰű", "OoUu"),
    (Accent::Above('˘'), "ĂăĔĕĞğŎŏŬŭ", "AaEeGgOoUu"),
    (Accent::Above('˙'), "ŻżĖėİĊċĠġ", "ZzEeICcGg"),
    (Accent::Above('˚'), "Ůů", "Uu"),
    (Accent::Above('¯'), "ĀāĒēĪīŌōŪū", "AaEeIıOoUu"),
    (Accent::Below('˛'), "ĄąĘęĮįŲų", "AaEeIiUu"),
    (Accent::Below('¸'), "ŞşŢţȘșȚțĶķĻļŅņ", "SsTtSsTtKkLlNn"),
];

/// From what letter and accent a character is put together.
pub(super) fn composition(character: char) -> Option<(char, Accent)> {
    COMPOSED.iter().find_map(|&(accent, composed, bases)| {
        let at = composed.chars().position(|other| other == character)?;
        Some((bases.chars().nth(at)?, accent))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_composed_letter_has_a_base_in_the_type() {
        for (accent, composed, bases) in COMPOSED {
            assert_eq!(composed.chars().count(), bases.chars().count(), "{composed}");
            assert!(bases.chars().chain([accent.mark()]).all(|c| CHARSET.contains(c)), "{composed}");
        }
    }
}
