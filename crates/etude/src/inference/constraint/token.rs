//! A piece of a constraint's text that knows its column, so that mistakes can be pointed at.

/// Part of a text and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Its first character's place in the whole, in characters, from 1.
    pub(super) column: usize,
}

/// A mistake and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) column: usize,
    pub(super) found: String,
    pub(super) expected: String,
    pub(super) hint: Option<String>,
}

impl Mistake {
    /// The same mistake with a hint.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl<'a> Token<'a> {
    /// A whole text.
    pub(super) fn whole(text: &'a str) -> Self {
        Self { text, column: 1 }
    }

    /// What follows the first `bytes` bytes. Panics unless they end between characters.
    pub(super) fn after(self, bytes: usize) -> Self {
        let column = self.column + self.text[..bytes].chars().count();
        Self { text: &self.text[bytes..], column }
    }

    /// Without the white space around it.
    pub(super) fn trim(self) -> Self {
        let inner = self.after(self.text.len() - self.text.trim_start().len());
        Self { text: inner.text.trim_end(), ..inner }
    }

    /// The parts before and after the first `separator`.
    pub(super) fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        let before = Self { text: &self.text[..at], ..self };
        Some((before.trim(), self.after(at + separator.len()).trim()))
    }

    /// The trimmed parts between separators.
    pub(super) fn split(self, separators: &[char]) -> Vec<Self> {
        let mut rest = self;
        let mut parts = Vec::new();
        while let Some(at) = rest.text.find(separators) {
            parts.push(Self { text: &rest.text[..at], ..rest }.trim());
            let separator = rest.text[at..].chars().next().map_or(0, char::len_utf8);
            rest = rest.after(at + separator);
        }
        parts.push(rest.trim());
        parts
    }

    /// A mistake here.
    pub(super) fn mistake(self, expected: impl Into<String>) -> Mistake {
        let found = if self.text.is_empty() { "nothing".to_owned() } else { format!("`{}`", self.text) };
        Mistake { column: self.column, found, expected: expected.into(), hint: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_columns() {
        let parts = Token::whole("C4, é | D5").split(&[',', '|']);
        let seen: Vec<_> = parts.iter().map(|part| (part.text, part.column)).collect();
        assert_eq!(seen, [("C4", 1), ("é", 5), ("D5", 9)]);
        let (before, after) = Token::whole("S = C4").split_once("=").expect("there is one");
        assert_eq!((before.text, after.text, after.column), ("S", "C4", 5));
    }
}
