//! What the few known names of a pickle make: arrays and types of numbers, and bytes.

use super::array;
use super::pickle::{Machine, Name, Value};
use crate::Result;

impl Machine<'_> {
    /// What one of the known names makes of what stands behind it.
    pub(super) fn call(&mut self) -> Result<()> {
        let (arguments, name) = (self.pop()?, self.pop()?);
        let (Value::Name(name), Value::Tuple(items)) = (&self.values[name], &self.values[arguments]) else {
            return Err(self.refused("a call of something else"));
        };
        let arguments: Vec<&Value> = items.iter().map(|&item| &self.values[item]).collect();
        let made = match (name, arguments.as_slice()) {
            (Name::Array, _) => Value::Empty,
            (Name::Type, [Value::Text(kind), ..]) => Value::Type((*kind).to_owned()),
            (Name::Encode, [Value::Text(text), Value::Text("latin1" | "latin-1")]) => {
                let bytes = text.chars().map(|character| u8::try_from(u32::from(character)).ok());
                match bytes.collect() {
                    Some(bytes) => Value::Bytes(bytes),
                    None => return Err(self.refused("a text that is no bytes")),
                }
            }
            (Name::Whole, [Value::Slice(data), Value::Type(kind), Value::Tuple(shape), Value::Text("C")]) => {
                Value::Array(array::numbers(kind, self.shape(shape)?, data)?)
            }
            _ => return Err(self.refused("a call in another way")),
        };
        self.push(made);
        Ok(())
    }

    /// Gives an array or a type its state.
    pub(super) fn fill(&mut self) -> Result<()> {
        let state = self.pop()?;
        let made = *self.stack.last().ok_or_else(|| self.refused("an empty stack"))?;
        let Value::Tuple(items) = &self.values[state] else { return Err(self.refused("another state")) };
        let items: Vec<&Value> = items.iter().map(|&item| &self.values[item]).collect();
        let filled = match (&self.values[made], items.as_slice()) {
            (Value::Type(kind), [_, Value::Text(order), ..]) => Value::Type(format!("{order}{kind}")),
            (Value::Empty, [_, Value::Tuple(shape), Value::Type(kind), _, Value::Slice(data)]) => {
                Value::Array(array::numbers(kind, self.shape(shape)?, data)?)
            }
            (Value::Empty, [_, Value::Tuple(shape), Value::Type(kind), _, Value::Bytes(data)]) => {
                Value::Array(array::numbers(kind, self.shape(shape)?, data)?)
            }
            // Text that happens to be bytes, as Python 2 wrote them.
            (Value::Empty, [_, Value::Tuple(shape), Value::Type(kind), _, Value::Text(data)]) => {
                Value::Array(array::numbers(kind, self.shape(shape)?, data.as_bytes())?)
            }
            (Value::Empty, [_, _, Value::Type(kind), _, Value::List(_)])
                if kind.ends_with("O8") || kind.ends_with("O4") =>
            {
                let Value::Tuple(items) = &self.values[state] else {
                    return Err(self.refused("another state"));
                };
                Value::Many(items[4])
            }
            _ => return Err(self.refused("another state")),
        };
        self.values[made] = filled;
        Ok(())
    }

    /// A tuple of sizes.
    fn shape(&self, items: &[usize]) -> Result<Vec<usize>> {
        let size = |&item: &usize| match self.values[item] {
            Value::Number(size) => usize::try_from(size).ok(),
            _ => None,
        };
        items.iter().map(size).collect::<Option<_>>().ok_or_else(|| self.refused("a shape out of bounds"))
    }
}
