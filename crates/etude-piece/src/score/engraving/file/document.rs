//! Pages as a PDF document. Every outline that is copied is defined once; nothing tells when or where it was written.

use super::super::outline::{Bounds, Outline, Point, Segment};
use super::super::page::{Ink, Page};
use super::stamp::{Key, Stamp, stamps};
use crate::score::Score;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;

/// The key of the recipe among the document's facts.
const KEY: &[u8] = b"EtudeRecipe";

/// Draws the pages; `space` is a staff space in millimetres.
pub(in super::super) fn pdf(pages: &[Page], score: &Score, space: f64) -> Vec<u8> {
    let points = space / 25.4 * 72.0;
    let mut pdf = Pdf::new();
    let (catalog, tree, facts, shared) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let mut next = 5;
    let mut new = || {
        next += 1;
        Ref::new(next - 1)
    };
    let sheets: Vec<(Ref, Ref)> = pages.iter().map(|_| (new(), new())).collect();
    let mut copies: BTreeMap<Key, (usize, Ref)> = BTreeMap::new();
    for (page, &(id, content)) in pages.iter().zip(&sheets) {
        let (width, height) = (page.width * points, page.height * points);
        let mut writer = pdf.page(id);
        writer.parent(tree).media_box(Rect::new(0.0, 0.0, short(width), short(height))).contents(content);
        // All pages share one list of copies.
        writer.pair(Name(b"Resources"), shared);
        writer.finish();
        let mut drawn = Content::new();
        let scale = short(points);
        drawn.transform([scale, 0.0, 0.0, -scale, 0.0, short(height)]);
        for ink in page.inks.iter().chain(&page.footer) {
            draw(&mut drawn, ink, &mut copies, &mut new);
        }
        let packed = packed(&drawn.finish());
        pdf.stream(content, &packed).filter(Filter::FlateDecode);
    }
    let names: Vec<(String, Ref)> = copies.values().map(|&(index, id)| (format!("g{index}"), id)).collect();
    for (key, &(_, id)) in &copies {
        let outline = key.outline();
        let mut content = Content::new();
        fill(&mut content, &outline);
        let packed = packed(&content.finish());
        let Bounds { left, top, right, bottom } = outline.bounds();
        let mut form = pdf.form_xobject(id, &packed);
        form.bbox(Rect::new(short(left - 0.1), short(top - 0.1), short(right + 0.1), short(bottom + 0.1)));
        form.filter(Filter::FlateDecode);
    }
    let mut resources = pdf.indirect(shared).dict();
    let mut forms = resources.insert(Name(b"XObject")).dict();
    for (name, id) in &names {
        forms.pair(Name(name.as_bytes()), *id);
    }
    forms.finish();
    resources.finish();
    pdf.pages(tree)
        .kids(sheets.iter().map(|&(id, _)| id))
        .count(i32::try_from(sheets.len()).unwrap_or(i32::MAX));
    pdf.catalog(catalog).pages(tree);
    let mut info = pdf.document_info(facts);
    if !score.title.is_empty() {
        info.title(TextStr(&score.title));
    }
    if !score.composer.is_empty() {
        info.author(TextStr(&score.composer));
    }
    info.creator(TextStr("Étude"));
    if !score.recipe.is_empty() {
        info.pair(Name(KEY), Str(guarded(&score.recipe).as_bytes()));
    }
    info.finish();
    pdf.finish()
}

fn draw(
    content: &mut Content,
    ink: &Ink,
    copies: &mut BTreeMap<Key, (usize, Ref)>,
    new: &mut impl FnMut() -> Ref,
) {
    stamps(ink, |stamp| match stamp {
        Stamp::Line { from, to, width } => {
            content.set_line_width(short(width));
            content.move_to(short(from.0), short(from.1)).line_to(short(to.0), short(to.1)).stroke();
        }
        Stamp::Shape(outline) => fill(content, outline),
        Stamp::Copy { key, at: (x, y), scale } => {
            let count = copies.len();
            let (index, _) = *copies.entry(key).or_insert_with(|| (count, new()));
            let scale = short(scale);
            content.save_state().transform([scale, 0.0, 0.0, scale, short(x), short(y)]);
            content.x_object(Name(format!("g{index}").as_bytes())).restore_state();
        }
    });
}

fn fill(content: &mut Content, outline: &Outline) {
    let place = |(x, y): Point| (short(x), short(y));
    for segment in &outline.0 {
        match *segment {
            Segment::Move(to) => {
                let (x, y) = place(to);
                content.move_to(x, y);
            }
            Segment::Line(to) => {
                let (x, y) = place(to);
                content.line_to(x, y);
            }
            Segment::Curve(a, b, to) => {
                let ((x1, y1), (x2, y2), (x, y)) = (place(a), place(b), place(to));
                content.cubic_to(x1, y1, x2, y2, x, y);
            }
            Segment::Close => {
                content.close_path();
            }
        }
    }
    content.fill_nonzero();
}

/// A number with four digits behind the point.
fn short(number: f64) -> f32 {
    ((number * 10_000.0).round() / 10_000.0) as f32
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes all bytes");
    encoder.finish().expect("memory takes all bytes")
}

/// Text in which only plain signs stand that mean nothing to PDF; others as `%` and two hexadecimal digits.
fn guarded(text: &str) -> String {
    let guard = |byte: u8| match byte {
        b'(' | b')' | b'\\' | b'%' | ..=0x1f | 0x7f.. => format!("%{byte:02X}"),
        plain => char::from(plain).to_string(),
    };
    text.bytes().map(guard).collect()
}

fn unguarded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(if byte == b'%' { (digit()? * 16 + digit()?) as u8 } else { byte });
    }
    String::from_utf8(bytes).ok()
}

/// The recipe in a document that `pdf` drew, if it has one.
pub fn recipe_of_pdf(bytes: &[u8]) -> Option<String> {
    let start: Vec<u8> = [b"/", KEY, b" ("].concat();
    let at = bytes.windows(start.len()).rposition(|window| window == start)?;
    let rest = &bytes[at + start.len()..];
    let end = rest.iter().position(|&byte| byte == b')')?;
    unguarded(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_text_comes_back() {
        for text in ["", "plain", "a (b) \\ 100 % ♯\n\u{7f}"] {
            let guarded = guarded(text);
            assert!(guarded.bytes().all(|byte| (b' '..0x7f).contains(&byte)));
            assert_eq!(unguarded(guarded.as_bytes()).as_deref(), Some(text));
        }
        assert_eq!(unguarded(b"%4"), None);
    }
}
