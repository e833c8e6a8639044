//! What a stream has learnt on top of the model, shared page by page with the streams that it was copied from.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Pages of a map.
const PAGES: usize = 512;

/// A map from hashes to values. A copy costs nothing; what is changed afterwards is copied page by page.
#[derive(Debug, Clone)]
pub(super) struct Pages<V>(Arc<Vec<Arc<FxHashMap<u64, V>>>>);

impl<V> Default for Pages<V> {
    fn default() -> Self {
        Self(Arc::new(vec![Arc::default(); PAGES]))
    }
}

/// The page of a key; the map within a page takes other bits.
fn page(key: u64) -> usize {
    (key >> 20) as usize % PAGES
}

impl<V: Clone> Pages<V> {
    /// The value of a key.
    pub(super) fn get(&self, key: u64) -> Option<&V> {
        self.0[page(key)].get(&key)
    }

    /// The value of a key, to be changed; at first it is what `first` makes.
    pub(super) fn get_mut(&mut self, key: u64, first: impl FnOnce() -> V) -> &mut V {
        let page = &mut Arc::make_mut(&mut self.0)[page(key)];
        Arc::make_mut(page).entry(key).or_insert_with(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_part_where_they_change() {
        let mut one = Pages::default();
        for key in 0..2000 {
            *one.get_mut(key << 15, || 0) = key;
        }
        let mut other = one.clone();
        *other.get_mut(7 << 15, || 0) += 100;
        assert_eq!((one.get(7 << 15), other.get(7 << 15)), (Some(&7), Some(&107)));
        assert_eq!((one.get(8 << 15), other.get(8 << 15), one.get(5)), (Some(&8), Some(&8), None));
    }
}
