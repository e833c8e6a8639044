//! Text inside XML: escaped, and back.

/// The text as XML may hold it: special characters escaped, characters that XML forbids left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// What [`escape`] escaped.
pub(super) fn unescape(text: &str) -> String {
    // The ampersand comes last, so that nothing is undone twice.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_come_back() {
        for text in ["a < b & c > \"d\"", "&lt;", "&amp;lt;", "ü 𝄐"] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }

    #[test]
    fn forbidden_characters_are_left_out() {
        assert_eq!(escape("a\u{0}b\u{1b}[0mc\u{ffff}"), "ab[0mc");
    }
}
