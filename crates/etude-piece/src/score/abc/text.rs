//! Text strings: accents written with a backslash or as an entity, and the way back.

/// A mark, its name in entities, and the letters it stands on, plain and marked.
const MARKS: [(char, &str, &str, &str); 8] = [
    ('\'', "acute", "AEIOUYaeiouy", "ÁÉÍÓÚÝáéíóúý"),
    ('`', "grave", "AEIOUaeiou", "ÀÈÌÒÙàèìòù"),
    ('^', "circ", "AEIOUaeiou", "ÂÊÎÔÛâêîôû"),
    ('"', "uml", "AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"),
    ('~', "tilde", "ANOano", "ÃÑÕãñõ"),
    ('c', "cedil", "Cc", "Çç"),
    ('/', "slash", "Oo", "Øø"),
    ('v', "caron", "CSZcsz", "ČŠŽčšž"),
];

/// Letters written by two letters after a backslash.
const PAIRS: [(&str, char); 7] =
    [("ss", 'ß'), ("ae", 'æ'), ("AE", 'Æ'), ("oe", 'œ'), ("OE", 'Œ'), ("aa", 'å'), ("AA", 'Å')];

/// Entities that aren't a letter with a mark.
const ENTITIES: [(&str, char); 9] = [
    ("amp", '&'),
    ("quot", '"'),
    ("lt", '<'),
    ("gt", '>'),
    ("nbsp", ' '),
    ("copy", '©'),
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("aring", 'å'),
];

/// The text that a text string stands for; what isn't understood stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = match next {
            '\\' => escape(&rest[1..]).map(|(c, length)| (c, length + 1)),
            '&' => entity(&rest[1..]).map(|(c, length)| (c, length + 1)),
            _ => None,
        };
        let (decoded_char, length) = found.unwrap_or((next, next.len_utf8()));
        decoded.push(decoded_char);
        rest = &rest[length..];
    }
    decoded
}

/// The character that `rest` names, after a backslash, and how many bytes of it do.
fn escape(rest: &str) -> Option<(char, usize)> {
    if let Some(&(_, letter)) = PAIRS.iter().find(|(pair, _)| rest.starts_with(pair)) {
        return Some((letter, 2));
    }
    let mut chars = rest.chars();
    let (first, second) = (chars.next()?, chars.next());
    let marked = second.and_then(|letter| with_mark(letter, |&(mark, ..)| mark == first));
    if let Some(letter) = marked {
        return Some((letter, 2));
    }
    match first {
        '\\' | '%' | '&' | '-' | '"' => Some((first, 1)),
        'u' => {
            let code = rest.get(1..5).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let letter = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
            Some((letter, 5))
        }
        _ => None,
    }
}

/// The character of an entity, after its `&`, and how many bytes name it.
fn entity(rest: &str) -> Option<(char, usize)> {
    // No known name is longer than seven letters.
    let end = rest.bytes().take(8).position(|b| b == b';')?;
    let name = &rest[..end];
    if let Some(&(_, letter)) = ENTITIES.iter().find(|(known, _)| *known == name) {
        return Some((letter, end + 1));
    }
    let letter = name.chars().next()?;
    let mark = &name[letter.len_utf8()..];
    with_mark(letter, |&(_, known, ..)| known == mark).map(|marked| (marked, end + 1))
}

/// `letter` with the mark that `wanted` picks.
fn with_mark(letter: char, wanted: impl Fn(&(char, &str, &str, &str)) -> bool) -> Option<char> {
    let (.., plain, marked) = MARKS.iter().find(|row| wanted(row))?;
    marked.chars().nth(plain.chars().position(|c| c == letter)?)
}

/// A text string that stands for `text`, on one line.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '%' => encoded.extend(['\\', c]),
            '&' => encoded.push_str("\\&"),
            // A quotation mark would end a name or a chord symbol.
            '"' => encoded.push_str("\\u0022"),
            c if c.is_control() => encoded.push(' '),
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(decode(text), expected);
    }

    #[test]
    fn accents_come_as_backslashes_and_entities() {
        check("\\\"Ubung f\\\"ur \\'Etude, Sm\\/orrebr\\/od", "Übung für Étude, Smørrebrød");
        check("&Uuml;bung &amp; &eacute;tude", "Übung & étude");
        check("Stra\\sse \\u2669", "Straße ♩");
    }

    #[test]
    fn what_is_no_escape_stays() {
        check("R&D; AT&T, C:\\temp, 5 & 6 &", "R&D; AT&T, C:\\temp, 5 & 6 &");
        check("\\u12é4 \\", "\\u12é4 \\");
    }

    #[test]
    fn every_text_comes_back() {
        for text in ["plain", "100 % \\ & \"q\" \\\"u &amp; \\u0041", "é\\'e", "\\", "&"] {
            check(&encode(text), text);
        }
        assert_eq!(encode("two\nlines"), "two lines");
    }
}
