//! Text inside XML: escaped, and back; and the recipe inside a picture.

/// What stands before the recipe in a picture, and after.
const RECIPE: (&str, &str) = ("<metadata id=\"etude-recipe\">", "</metadata>");

/// The element that holds a recipe, and its line's end; nothing for an empty one.
pub(crate) fn recipe_element(recipe: &str) -> String {
    match recipe {
        "" => String::new(),
        _ => format!("{}{}{}\n", RECIPE.0, escape(recipe), RECIPE.1),
    }
}

/// The recipe in a picture that Étude drew, if it has one.
pub(crate) fn recipe_of_svg(svg: &str) -> Option<String> {
    let (_, rest) = svg.split_once(RECIPE.0)?;
    let (recipe, _) = rest.split_once(RECIPE.1)?;
    Some(unescape(recipe))
}

/// The text as XML may hold it: special characters escaped, characters that XML forbids left out.
pub(crate) fn escape(text: &str) -> String {
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
fn unescape(text: &str) -> String {
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
