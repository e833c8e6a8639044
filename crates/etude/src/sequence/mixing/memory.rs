//! What is learnt, and by whom: by the training into the model, or by a stream on top of it.

use super::code::Code;
use super::layout::REFINED;
use super::logistic::{part, whole};
use super::maps::Maps;
use super::overlay::Pages;
use super::slot::{Slot, merge};
use super::table::Table;
use super::weights::{Place, Weights};
use rustc_hash::FxHashMap;

/// Where predictions come from and lessons go to.
pub(super) trait Memory {
    /// The slots of a context, their nodes ascending; nothing if it never came.
    fn list<'a>(&'a self, code: &'a Code, context: usize, key: u64) -> &'a [Slot];

    /// In a context came a symbol: its path has now these slots.
    fn write(&mut self, code: &Code, context: usize, key: u64, symbol: u32, path: &[Slot]);

    /// A row of weights.
    fn row(&self, place: Place) -> &[f32];

    /// A row of weights, to be changed.
    fn row_mut(&mut self, place: Place) -> &mut [f32];

    /// What histories mean.
    fn maps(&self) -> &Maps;

    /// After a history came a bit.
    fn teach(&mut self, context: usize, history: usize, bit: usize);

    /// Where the last symbols came before, by their hash.
    fn found(&self, key: u64) -> Option<u32>;

    /// Where the last symbols are now.
    fn find_later(&mut self, key: u64, at: u32);
}

/// What the training has learnt.
#[derive(Debug, Clone)]
pub(super) struct Learnt {
    /// The slots of each kind of context.
    pub(super) tables: Vec<Table>,
    /// The weights of mixers and refinements.
    pub(super) weights: Weights,
    /// What histories mean.
    pub(super) maps: Maps,
    /// Where runs of symbols came last.
    pub(super) runs: FxHashMap<u64, u32>,
}

impl Learnt {
    /// A memory that begins with these weights and maps, and has read nothing.
    pub(super) fn new(contexts: usize, weights: Weights, maps: Maps) -> Self {
        Self { tables: vec![Table::default(); contexts], weights, maps, runs: FxHashMap::default() }
    }

    /// The same as a model file has it: probabilities are rounded to 16 bits.
    pub(super) fn rounded(mut self) -> Self {
        self.maps = Maps::from_parts(&self.maps.parts());
        for bank in REFINED {
            let rows: Vec<u32> = self.weights.changed(bank).collect();
            for row in rows {
                self.weights.row_mut((bank, row)).iter_mut().for_each(|p| *p = whole(part(*p)));
            }
        }
        self
    }
}

impl Memory for Learnt {
    fn list<'a>(&'a self, code: &'a Code, context: usize, key: u64) -> &'a [Slot] {
        self.tables[context].list(code, key)
    }

    fn write(&mut self, code: &Code, context: usize, key: u64, symbol: u32, path: &[Slot]) {
        self.tables[context].write(code, key, symbol, path);
    }

    fn row(&self, place: Place) -> &[f32] {
        self.weights.row(place)
    }

    fn row_mut(&mut self, place: Place) -> &mut [f32] {
        self.weights.row_mut(place)
    }

    fn maps(&self) -> &Maps {
        &self.maps
    }

    fn teach(&mut self, context: usize, history: usize, bit: usize) {
        self.maps.teach(context, history, bit);
    }

    fn found(&self, key: u64) -> Option<u32> {
        self.runs.get(&key).copied()
    }

    fn find_later(&mut self, key: u64, at: u32) {
        self.runs.insert(key, at);
    }
}

/// What a stream has learnt since it began; what histories mean it takes from the model.
#[derive(Clone)]
pub(super) struct Overlay<'a> {
    base: &'a Learnt,
    lists: Pages<Box<[Slot]>>,
    rows: Pages<Box<[f32]>>,
    runs: Pages<u32>,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(base: &'a Learnt) -> Self {
        Self { base, lists: Pages::default(), rows: Pages::default(), runs: Pages::default() }
    }
}

/// A key for all kinds of contexts.
fn among(context: usize, key: u64) -> u64 {
    key.rotate_left(context as u32)
}

/// A key for all banks.
fn of((bank, row): Place) -> u64 {
    super::past::hash(bank as u64, row.into())
}

impl Memory for Overlay<'_> {
    fn list<'a>(&'a self, code: &'a Code, context: usize, key: u64) -> &'a [Slot] {
        self.lists
            .get(among(context, key))
            .map(|list| &list[..])
            .unwrap_or_else(|| self.base.list(code, context, key))
    }

    fn write(&mut self, code: &Code, context: usize, key: u64, _: u32, path: &[Slot]) {
        let base = self.base;
        let list = self.lists.get_mut(among(context, key), || base.list(code, context, key).into());
        let mut merged = Vec::with_capacity(list.len() + path.len());
        merge(list, path, &mut merged);
        *list = merged.into();
    }

    fn row(&self, place: Place) -> &[f32] {
        self.rows.get(of(place)).map(|row| &row[..]).unwrap_or_else(|| self.base.row(place))
    }

    fn row_mut(&mut self, place: Place) -> &mut [f32] {
        let base = self.base;
        self.rows.get_mut(of(place), || base.row(place).into())
    }

    fn maps(&self) -> &Maps {
        &self.base.maps
    }

    fn teach(&mut self, _: usize, _: usize, _: usize) {}

    fn found(&self, key: u64) -> Option<u32> {
        self.runs.get(key).copied().or_else(|| self.base.found(key))
    }

    fn find_later(&mut self, key: u64, at: u32) {
        *self.runs.get_mut(key, || at) = at;
    }
}
