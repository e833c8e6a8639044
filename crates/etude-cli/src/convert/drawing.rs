//! `etude convert` of drawings: what is done to their lines, and the sheet that plotters draw on.

use super::Convert;
use crate::drawing::format_to_write;
use crate::failure::{Failure, Result};
use crate::interrupt::interrupted;
use crate::save;
use crate::terminal::{put, put_json, say};
use clap::Args;
use etude_piece::strokes::format::{Format, Style, drawings_in, read, read_bytes, write};
use etude_piece::strokes::plotter::{Lift, Plot, Sheet};
use etude_piece::strokes::{Drawing, Strokes, png, svg};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What drawings can be asked for.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Drawings: leave points out that are no farther than this from the line, in the drawing's units
    #[arg(long, value_name = "UNITS", value_parser = above_nought)]
    simplify: Option<f64>,
    /// Drawings: smooth away what is finer than this, in the drawing's units
    #[arg(long, value_name = "UNITS", value_parser = above_nought)]
    smooth: Option<f64>,
    /// Drawings: points at even distances, in the drawing's units
    #[arg(long, value_name = "UNITS", value_parser = above_nought)]
    spacing: Option<f64>,
    /// Drawings as SVG: smooth curves that pass as near as this to the points
    #[arg(long, value_name = "UNITS", value_parser = above_nought)]
    curves: Option<f64>,
    /// Drawings as PNG: width and height
    #[arg(long, value_name = "WxH", default_value = "1024x1024", value_parser = dots)]
    dots: (u32, u32),
    /// Drawings as PNG: the line's width, in dots
    #[arg(long, value_name = "DOTS", default_value_t = 4.0, value_parser = above_nought)]
    line: f64,
    /// Plotters: the sheet, such as A4, A3-landscape, letter, 300x200mm
    #[arg(long, value_name = "SHEET", default_value = "A4")]
    page: Sheet,
    /// Plotters: what is kept free at each side, in millimetres
    #[arg(long, value_name = "MM", default_value_t = 15.0, value_parser = millimetres)]
    margin: f64,
    /// Plotters: how fast the pen draws, in millimetres a minute
    #[arg(long, value_name = "MM", default_value_t = 3000.0, value_parser = above_nought)]
    feed: f64,
    /// Plotters: ends that are no farther apart than this are joined, in millimetres
    #[arg(long, value_name = "MM", default_value_t = 0.1, value_parser = millimetres)]
    join: f64,
    /// Plotters: draw in the order of the file, and join nothing
    #[arg(long)]
    keep_order: bool,
    /// Plotters, G-code: lift the pen by a servo, at these values up and down, such as 30,60, instead of by the Z axis
    #[arg(long, value_name = "UP,DOWN", value_parser = pair)]
    servo: Option<(f64, f64)>,
}

impl Asked {
    /// How files are to look.
    fn style(&self) -> Style {
        let lift = match self.servo {
            Some((up, down)) => Lift::Servo { up, down, wait: 0.2 },
            None => Lift::default(),
        };
        Style {
            svg: svg::Picture { curves: self.curves, ..svg::Picture::default() },
            png: png::Picture {
                width: self.dots.0,
                height: self.dots.1,
                line: self.line,
                margin: f64::from(self.dots.0.min(self.dots.1)) / 32.0,
            },
            plot: Plot {
                sheet: Sheet { margin: self.margin, ..self.page },
                feed: self.feed,
                lift,
                join: (!self.keep_order).then_some(self.join),
                recipe: String::new(),
            },
            recipe: String::new(),
        }
    }

    /// A drawing's lines as asked for.
    fn shaped(&self, strokes: Strokes) -> etude_piece::Result<Strokes> {
        let strokes = self.smooth.map_or_else(|| strokes.clone(), |width| strokes.smoothed(width));
        let strokes =
            self.spacing.map_or_else(|| Ok(strokes.clone()), |spacing| strokes.resampled(spacing))?;
        Ok(self.simplify.map_or_else(|| strokes.clone(), |tolerance| strokes.simplified(tolerance)))
    }
}

/// Where converted drawings go.
enum Place {
    File(PathBuf, Vec<u8>),
    Folder(PathBuf, BTreeSet<PathBuf>),
    Stdout,
}

impl Convert {
    /// Whether the new file is of a format that holds drawings.
    pub(super) fn wants_drawing(&self) -> bool {
        let asked = self.format.as_deref().map(|format| format.parse::<Format>().ok());
        asked.unwrap_or_else(|| Format::from_path(&self.to)).is_some_and(Format::is_written)
    }

    /// Converts the drawings in a folder, file by file; those that can't be read are named at the end.
    pub(super) fn folder_of_drawings(&self) -> Result {
        let mut refused = 0;
        let (mut place, format) = self.place(true)?;
        let mut written = 0;
        for path in drawings_in(&self.from)? {
            let name = path.display().to_string();
            match read_bytes(&path).and_then(|bytes| read(&bytes, &name)) {
                Ok(reading) => {
                    reading.lost.iter().for_each(|line| say(&format!("{name}, lost: {line}")));
                    written += reading.drawings.len();
                    self.put_all(reading.drawings, &name, format, &mut place)?;
                }
                Err(error) => {
                    refused += 1;
                    say(&format!("error: {error}"));
                }
            }
        }
        finish(place)?;
        say(&format!("{written} drawings written to {}", self.to.display()));
        match refused {
            0 => Ok(()),
            refused => {
                Err(Failure::input(format!("{refused} files could not be converted; they are named above")))
            }
        }
    }

    /// Converts the drawings of one file.
    pub(super) fn drawings(&self, bytes: &[u8], name: &str) -> Result {
        let (mut place, format) = self.place(false)?;
        let reading = read(bytes, name)?;
        let mut drawings = reading.drawings;
        let held = drawings.len();
        if let Some(number) = self.tune {
            let Some(chosen) = drawings.into_iter().nth(number as usize - 1) else {
                return Err(Failure::usage(format!("{name}: there is no drawing {number}; it holds {held}")));
            };
            drawings = vec![chosen];
        }
        let takes_many = format == Format::Jsonl || matches!(place, Place::Folder(..));
        if drawings.len() > 1 && !takes_many {
            let found = format!("{name} holds {held} drawings, and {} takes one", self.to.display());
            return Err(Failure::usage(format!("{found}; hint: add --tune 1, or name a folder")));
        }
        if !self.json {
            reading.lost.iter().for_each(|line| say(&format!("{name}, lost: {line}")));
        }
        let written = drawings.len();
        self.put_all(drawings, name, format, &mut place)?;
        finish(place)?;
        if written > 1 {
            say(&format!("{written} drawings written to {}", self.to.display()));
        }
        Ok(())
    }

    /// Where drawings go, and in what format.
    fn place(&self, from_folder: bool) -> Result<(Place, Format)> {
        let asked = self.format.as_deref().map(str::parse::<Format>).transpose().map_err(Failure::usage)?;
        if let Some(format) = asked.filter(|format| !format.is_written()) {
            return Err(Failure::usage(format!("no drawing is written as {format}")));
        }
        let unknown =
            || Failure::usage(format!("{}: to what format? hint: such as --to svg", self.to.display()));
        if self.to == Path::new("-") {
            if self.json {
                return Err(Failure::usage(
                    "stdout takes the drawing or its JSON; write the drawing to a file",
                ));
            }
            return Ok((Place::Stdout, asked.ok_or_else(unknown)?));
        }
        let ends = self.to.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        if self.to.is_dir() || ends || (from_folder && Format::from_path(&self.to).is_none()) {
            let refused = |error| Failure::plain(format!("{}: {error}", self.to.display()));
            let format = asked.ok_or_else(unknown)?;
            std::fs::create_dir_all(&self.to).map_err(refused)?;
            return Ok((Place::Folder(self.to.clone(), BTreeSet::new()), format));
        }
        let format = asked.map_or_else(|| format_to_write(&self.to), Ok)?;
        if from_folder && format != Format::Jsonl {
            let found = format!("{} takes one drawing", self.to.display());
            return Err(Failure::usage(format!("{found}; hint: name a folder")));
        }
        save::check(&self.to)?;
        Ok((Place::File(self.to.clone(), Vec::new()), format))
    }

    /// Writes drawings of the file `source`.
    fn put_all(&self, drawings: Vec<Drawing>, source: &str, format: Format, place: &mut Place) -> Result {
        let style = self.asked.style();
        let many = drawings.len() > 1;
        for drawing in drawings {
            if interrupted() {
                return Err(Failure::interrupted("interrupted"));
            }
            let shown = if many { format!("{source}, {}", drawing.name) } else { source.to_owned() };
            let named = |error: etude_piece::Error| Failure::input(format!("{shown}: {error}"));
            let drawing = Drawing { strokes: self.asked.shaped(drawing.strokes).map_err(named)?, ..drawing };
            let written = write(&drawing, format, &style).map_err(named)?;
            let to = match place {
                Place::Stdout => {
                    put(&written.bytes)?;
                    None
                }
                Place::File(path, bytes) => {
                    bytes.extend(written.bytes);
                    Some(path.clone())
                }
                Place::Folder(folder, given) => {
                    let path = folder.join(format!("{}.{format}", file_name(&drawing.name)));
                    if !given.insert(path.clone()) {
                        let found = format!("{} is already made of another drawing", path.display());
                        return Err(Failure::input(format!("{found}; hint: convert the files one by one")));
                    }
                    save::whole(&path, &written.bytes)?;
                    Some(path)
                }
            };
            if self.json {
                let to = to.map(|path| path.display().to_string());
                put_json(
                    &json!({ "from": source, "drawing": drawing.name, "to": to, "lost": written.lost }),
                )?;
            } else {
                written.lost.iter().for_each(|line| say(&format!("{shown}, lost: {line}")));
            }
        }
        Ok(())
    }
}

/// Writes what is still held.
fn finish(place: Place) -> Result {
    match place {
        Place::File(path, bytes) if !bytes.is_empty() => save::whole(&path, &bytes),
        _ => Ok(()),
    }
}

/// A drawing's name as a file may have it.
fn file_name(name: &str) -> String {
    let plain = |character: char| {
        if character.is_alphanumeric() || "-_. ".contains(character) { character } else { '_' }
    };
    let name: String = name.chars().take(100).map(plain).collect();
    if name.trim_matches('.').is_empty() { "drawing".to_owned() } else { name }
}

/// Reads a number above 0.
fn above_nought(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite());
    number.ok_or_else(|| "a number above 0".to_owned())
}

/// Reads millimetres, such as `15` or `15mm`.
fn millimetres(text: &str) -> std::result::Result<f64, String> {
    let number = text.strip_suffix("mm").unwrap_or(text).parse().ok();
    let number = number.filter(|number: &f64| *number >= 0.0 && number.is_finite());
    number.ok_or_else(|| "millimetres, such as 15".to_owned())
}

/// Reads `1024x768`.
fn dots(text: &str) -> std::result::Result<(u32, u32), String> {
    let read = || {
        let (width, height) = text.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    };
    read().ok_or_else(|| "width and height in dots, such as 1024x768".to_owned())
}

/// Reads `30,60`.
fn pair(text: &str) -> std::result::Result<(f64, f64), String> {
    let read = || {
        let (up, down) = text.split_once(',')?;
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        Some((number(up)?, number(down)?))
    };
    read().ok_or_else(|| "two numbers, such as 30,60".to_owned())
}
