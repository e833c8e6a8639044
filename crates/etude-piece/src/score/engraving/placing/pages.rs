//! Lines on pages: the title on the first, then as many lines as fit, apart from each other by what the page has left.

use super::super::lettering::Face;
use super::super::notation::Sheet;
use super::super::page::{Ink, Page};
use super::super::proportions::{COMPOSER, NUMBERS, TITLE};
use super::super::spacing::lines;
use super::joints;
use super::system::{self, System};

/// What is free between two lines, at least, and how much more at most where a page has room.
const BETWEEN: f64 = 2.6;
const MOST_MORE: f64 = 5.0;
/// How many lines a title has at most.
const LINES: usize = 4;

/// The size of pages, in staff spaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Format {
    pub(in super::super) width: f64,
    pub(in super::super) height: f64,
    pub(in super::super) margin: f64,
}

/// Draws a sheet on pages; a line that is taller than the paper has a taller page.
pub(in super::super) fn pages(sheet: &Sheet, format: Format) -> Vec<Page> {
    let margin = format.margin;
    let width = (format.width - 2.0 * margin).max(30.0);
    let joint = joints::margin(sheet);
    let indent = joints::indent(sheet).min(0.35 * width);
    let (lines, gauges) = lines(sheet, indent - joint, width - joint);
    let room = (format.height - 2.0 * margin).max(20.0);
    let mut pages = Vec::new();
    let empty = || Page { width: width + 2.0 * margin, height: format.height, ..Page::default() };
    let mut page = empty();
    let mut systems: Vec<System> = Vec::new();
    let mut top = title(&mut page, sheet, margin, width);
    let mut used = top;
    for line in &lines {
        let drawn = system::draw(sheet, &gauges, line);
        let between = if systems.is_empty() { 0.0 } else { BETWEEN };
        if !systems.is_empty() && used + between + drawn.height > room {
            let full = std::mem::replace(&mut page, empty());
            pages.push(set(full, std::mem::take(&mut systems), margin, joint, (top, room), false));
            (top, used) = (0.0, 0.0);
        } else {
            used += between;
        }
        used += drawn.height;
        systems.push(drawn);
    }
    pages.push(set(page, systems, margin, joint, (top, room), true));
    number(&mut pages, margin);
    pages.iter_mut().next_back().into_iter().for_each(|page| page.last = true);
    pages
}

/// Sets lines on a page from `top` on within `room`.
fn set(
    mut page: Page,
    systems: Vec<System>,
    margin: f64,
    joint: f64,
    (top, room): (f64, f64),
    last: bool,
) -> Page {
    let heights: f64 = systems.iter().map(|system| system.height).sum();
    let gaps = systems.len().saturating_sub(1) as f64;
    let free = room - top - heights - BETWEEN * gaps;
    let more = if last || gaps == 0.0 { 0.8 } else { (free / gaps).clamp(0.0, MOST_MORE) };
    let more = if last && gaps > 0.0 { more.min((free / gaps).max(0.0)) } else { more };
    let mut y = margin + top;
    for system in systems {
        // Whole numbers: so staff lines meet the dots of a picture.
        y = y.ceil();
        page.inks.extend(system.inks.into_iter().map(|ink| ink.moved(margin + joint, y)));
        y += system.height + BETWEEN + more;
    }
    page.height = page.height.max(page.lowest() + margin);
    page
}

/// Writes title and composer; gives their height.
fn title(page: &mut Page, sheet: &Sheet, margin: f64, width: f64) -> f64 {
    let mut y = 0.0;
    let mut write = |text: &str, face: Face, size: f64, right: bool, y: f64| {
        // A single word may still be too long.
        let size = size.min(width / face.width(text).max(1e-9));
        let free = width - face.width(text) * size;
        let x = margin + if right { free } else { free / 2.0 };
        page.inks.push(Ink::Text { text: text.to_owned(), face, size, at: (x, margin + y) });
    };
    for line in wrapped(&sheet.title, Face::Bold, TITLE, width) {
        y += if y == 0.0 { 0.75 * TITLE } else { TITLE };
        write(&line, Face::Bold, TITLE, false, y);
    }
    for (at, line) in wrapped(&sheet.composer, Face::Italic, COMPOSER, 0.6 * width).iter().enumerate() {
        y += if at == 0 { 1.5 * COMPOSER } else { 1.15 * COMPOSER };
        write(line, Face::Italic, COMPOSER, true, y);
    }
    if y > 0.0 { y + 2.4 } else { 0.0 }
}

/// A text in lines of at most `width`, as far as its words allow; what doesn't fit on four lines is left out.
fn wrapped(text: &str, face: Face, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if (face.width(line) + face.width(" ") + face.width(word)) * size <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines.last_mut().into_iter().for_each(|line| line.push('…'));
    }
    lines
}

/// Numbers the pages, if there are several.
fn number(pages: &mut [Page], margin: f64) {
    if pages.len() < 2 {
        return;
    }
    for (index, page) in pages.iter_mut().enumerate() {
        let text = (index + 1).to_string();
        let x = (page.width - Face::Regular.width(&text) * NUMBERS) / 2.0;
        let at = (x, page.height - 0.45 * margin);
        page.footer.push(Ink::Text { text, face: Face::Regular, size: NUMBERS, at });
    }
}
