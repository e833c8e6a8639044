//! XML text with two spaces of indentation for each open element.

use quick_xml::escape::escape;

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Markup {
    text: String,
    depth: usize,
}

impl Markup {
    /// A text that begins with a declaration and a document type.
    pub(super) fn begin(prologue: &str) -> Self {
        Self { text: prologue.to_owned(), depth: 0 }
    }

    /// The finished text.
    pub(super) fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Opens an element that holds others.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.depth += 1;
    }

    /// Closes it.
    pub(super) fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    /// An element that holds nothing.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element that holds text.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        if text.is_empty() {
            return self.empty(name, attributes);
        }
        self.tag(name, attributes);
        self.text.push('>');
        self.text.push_str(&escape(text));
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    /// A start tag up to its closing bracket.
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            // Line ends and tabs in attributes would come back as blanks.
            let value = escape(*value).replace('\n', "&#10;").replace('\t', "&#9;");
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.text.push_str(&value);
            self.text.push('"');
        }
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}
