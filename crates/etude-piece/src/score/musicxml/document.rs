//! The document: title, composer, recipe, the list of parts, and the parts themselves, each with times from its bars' beginnings.

use super::cursor::{Cursor, Tag, shortened};
use super::part::{self, Measured};
use crate::Result;
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
}

/// What the list of parts says of one.
#[derive(Debug, Default, Clone)]
struct Listed {
    name: String,
    program: u8,
}

/// Reads a `score-partwise` document.
pub(super) fn read(text: &str) -> Result<Document> {
    let mut cursor = Cursor::new(text);
    let root = cursor.child()?.expect("before the root there is no element to end");
    check_root(&cursor, &root)?;
    let mut document = Document::default();
    let mut listed: BTreeMap<String, Listed> = BTreeMap::new();
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "work" => read_work(&mut cursor, &mut document)?,
            "movement-title" => document.movement_title = cursor.text()?.into_owned(),
            "identification" => read_identification(&mut cursor, &mut document)?,
            "part-list" => read_part_list(&mut cursor, &mut listed)?,
            "part" if document.parts.len() == MAX_PARTS => {
                return Err(cursor.fault(tag.at, "one more part", format!("at most {MAX_PARTS} parts")));
            }
            "part" => {
                let id = cursor.attribute(&tag, "id")?.unwrap_or_default();
                let Listed { name, program } = listed.get(&id).cloned().unwrap_or_default();
                document.parts.push(part::read(&mut cursor, name, program)?);
            }
            _ => cursor.skip()?,
        }
    }
    if document.parts.is_empty() {
        return Err(cursor.fault(root.at, "no `part`", "at least one"));
    }
    Ok(document)
}

/// A fault unless the root is `score-partwise`.
fn check_root<'a>(cursor: &Cursor<'a>, root: &Tag<'a>) -> Result<()> {
    let hint = match root.name() {
        "score-partwise" => return Ok(()),
        "score-timewise" => "convert it with parttime.xsl, or save it again from a notation program",
        "opus" => "an opus only names other files: read those",
        "container" => "this is the index of a compressed file: read the score it names",
        _ => "",
    };
    let found = format!("the root element `{}`", shortened(root.name()));
    Err(cursor.hinted(root.at, found, "`score-partwise`", hint))
}

fn read_work(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "work-title" => document.work_title = cursor.text()?.into_owned(),
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

fn read_identification(cursor: &mut Cursor<'_>, document: &mut Document) -> Result<()> {
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "creator" if cursor.attribute(&tag, "type")?.as_deref() == Some("composer") => {
                document.composer = cursor.text()?.into_owned();
            }
            "miscellaneous" => read_miscellaneous(cursor, document)?,
            _ => cursor.skip()?,
        }
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
                listed.insert(id, read_listed(cursor)?);
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
                program = program.or(of_instrument);
            }
            _ => cursor.skip()?,
        }
    }
    Ok(Listed { name, program: program.unwrap_or(0) })
}

/// The programme of a `midi-instrument`, which counts from 1 where we count from 0.
fn read_program(cursor: &mut Cursor<'_>) -> Result<Option<u8>> {
    let mut program = None;
    while let Some(tag) = cursor.child()? {
        match tag.name() {
            "midi-program" => program = u8::try_from(cursor.integer(&tag, 1..=128)? - 1).ok(),
            _ => cursor.skip()?,
        }
    }
    Ok(program)
}
