//! Lists of arrays as numpy pickles them, in protocols 2 to 5: a small, closed part of that language.
//!
//! A pickle is a program for a stack machine that may call any function of Python. Here four names are known, and they are data:
//! an array, a type of numbers, text as bytes, and numbers out of bytes. Everything else is refused, so nothing is run.

use super::array::Array;
use crate::{Error, Fault, Place, Result};

/// What the four names that are known mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Name {
    /// `_reconstruct`: an array, which a state fills.
    Array,
    /// `dtype`: a type of numbers, to which a state tells the order of bytes.
    Type,
    /// `_codecs.encode`: text whose characters are bytes.
    Encode,
    /// `_frombuffer`: an array, whole.
    Whole,
    /// `ndarray`, which is only named.
    Class,
}

/// A value; those in others are numbers of their own.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Plain,
    Number(i64),
    Text(&'a str),
    Bytes(Vec<u8>),
    Slice(&'a [u8]),
    Tuple(Vec<usize>),
    List(Vec<usize>),
    Name(Name),
    Type(String),
    Empty,
    Array(Array),
    Many(usize),
    Mark,
}

/// The machine.
pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    pub(super) values: Vec<Value<'a>>,
    pub(super) stack: Vec<usize>,
    memory: Vec<(u32, usize)>,
}

/// The arrays of a pickled array of arrays.
pub(super) fn arrays(bytes: &[u8]) -> Result<Vec<Array>> {
    let mut machine = Machine { bytes, at: 0, values: Vec::new(), stack: Vec::new(), memory: Vec::new() };
    while machine.step()? {}
    let top = machine.pop()?;
    let Value::Many(list) = machine.values[top] else { return Err(machine.refused("another thing")) };
    let Value::List(items) = std::mem::replace(&mut machine.values[list], Value::Plain) else {
        return Err(machine.refused("no list of arrays"));
    };
    // An array that is listed twice would be there twice for a few bytes; numpy writes none so.
    let array = |item: usize| match std::mem::replace(&mut machine.values[item], Value::Plain) {
        Value::Array(array) => Ok(array),
        _ => Err(Fault::new(Place::Whole, "an item that is no array", "arrays, each once").into()),
    };
    items.into_iter().map(array).collect()
}

impl<'a> Machine<'a> {
    pub(super) fn refused(&self, found: &str) -> Error {
        let fault =
            Fault::new(Place::Byte(self.at), format!("{found} in a pickle"), "nothing but arrays of numbers");
        fault.hint("pickles are programs, and none is run; save plain arrays").into()
    }

    /// The next bytes.
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| self.refused("the end of the file"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// A whole number of `count` bytes.
    fn size(&mut self, count: usize) -> Result<usize> {
        let bytes = self.take(count)?;
        let size = bytes
            .iter()
            .rev()
            .try_fold(0_usize, |size, &byte| Some(size.checked_mul(256)? + usize::from(byte)));
        size.ok_or_else(|| self.refused("a size out of bounds"))
    }

    /// Text of which the length is told in `count` bytes.
    fn text(&mut self, count: usize) -> Result<&'a str> {
        let size = self.size(count)?;
        let bytes = self.take(size)?;
        std::str::from_utf8(bytes).map_err(|_| self.refused("a text that isn't UTF-8"))
    }

    /// A line of text.
    fn line(&mut self) -> Result<&'a str> {
        let length = self.bytes[self.at..].iter().position(|&byte| byte == b'\n');
        let line = self.take(length.ok_or_else(|| self.refused("the end of the file"))?)?;
        self.at += 1;
        std::str::from_utf8(line).map_err(|_| self.refused("a name that isn't UTF-8"))
    }

    pub(super) fn push(&mut self, value: Value<'a>) {
        self.stack.push(self.values.len());
        self.values.push(value);
    }

    pub(super) fn pop(&mut self) -> Result<usize> {
        self.stack.pop().ok_or_else(|| self.refused("an empty stack"))
    }

    /// All above the last mark, which goes.
    fn marked(&mut self) -> Result<Vec<usize>> {
        let mark = self.stack.iter().rposition(|&value| matches!(self.values[value], Value::Mark));
        let mark = mark.ok_or_else(|| self.refused("no mark"))?;
        let items = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(items)
    }

    fn tuple(&mut self, count: usize) -> Result<()> {
        let from = self.stack.len().checked_sub(count).ok_or_else(|| self.refused("an empty stack"))?;
        let items = self.stack.split_off(from);
        self.push(Value::Tuple(items));
        Ok(())
    }

    /// Puts the top aside under a number.
    fn keep(&mut self, number: u32) -> Result<()> {
        let top = *self.stack.last().ok_or_else(|| self.refused("an empty stack"))?;
        match self.memory.binary_search_by_key(&number, |&(known, _)| known) {
            Ok(at) => self.memory[at].1 = top,
            // Numbers ascend in what numpy writes; any other order would take long.
            Err(at) if at == self.memory.len() => self.memory.push((number, top)),
            Err(_) => return Err(self.refused("numbers in disorder")),
        }
        Ok(())
    }

    fn get(&mut self, number: u32) -> Result<()> {
        let at = self.memory.binary_search_by_key(&number, |&(known, _)| known);
        let at = at.map_err(|_| self.refused("a number that isn't known"))?;
        self.stack.push(self.memory[at].1);
        Ok(())
    }

    /// A name of Python, if it is one that is known.
    fn name(&mut self, module: &str, name: &str) -> Result<()> {
        let known = match (module, name) {
            ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct") => Name::Array,
            ("numpy.core.numeric" | "numpy._core.numeric", "_frombuffer") => Name::Whole,
            ("numpy", "dtype") => Name::Type,
            ("numpy", "ndarray") => Name::Class,
            ("_codecs", "encode") => Name::Encode,
            _ => {
                let named: String = format!("{module}.{name}").chars().take(60).collect();
                return Err(self.refused(&format!("the name `{named}`")));
            }
        };
        self.push(Value::Name(known));
        Ok(())
    }

    /// One word; whether there are more.
    fn step(&mut self) -> Result<bool> {
        match self.take(1)?[0] {
            b'.' => return Ok(false),
            0x80 => drop(self.take(1)?),
            0x95 => drop(self.take(8)?),
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.name(module, name)?;
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (&self.values[module], &self.values[name]) {
                    (&Value::Text(module), &Value::Text(name)) => self.name(module, name)?,
                    _ => return Err(self.refused("a name that is no text")),
                }
            }
            b'q' => {
                let number = self.size(1)? as u32;
                self.keep(number)?;
            }
            b'r' => {
                let number = self.size(4)? as u32;
                self.keep(number)?;
            }
            0x94 => self.keep(self.memory.len() as u32)?,
            b'h' => {
                let number = self.size(1)? as u32;
                self.get(number)?;
            }
            b'j' => {
                let number = self.size(4)? as u32;
                self.get(number)?;
            }
            b'(' => self.push(Value::Mark),
            b't' => {
                let items = self.marked()?;
                self.push(Value::Tuple(items));
            }
            b')' => self.tuple(0)?,
            0x85 => self.tuple(1)?,
            0x86 => self.tuple(2)?,
            0x87 => self.tuple(3)?,
            b']' => self.push(Value::List(Vec::new())),
            b'a' => {
                let item = self.pop()?;
                self.extend(vec![item])?;
            }
            b'e' => {
                let items = self.marked()?;
                self.extend(items)?;
            }
            b'J' => {
                let bytes = self.take(4)?;
                self.push(Value::Number(i64::from(i32::from_le_bytes([
                    bytes[0], bytes[1], bytes[2], bytes[3],
                ]))));
            }
            b'K' => {
                let number = self.size(1)? as i64;
                self.push(Value::Number(number));
            }
            b'M' => {
                let number = self.size(2)? as i64;
                self.push(Value::Number(number));
            }
            b'N' | 0x88 | 0x89 => self.push(Value::Plain),
            word @ (b'C' | b'U') => {
                let size = self.size(1)?;
                let bytes = self.take(size)?;
                self.push(if word == b'U' { either(bytes) } else { Value::Slice(bytes) });
            }
            word @ (b'B' | b'T') => {
                let size = self.size(4)?;
                let bytes = self.take(size)?;
                self.push(if word == b'T' { either(bytes) } else { Value::Slice(bytes) });
            }
            0x8e | 0x96 => {
                let size = self.size(8)?;
                let bytes = self.take(size)?;
                self.push(Value::Slice(bytes));
            }
            b'X' => {
                let text = self.text(4)?;
                self.push(Value::Text(text));
            }
            0x8c => {
                let text = self.text(1)?;
                self.push(Value::Text(text));
            }
            b'R' => self.call()?,
            b'b' => self.fill()?,
            word => return Err(self.refused(&format!("the word {word:#04x}"))),
        }
        Ok(true)
    }

    fn extend(&mut self, items: Vec<usize>) -> Result<()> {
        let list = *self.stack.last().ok_or_else(|| self.refused("an empty stack"))?;
        match &mut self.values[list] {
            Value::List(known) => {
                known.extend(items);
                Ok(())
            }
            _ => Err(self.refused("no list")),
        }
    }
}

/// What Python 2 wrote for both texts and bytes.
fn either(bytes: &[u8]) -> Value<'_> {
    std::str::from_utf8(bytes).map_or(Value::Slice(bytes), Value::Text)
}
