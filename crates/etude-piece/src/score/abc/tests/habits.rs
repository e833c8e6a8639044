//! Tunes rewritten as the oracles' programs play them: parts in order, trills and rolls in full.

use crate::score::abc::tune::is_field;

/// A tune's lines up to K:, and those after it.
pub(super) fn halves(source: &str) -> (Vec<&str>, Vec<&str>) {
    let mut header: Vec<&str> = source.lines().take_while(|line| !line.trim().is_empty()).collect();
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

/// A tune whose double bars before the first repeat sign are plain.
pub(super) fn without_first_double_bars(source: &str) -> String {
    let (header, body) = halves(source);
    let body = body.join("\n");
    let first = body.find(":|").or(body.find("::")).unwrap_or(body.len());
    format!(
        "{}\n{}{}",
        header.join("\n"),
        body[..first].replace("||", "|").replace("|]", "|"),
        &body[first..]
    )
}

/// Whether quotation marks hold something that the oracle's program takes for a chord, and plays: text that begins with
/// a letter from A to G of either case.
pub(super) fn sounds_chords(source: &str) -> bool {
    let body = halves(source).1.join("\n");
    body.split('"')
        .skip(1)
        .step_by(2)
        .any(|quoted| quoted.starts_with(|c: char| matches!(c, 'A'..='G' | 'a'..='g')))
}

/// A tune up to its first label after any music: where nothing puts the parts in order, one oracle has the first only.
pub(super) fn first_part(source: &str) -> String {
    let (header, body) = halves(source);
    let mut music = false;
    let first = body.into_iter().take_while(|line| {
        let ends = music && is_field(line) == Some('P');
        music |= is_field(line).is_none() && !line.starts_with('%');
        !ends
    });
    let first: Vec<&str> = first.collect();
    format!("{}\n{}", header.join("\n"), first.join("\n"))
}

/// Whether a section after variant endings is repeated that doesn't begin with `|:`.
pub(super) fn repeats_after_endings(source: &str) -> bool {
    let body = halves(source).1.join("\n");
    body.match_indices(['[', '|']).any(|(at, _)| {
        let after = &body[at + 1..];
        let Some(after) = after.strip_prefix('2') else { return false };
        let ends = [":|", "[1", "|1"].iter().filter_map(|sign| after.find(sign)).min();
        let begins = ["|:", "::"].iter().filter_map(|sign| after.find(sign)).min();
        ends.is_some_and(|ends| begins.is_none_or(|begins| ends < begins))
    })
}

/// A tune whose trills (`T`) and rolls (`~`) are written as grace notes, as many as the oracle's program plays; `None`
/// where a length isn't what it seems. The tempo is in quarters per minute.
///
/// A trill begins with the upper neighbour; its notes are the shorter the slower the tempo, and shorter still where
/// they wouldn't come out even. A roll on three units has five notes, on any other length two. Grace notes that would
/// leave no time for their note are dropped, as are those before a bar line. A fermata lengthens rests too.
pub(super) fn ornamented(source: &str, tempo: f64) -> Option<String> {
    let (header, body) = halves(source);
    let field =
        |letter| header.iter().rev().find(|line| is_field(line) == Some(letter)).map(|line| line[2..].trim());
    let unit_of = |field: &str| field.split_once("1/")?.1.split_whitespace().next()?.parse::<u32>().ok();
    let usual = if field('M').is_some_and(|metre| matches!(metre, "2/4" | "3/8")) { 16 } else { 8 };
    let mut player = Player {
        unit: 512 / field('L').map_or(Some(usual), unit_of)?,
        trill: match tempo {
            ..75.0 => 8,
            ..150.0 => 16,
            ..300.0 => 32,
            _ => 64,
        },
        graces: 0,
        braces: 0..0,
        shortened: 0,
    };
    let mut text = header.join("\n") + "\n";
    for line in body {
        if is_field(line) == Some('L') {
            player.unit = 512 / unit_of(line)?;
        }
        if is_field(line).is_some() {
            text.push_str(line);
        } else {
            player.line(line, &mut text)?;
        }
        text.push('\n');
    }
    Some(text)
}

/// What a player of ornaments has to remember. All lengths in 64ths of an eighth.
struct Player {
    unit: u32,
    trill: u32,
    /// The grace notes that lead to the next note.
    graces: u32,
    /// Where their braces stand in the text.
    braces: std::ops::Range<usize>,
    /// How many `>` stand before the next note.
    shortened: u32,
}

impl Player {
    fn line(&mut self, line: &str, text: &mut String) -> Option<()> {
        let mut rest = line;
        let mut sign = None;
        while let Some(next) = rest.chars().next() {
            match next {
                '"' | '!' | '{' => {
                    let close = if next == '{' { '}' } else { next };
                    let end = rest[1..].find(close).map_or(rest.len(), |end| end + 2);
                    if next == '{' {
                        let letters = rest[..end].chars().filter(char::is_ascii_alphabetic).count();
                        self.graces = u32::try_from(letters).ok()?;
                        self.braces = text.len()..text.len() + end;
                    }
                    text.push_str(&rest[..end]);
                    rest = &rest[end..];
                    sign = None;
                    continue;
                }
                'T' | '~' => sign = Some(next),
                'A'..='G' | 'a'..='g' | '^' | '_' | '=' if !rest[1..].starts_with(':') => {
                    rest = self.note(sign.take(), rest, text)?;
                    continue;
                }
                // Grace notes before a bar line are dropped.
                '|' | ':' if self.graces > 0 => {
                    self.graces = 0;
                    text.replace_range(self.braces.clone(), "");
                    text.push(next);
                }
                'H' if rest[1..].starts_with(['x', 'z']) => {
                    let length = rest[2..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 2);
                    text.push_str(&rest[1..2 + length]);
                }
                '>' => {
                    self.shortened += 1;
                    text.push(next);
                }
                'H' | '.' | 'u' | 'v' => text.push(next),
                _ => {
                    sign = None;
                    text.push(next);
                }
            }
            rest = &rest[next.len_utf8()..];
        }
        Some(())
    }

    /// A note with what belongs to it; hands out what follows.
    fn note<'a>(&mut self, sign: Option<char>, mut rest: &'a str, text: &mut String) -> Option<&'a str> {
        let mut take = |wanted: &str, most: usize| -> &'a str {
            let end = rest.find(|c| !wanted.contains(c)).unwrap_or(rest.len()).min(most);
            let (taken, left) = rest.split_at(end);
            rest = left;
            taken
        };
        let (accidental, letter) = (take("^_=", 2), take("ABCDEFGabcdefg", 1));
        let (octave, length) = (take(",'", 9), take("0123456789/", 9));
        if letter.is_empty() {
            text.push_str(accidental);
            return Some(rest);
        }
        let graces = std::mem::take(&mut self.graces);
        let shortened = std::mem::take(&mut self.shortened);
        let main = format!("{accidental}{letter}{octave}");
        let (over, under) = length.split_once('/').unwrap_or((length, "1"));
        let under = if under == "/" { "4" } else { under };
        let number =
            |digits: &str, usual: u32| if digits.is_empty() { Some(usual) } else { digits.parse().ok() };
        let mut steps = self.unit * number(over, 1)? / number(under, 2).filter(|&under| under > 0)?;
        let longer = rest.chars().take_while(|&c| c == '>').count();
        let shorter = rest.chars().take_while(|&c| c == '<').count();
        steps = if longer > 0 { 2 * steps - (steps >> longer) } else { steps >> shorter };
        steps >>= shortened;
        if sign.is_none() && graces * self.unit >= 4 * steps {
            // No time is left for the note, so they are dropped.
            text.replace_range(self.braces.clone(), "");
        }
        let Some(sign) = sign else {
            text.push_str(&format!("{main}{length}"));
            return Some(rest);
        };
        if text.ends_with('H') {
            steps *= 2;
        }
        let scale = "CDEFGABcdefgab";
        let at = scale.find(letter)?;
        let upper = scale.get(at + 1..at + 2).map_or("c'".to_owned(), |upper| format!("{upper}{octave}"));
        let lower = at.checked_sub(1).map_or("B,".to_owned(), |at| format!("{}{octave}", &scale[at..=at]));
        let leading = match sign {
            '~' if steps == 3 * self.unit => format!("{main}{upper}{main}{lower}"),
            '~' => upper,
            _ => {
                steps = steps.checked_sub(graces * self.unit / 4)?;
                let mut each = self.trill;
                while !steps.is_multiple_of(each) {
                    each /= 2;
                }
                let notes = steps / each;
                if notes == 1 {
                    text.push_str(&format!("{upper}{length}"));
                    return Some(rest);
                }
                let turns =
                    (1..notes).map(|turn| if turn % 2 == 0 && turn + 1 < notes { &main } else { &upper });
                turns.cloned().collect()
            }
        };
        text.push_str(&format!("{{{leading}}}{main}{length}"));
        Some(rest)
    }
}
