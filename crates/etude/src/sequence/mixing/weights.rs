//! Rows of numbers that are learnt: the mixers' weights, and the tables of the refinements.
//!
//! Rows are grouped in banks; a bank's rows all begin alike, and are kept only once they have changed.

/// What one bank is like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bank {
    /// How many rows it has at most.
    pub(super) rows: usize,
    /// How every row begins; its length is the rows' width.
    pub(super) initial: Vec<f32>,
}

/// A row: the number of its bank, and its number in it.
pub(super) type Place = (usize, u32);

/// All rows of all banks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) banks: Vec<Bank>,
    /// Of each bank, of each row: which of the kept ones it is, or 0 while it is as it began.
    kept: Vec<Vec<u32>>,
    /// Of each bank: the row that all begin as, then the kept rows.
    values: Vec<Vec<f32>>,
}

impl Weights {
    pub(super) fn new(banks: Vec<Bank>) -> Self {
        let kept = banks.iter().map(|bank| vec![0; bank.rows]).collect();
        let values = banks.iter().map(|bank| bank.initial.clone()).collect();
        Self { banks, kept, values }
    }

    /// One row.
    pub(super) fn row(&self, (bank, row): Place) -> &[f32] {
        let width = self.banks[bank].initial.len();
        &self.values[bank][self.kept[bank][row as usize] as usize * width..][..width]
    }

    /// One row, to be changed.
    pub(super) fn row_mut(&mut self, (bank, row): Place) -> &mut [f32] {
        let width = self.banks[bank].initial.len();
        let (kept, values) = (&mut self.kept[bank][row as usize], &mut self.values[bank]);
        if *kept == 0 {
            *kept = (values.len() / width) as u32;
            values.extend_from_within(..width);
        }
        &mut values[*kept as usize * width..][..width]
    }

    /// The numbers of a bank's kept rows, ascending.
    pub(super) fn changed(&self, bank: usize) -> impl Iterator<Item = u32> {
        (0..self.banks[bank].rows as u32).filter(move |&row| self.kept[bank][row as usize] > 0)
    }
}
