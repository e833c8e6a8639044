//! A Rust file as the rules read it: with comments, strings and characters blanked, and its tests marked.
//!
//! This is no parser. It knows just enough of the language not to take a word in a string for code.

use std::ops::Range;

/// One file.
pub(crate) struct Source {
    /// From the root of the workspace, with `/` between the names.
    pub(crate) path: String,
    /// As it is written.
    pub(crate) text: String,
    /// The same lines and characters, those of comments, strings and character literals replaced by blanks.
    pub(crate) code: String,
    /// `code` without the items under `#[cfg(test)]`; blank in files that are tests as a whole.
    pub(crate) shipped: String,
    /// Whether the file as a whole is a test.
    pub(crate) test: bool,
}

impl Source {
    /// Takes a file apart.
    pub(crate) fn new(text: String, path: String) -> Self {
        let code = code(&text);
        let shipped = without(&code, &tests(&code));
        let test = path.contains("/tests/") || path.ends_with("/tests.rs");
        Self { shipped: if test { String::new() } else { shipped }, path, text, code, test }
    }

    /// Lines that are neither in a test nor a test's.
    pub(crate) fn shipped_lines(&self) -> usize {
        let tested: usize = tests(&self.code).into_iter().map(|span| self.code[span].lines().count()).sum();
        if self.test { 0 } else { self.text.lines().count() - tested }
    }

    /// The crate that the file belongs to: the name of its folder.
    pub(crate) fn floor(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or("")
    }

    /// Whether it goes into a library or a binary: not a test, example or benchmark.
    pub(crate) fn ships(&self) -> bool {
        !self.test && self.path.split('/').nth(2) == Some("src")
    }
}

/// Marks files that another one declares by `#[cfg(test)] mod name;`.
pub(crate) fn mark_tests(sources: &mut [Source]) {
    let mut declared = Vec::new();
    for source in sources.iter() {
        let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let stem = file.trim_end_matches(".rs");
        let inner = if ["mod", "lib", "main"].contains(&stem) {
            folder.to_owned()
        } else {
            format!("{folder}/{stem}")
        };
        for span in tests(&source.code) {
            let words: Vec<&str> =
                source.code[span].split([' ', '\n', ';']).filter(|w| !w.is_empty()).collect();
            if let [.., "mod", name] = words[..] {
                declared.push(format!("{inner}/{name}"));
            }
        }
    }
    let is_declared = |path: &str| {
        declared
            .iter()
            .any(|d| path.strip_prefix(d.as_str()).is_some_and(|end| end == ".rs" || end.starts_with('/')))
    };
    for source in sources.iter_mut().filter(|source| is_declared(&source.path)) {
        source.test = true;
        source.shipped.clear();
    }
}

/// The lines, counted from 1, on which `needle` stands as words of its own.
pub(crate) fn lines_with(code: &str, needle: &str) -> Vec<usize> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let stands_alone = |&(at, _): &(usize, &str)| {
        let before = code[..at].chars().next_back().is_some_and(inside) && needle.starts_with(inside);
        let after = code[at + needle.len()..].chars().next().is_some_and(inside) && needle.ends_with(inside);
        !before && !after
    };
    code.match_indices(needle).filter(stands_alone).map(|(at, _)| line(code, at)).collect()
}

/// The line, counted from 1, of a byte.
pub(crate) fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The text with all but code blanked.
fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = silent(&chars, at).unwrap_or(at).min(chars.len());
        code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        if end == at {
            code.push(chars[at]);
        }
        at = end.max(at + 1);
    }
    code
}

/// The end of the comment or literal that begins here, if one does.
fn silent(chars: &[char], at: usize) -> Option<usize> {
    let c = |offset: usize| chars.get(at + offset).copied().unwrap_or('\n');
    let find = |from: usize, mark: char| {
        let rest = chars.get(from..).unwrap_or(&[]);
        rest.iter().position(|&c| c == mark).map_or(chars.len(), |n| from + n)
    };
    match (c(0), c(1)) {
        ('/', '/') => Some(find(at, '\n')),
        ('/', '*') => Some(block_comment(chars, at)),
        ('"', _) => Some(string(chars, at)),
        ('r', '"' | '#') if !in_name(chars, at) => raw_string(chars, at),
        ('\'', '\\') => Some(find(at + 3, '\'') + 1),
        ('\'', _) if c(2) == '\'' => Some(at + 3),
        _ => None,
    }
}

/// Whether the `r` here ends a name rather than begins a raw string (`b` and `c` may stand before it).
fn in_name(chars: &[char], at: usize) -> bool {
    let named = |at: usize| at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let at = if at > 0 && matches!(chars[at - 1], 'b' | 'c') { at - 1 } else { at };
    named(at)
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None; // a raw name such as r#type
    }
    let closes =
        |at: usize| chars[at] == '"' && chars[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
    Some((open + 1..chars.len()).find(|&at| closes(at)).map_or(chars.len(), |at| at + 1 + hashes))
}

/// Where the items under `#[cfg(test)]` stand.
fn tests(code: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices("#[cfg(test)]") {
        if spans.last().is_none_or(|span| span.end <= start) {
            spans.push(start..item_end(code, start));
        }
    }
    spans
}

/// The end of the item that begins here: its first `;`, or the brace that closes its first one.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b';' if depth == 0 => return at + 1,
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The code with some spans blanked.
fn without(code: &str, spans: &[Range<usize>]) -> String {
    let keep =
        |(at, c): (usize, char)| if c != '\n' && spans.iter().any(|s| s.contains(&at)) { ' ' } else { c };
    code.char_indices().map(keep).collect()
}

#[track_caller]
fn check_code(text: &str, expected: &str) {
    let blanked = code(text);
    assert_eq!(blanked.chars().count(), text.chars().count());
    assert_eq!(blanked.split_whitespace().collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn comments_are_blanked() {
    check_code("a // b\nc /* d /* e */ f */ g /// h", "a c g");
}

#[test]
fn strings_are_blanked() {
    check_code(r##"a("b\"c", r"d\", r#"e"f"#, b"g", br"h")"##, "a( , , , b , b )");
}

#[test]
fn characters_are_blanked_and_lifetimes_stay() {
    check_code(r#"('"', '\'', '\u{1F600}', b'/', &'a str) "x""#, "( , , , b , &'a str)");
}

#[test]
fn raw_names_are_no_strings() {
    check_code("r#type + for r", "r#type + for r");
}

#[test]
fn tests_do_not_ship() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
    let source = Source::new(text.to_owned(), "crates/x/src/y.rs".to_owned());
    assert!(source.shipped.contains("fn c") && !source.shipped.contains("fn b"));
    assert_eq!(source.shipped_lines(), 2);
}

#[test]
fn files_declared_for_tests_do_not_ship() {
    let file = |path: &str, text: &str| Source::new(text.to_owned(), path.to_owned());
    let parent = file("crates/x/src/a/mod.rs", "#[cfg(test)]\npub(crate) mod example;\nmod other;");
    let mut sources = [parent, file("crates/x/src/a/example.rs", "a"), file("crates/x/src/a/other.rs", "b")];
    mark_tests(&mut sources);
    assert_eq!(sources.map(|source| source.ships()), [true, false, true]);
}

#[test]
fn a_word_stands_alone() {
    assert_eq!(lines_with("an unsafe\nunsafe_code\nunsafe {}", "unsafe"), [1, 3]);
    assert_eq!(lines_with("etude_piece::x\nuse etude::x", "etude::"), [2]);
}
