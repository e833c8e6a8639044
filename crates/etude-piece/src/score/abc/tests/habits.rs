//! Tunes rewritten as the oracles' programs play them: parts in order, trills and rolls in full.

use crate::score::abc::tune::is_field;

/// A tune's lines up to K:, and those after it.
pub(super) fn halves(source: &str) -> (Vec<&str>, Vec<&str>) {
    let mut header: Vec<&str> = source.lines().collect();
    let key = header.iter().position(|line| is_field(line) == Some('K')).map_or(header.len(), |key| key + 1);
    let body = header.split_off(key);
    (header, body)
}

/// A tune whose parts, labelled by P:, are put in the order that the header's field `letter` asks for, each with the
/// key, metre and unit length in force where it is written; `None` where there is no such order of single letters.
pub(super) fn in_order(source: &str, letter: char) -> Option<String> {
    let (header, body) = halves(source);
    let order = header.iter().find(|line| is_field(line) == Some(letter))?;
    let order: String = order[2..].split('%').next()?.split_whitespace().collect();
    let mut state: Vec<&str> =
        header.iter().copied().filter(|line| matches!(is_field(line), Some('K' | 'L' | 'M'))).collect();
    let mut parts: Vec<(char, String)> = vec![('\0', String::new())];
    for line in body {
        match is_field(line) {
            Some('P') => parts.push((line[2..].trim().chars().next()?, state.join("\n") + "\n")),
            Some('K' | 'L' | 'M') => {
                state.retain(|known| !known.starts_with(&line[..1]));
                state.push(line);
                parts.last_mut()?.1.push_str(&format!("{line}\n"));
            }
            _ => parts.last_mut()?.1.push_str(&format!("{line}\n")),
        }
    }
    let mut ordered = header.join("\n") + "\n" + &parts[0].1;
    for wanted in order.chars() {
        let (_, text) = parts.iter().skip(1).find(|(label, _)| *label == wanted)?;
        ordered.push_str(&format!("|:\n{text}"));
    }
    Some(ordered)
}

/// A tune whose trills (`T`) are thirty-seconds from the upper neighbour, and whose rolls (`~`) are five notes on a
/// dotted quarter and one grace note else; `None` where an ornament stands on something else than a plain note.
pub(super) fn ornamented(source: &str) -> Option<String> {
    let (header, body) = halves(source);
    let field =
        |letter| header.iter().rev().find(|line| is_field(line) == Some(letter)).map(|line| line[2..].trim());
    let unit = match field('L') {
        Some(unit) => 32 / unit.strip_prefix("1/")?.split_whitespace().next()?.parse::<u32>().ok()?,
        None => 4,
    };
    let mut text = header.join("\n") + "\n";
    for line in body {
        if is_field(line).is_some() {
            if is_field(line) == Some('L') {
                return None;
            }
            text.push_str(line);
        } else {
            line_ornamented(line, unit, &mut text)?;
        }
        text.push('\n');
    }
    Some(text)
}

/// A line of music in units of so many thirty-seconds.
fn line_ornamented(line: &str, unit: u32, text: &mut String) -> Option<()> {
    let mut quoted = false;
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        quoted ^= next == '"';
        if quoted || !matches!(next, 'T' | '~') {
            text.push(next);
            continue;
        }
        let take = |signs: &str, rest: &mut &str| -> String {
            let end = rest.find(|c| !signs.contains(c)).unwrap_or(rest.len());
            let (taken, left) = rest.split_at(end);
            *rest = left;
            taken.to_owned()
        };
        let sign = take("^_=", &mut rest);
        let letter = rest.chars().next().filter(|c| matches!(c, 'A'..='G' | 'a'..='g'))?;
        rest = &rest[1..];
        let octave = take(",'", &mut rest);
        let length = take("0123456789/", &mut rest);
        if rest.starts_with(['<', '>']) {
            return None;
        }
        let (over, under) = length.split_once('/').unwrap_or((&length, "1"));
        let number =
            |digits: &str, usual: u32| if digits.is_empty() { Some(usual) } else { digits.parse().ok() };
        let steps = unit * number(over, 1)?;
        let under = number(under, 2)?;
        if steps % under > 0 || under == 0 {
            return None;
        }
        let steps = steps / under;
        let main = format!("{sign}{letter}{octave}");
        let neighbour = |up: bool| -> Option<String> {
            let letters = "CDEFGABcdefgab";
            let at = letters.find(letter)?;
            let other = if up { letters.get(at + 1..at + 2) } else { letters.get(at.checked_sub(1)?..at) };
            match other {
                Some(other) => Some(format!("{other}{octave}")),
                None => octave.is_empty().then(|| "c'".to_owned()),
            }
        };
        let upper = neighbour(true)?;
        match (next, steps) {
            ('T', _) => {
                for step in 0..steps {
                    text.push_str(if step % 2 == 0 { &upper } else { &main });
                    text.push_str(&format!("1/{unit}"));
                }
            }
            (_, 12) => {
                let lower = neighbour(false)?;
                text.push_str(&format!(
                    "{main}4/{unit}{upper}1/{unit}{main}3/{unit}{lower}1/{unit}{main}3/{unit}"
                ));
            }
            _ => text.push_str(&format!("{{{upper}}}{main}{length}")),
        }
    }
    Some(())
}
