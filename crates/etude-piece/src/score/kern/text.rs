//! Text inside tokens and records: characters that have a meaning of their own stand as numbers, `&#9;` or `&#x9;`.

/// The longest reference, from `&` to `;`, in bytes.
const LONGEST: usize = 10;

/// The text that a token or record stands for.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("&#") {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (found, length) = reference(rest).unwrap_or(('&', 1));
        decoded.push(found);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    decoded
}

/// The character that `rest`, which begins with `&#`, names, and how many bytes do.
fn reference(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let digits = &rest[2..end];
    let code = match digits.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((char::from_u32(code)?, end + 1))
}

/// A token that stands for `text`, which isn't empty.
pub(super) fn encode_token(text: &str) -> String {
    let alone = text == ".";
    encode(text, |index, c| alone || c == ' ' || (index == 0 && "*!=-_|".contains(c)))
}

/// A record's value that stands for `text`.
pub(super) fn encode_record(text: &str) -> String {
    let last = text.char_indices().next_back().map_or(0, |(index, _)| index);
    encode(text, |index, c| c.is_whitespace() && (c != ' ' || index == 0 || index == last))
}

fn encode(text: &str, special: impl Fn(usize, char) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let reference = c == '&' && text[index..].starts_with("&#");
        if c.is_control() || reference || special(index, c) {
            encoded.push_str(&format!("&#{};", u32::from(c)));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, token: &str) {
        assert_eq!(encode_token(text), token);
        assert_eq!(decode(token), text);
        assert_eq!(decode(&encode_record(text)), text);
    }

    #[test]
    fn characters_with_a_meaning_stand_as_numbers() {
        check("home.", "home.");
        check(".", "&#46;");
        check("*to be*", "&#42;to&#32;be*");
        check("a\tb\nc", "a&#9;b&#10;c");
        check("R&B &#9;", "R&B&#32;&#38;#9;");
        check("- ", "&#45;&#32;");
        check(" éø\u{2003}", "&#32;éø\u{2003}");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["&#", "&#x;", "&#99999999999999;", "&#xD800;", "&#;", "&amp;", "&#é;"] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("&#x41;&#66;"), "AB");
    }

    #[test]
    fn records_keep_blanks_at_their_ends() {
        assert_eq!(encode_record(" a b "), "&#32;a b&#32;");
    }
}
