//! The document: title, composer, recipe, the list of parts, and the parts themselves, each with times from its bars' beginnings.

use super::cursor::{Cursor, Tag, shortened};
use super::part::{self, Measured};
use super::room::Room;
use crate::Result;
use crate::score::Losses;
use std::collections::BTreeMap;

/// More parts than any orchestra has.
const MAX_PARTS: usize = 4096;

/// The name of the miscellaneous field that holds a score's recipe.
pub(super) const RECIPE_FIELD: &str = "etude-recipe";

/// What a file says, part by part.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) work_title: String,
    pub(super) movement_title: String,
    pub(super) composer: String,
    pub(super) recipe: String,
    pub(super) parts: Vec<Measured>,
    /// What of the file is left out.
    pub(super) lost: Losses,
}

/// What the list of parts says of one.
#[derive(Debug, Default, Clone)]
struct Listed {
    name: String,
    program: u8,
}

/// Reads a `score-partwise` or `score-timewise` document.
pub(super) fn read(text: &str, room: Room) -> Result<Document> {
    let mut cursor = Cursor::new(text, room);
    let root = cursor.child()?.expect("before the root there is no element to end");
    let timewise = is_timewise(&cursor, &root)?;
    let mut document = Document::default();
    let mut listed: BTreeMap<String, Listed> = BTreeMap::new();
    // The parts of a timewise document, each where it stands by its id.
    let mut readers: (Vec<part::Reader>, BTreeMap<String, usize>) = Default::default();
    let mut bars = 0;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "work" => read_work(&mut cursor, &mut document)?,
            "movement-title" => document.movement_title = cursor.text()?.into_owned(),
            "movement-number" => lose_text(&mut cursor, "movement number", "a score has a title")?,
            "identification" => read_identification(&mut cursor, &mut document)?,
            "credit" => read_credit(&mut cursor, &mut document)?,
            "part-list" => read_part_list(&mut cursor, &mut listed)?,
            "part" if !timewise => {
                check_count(&cursor, &tag, document.parts.len())?;
                let Listed { name, program } = listed_as(&cursor, &tag, &listed)?.1;
                document.parts.push(part::read(&mut cursor, name, program)?);
            }
            "measure" if timewise => {
                while let Some(tag) = cursor.child()? {
                    let (id, Listed { name, program }) = listed_as(&cursor, &tag, &listed)?;
                    let (readers, places) = &mut readers;
                    let at = *places.entry(id).or_insert(readers.len());
                    if at == readers.len() {
                        check_count(&cursor, &tag, at)?;
                        readers.push(part::Reader::new(name, program));
                    }
                    let reader = &mut readers[at];
                    if reader.bars() > bars {
                        return Err(cursor.fault(tag.at, "a part twice in one bar", "each part once"));
                    }
                    // A part may be missing from bars where it is silent.
                    while reader.bars() < bars {
                        reader.begin_measure(&mut cursor, &tag)?;
                    }
                    reader.read_measure(&mut cursor, &tag)?;
                }
                bars += 1;
            }
            _ => cursor.skip()?,
        }
    }
    document.parts.extend(readers.0.into_iter().map(|reader| reader.finish(&mut cursor)));
    if document.parts.is_empty() {
        return Err(cursor.fault(root.at, "no `part`", "at least one"));
    }
    let titles = [&document.work_title, &document.movement_title];
    if titles.iter().all(|title| !title.is_empty()) && titles[0] != titles[1] {
        cursor.lose("movement title", "the title of the work is kept");
    }
    document.lost = cursor.into_losses();
    Ok(document)
}

/// Whether the root is `score-timewise`; a fault unless it is that or `score-partwise`.
fn is_timewise<'a>(cursor: &Cursor<'a>, root: &Tag<'a>) -> Result<bool> {
    let hint = match root.name() {
        "score-partwise" => return Ok(false),
        "score-timewise" => return Ok(true),
        "opus" => "an opus only names other files: read those",
        "container" => "this is the index of a compressed file: read the score it names",
        _ => "",
    };
    let found = format!("the root element `{}`", shortened(root.name()));
    Err(cursor.hinted(root.at, found, "`score-partwise`", hint))
}

/// A fault for one part too many.
fn check_count<'a>(cursor: &Cursor<'a>, tag: &Tag<'a>, count: usize) -> Result<()> {
    let expected = || format!("at most {MAX_PARTS} parts");
    if count < MAX_PARTS { Ok(()) } else { Err(cursor.fault(tag.at, "one more part", expected())) }
}

/// The id of a `part`, and what the list says of it.
fn listed_as<'a>(
    cursor: &Cursor<'a>,
    tag: &Tag<'a>,
    listed: &BTreeMap<String, Listed>,
) -> Result<(String, Listed)> {
    let id = cursor.attribute(tag, "id")?.unwrap_or_default();
    let found = listed.get(&id).cloned().unwrap_or_default();
    Ok((id, found))
}

fn read_work(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "work-title" => document.work_title = cursor.text()?.into_owned(),
            "work-number" => lose_text(cursor, "work number", "a score has a title")?,
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

fn read_identification(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "creator" => {
                let kind = cursor.attribute(&tag, "type")?;
                let composer = kind.is_none_or(|kind| kind == "composer");
                match cursor.text()?.into_owned() {
                    name if name.is_empty() || name == document.composer => {}
                    name if composer && document.composer.is_empty() => document.composer = name,
                    _ => cursor.lose("further author", "a score names one composer"),
                }
            }
            "rights" => lose_text(cursor, "copyright notice", "a score has none")?,
            "miscellaneous" => read_miscellaneous(cursor, document)?,
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

/// Reads text on a page, which may give a title that nothing else gives.
fn read_credit(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    let (mut kind, mut words) = (String::new(), String::new());
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "credit-type" => kind = cursor.text()?.into_owned(),
            "credit-words" => words.push_str(&cursor.text()?),
            _ => cursor.skip()?,
        }
    }
    let untitled = document.work_title.is_empty() && document.movement_title.is_empty();
    let known = [&document.work_title, &document.movement_title, &document.composer].contains(&&words);
    match kind.as_str() {
        "title" if untitled => document.movement_title = words,
        "page number" => {}
        _ if known || words.is_empty() => {}
        _ => cursor.lose("page text", "a score has a title and a composer"),
    }
    Ok(())
}

/// Counts a text, unless it is empty.
fn lose_text(cursor: &mut Cursor<'_>, thing: &'static str, why: &'static str) -> Result<()> {
    if !cursor.text()?.is_empty() {
        cursor.lose(thing, why);
    }
    Ok(())
}

fn read_miscellaneous(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match cursor.attribute(&tag, "name")?.as_deref() {
            Some(RECIPE_FIELD) => document.recipe = cursor.text()?.into_owned(),
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

fn read_part_list(cursor: &mut Cursor<'_>, listed: &mut BTreeMap<String, Listed>) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "score-part" => {
                let id = cursor.attribute(&tag, "id")?.unwrap_or_default();
                let part = read_listed(cursor)?;
                cursor.keep::<(String, Listed)>(&tag, 1)?;
                cursor.keep::<u8>(&tag, id.len() + part.name.len())?;
                listed.insert(id, part);
            }
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

fn read_listed(cursor: &mut Cursor<'_>) -> Result<Listed> {
    let mut name = String::new();
    let mut program = None;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "part-name" => name = cursor.text()?.into_owned(),
            "midi-instrument" => {
                let of_instrument = read_program(cursor)?;
                if program.is_some() && of_instrument.is_some() && program != of_instrument {
                    cursor.lose("further instrument", "a part has one");
                }
                program = program.or(of_instrument);
            }
            _ => cursor.skip()?,
        }
    }
    Ok(Listed { name, program: program.unwrap_or(0) })
}

/// The programme of a `midi-instrument`, which counts from 1 where we count from 0; some programs write 0 for none.
fn read_program(cursor: &mut Cursor<'_>) -> Result<Option<u8>> {
    let mut program = None;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "midi-program" => program = u8::try_from(cursor.integer(&tag, 0..=128)? - 1).ok(),
            _ => cursor.skip()?,
        }
    }
    Ok(program)
}
