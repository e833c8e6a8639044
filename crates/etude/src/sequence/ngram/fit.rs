//! Discounts fitted to held-out sequences: the probabilities are linear in each level's discounts, so the gradient is exact.
//!
//! For one symbol, from the shortest context to the longest, with C the total of a context and n_j its entries of count j:
//!
//! ```text
//!     p_l = max(c − D(c), 0) / C + γ p_{l−1},   γ = Σ_j n_j D_j / C,   p_{−1} = 1 / Q
//!     ∂p_l / ∂D_j = (n_j p_{l−1} − [c has discount j]) / C
//! ```

use super::discount::{COUNTS, Discounts, place, slope, step};
use super::trie::Trie;
use crate::sequence::Sequence;
use crate::train::owlqn::{Options, Progress, minimise};

/// How strongly a fitted logit is drawn back to its estimate: that of a normal prior of this precision.
const PRECISION: f64 = 1.0;

/// One context on the way to a held-out symbol.
pub(super) struct Link {
    /// Where its discounts begin.
    place: u32,
    /// Which discount the symbol's count has, or COUNTS if it never followed.
    step: u8,
    /// The symbol's count over the context's total, 0..=1.
    share: f32,
    /// Entries of count 1, 2, and 3 or more, over the total, (COUNTS).
    entries: [f32; COUNTS],
    /// 1 over the total.
    inverse: f32,
}

/// Discounts that foretell the held-out sequences well, begun at `discounts`; and how well: nats a symbol, none of none.
///
/// `report` hears of each iteration, and ends the fit by `false`.
pub(super) fn fit(
    trie: &Trie,
    start: u16,
    held_out: &[Sequence],
    discounts: &Discounts,
    report: impl FnMut(Progress) -> bool,
) -> (Discounts, Option<f64>) {
    let (links, ends) = links(trie, start, held_out);
    let begun = discounts.logits();
    let mut logits = begun.clone();
    let options = Options { iterations: 60, tolerance: 1e-6, ..Options::default() };
    let surprise = |logits: &[f64], gradient: &mut [f64]| {
        objective(&links, &ends, 1.0 / f64::from(start), logits, gradient)
    };
    let objective = |logits: &[f64], gradient: &mut [f64]| {
        let mut sum = surprise(logits, gradient);
        for ((slope, &logit), &begun) in gradient.iter_mut().zip(logits).zip(&begun) {
            sum += 0.5 * PRECISION * (logit - begun) * (logit - begun);
            *slope += PRECISION * (logit - begun);
        }
        sum
    };
    minimise(&mut logits, &options, objective, report);
    let total = surprise(&logits, &mut vec![0.0; logits.len()]);
    (Discounts::from_logits(&logits), (!ends.is_empty()).then(|| total / ends.len() as f64))
}

/// All contexts of all held-out symbols, shortest first, and where each symbol's contexts end.
pub(super) fn links(trie: &Trie, start: u16, held_out: &[Sequence]) -> (Vec<Link>, Vec<usize>) {
    let (mut links, mut ends) = (Vec::new(), Vec::new());
    for sequence in held_out {
        let mut node = trie.after(0, start);
        for &symbol in &sequence.symbols {
            let (path, depth) = trie.path(node);
            links.push(link(trie, 0, 0, symbol as u16));
            for (level, &node) in path[..depth].iter().enumerate() {
                links.push(link(trie, node as usize, level + 1, symbol as u16));
            }
            ends.push(links.len());
            node = trie.after(node, symbol as u16);
        }
    }
    (links, ends)
}

fn link(trie: &Trie, node: usize, level: usize, symbol: u16) -> Link {
    let (words, counts) = trie.followers(node);
    let inverse = 1.0 / counts.iter().map(|&count| f64::from(count)).sum::<f64>();
    let mut entries = [0.0; COUNTS];
    counts.iter().for_each(|&count| entries[step(count)] += inverse as f32);
    let (step, share) = match words.binary_search(&symbol) {
        Ok(at) => (step(counts[at]) as u8, (f64::from(counts[at]) * inverse) as f32),
        Err(_) => (COUNTS as u8, 0.0),
    };
    Link { place: place(level, words.len()) as u32, step, share, entries, inverse: inverse as f32 }
}

/// −Σ ln p of the held-out symbols, and its gradient by the logits.
pub(super) fn objective(
    links: &[Link],
    ends: &[usize],
    uniform: f64,
    logits: &[f64],
    gradient: &mut [f64],
) -> f64 {
    let discounts = Discounts::from_logits(logits).0;
    let slopes: Vec<f64> =
        logits.iter().enumerate().map(|(at, &x)| (at % COUNTS + 1) as f64 * slope(x)).collect();
    gradient.fill(0.0);
    let (mut sum, mut begin) = (0.0, 0);
    let mut before = Vec::new();
    for &end in ends {
        let path = &links[begin..end];
        before.clear();
        let mut p = uniform;
        for link in path {
            before.push(p);
            let (d, kept) = (&discounts[link.place as usize..], f64::from(link.share));
            let away: f64 = link.entries.iter().zip(d).map(|(&n, d)| f64::from(n) * d).sum();
            let taken = d[..COUNTS].get(usize::from(link.step)).copied().unwrap_or(0.0);
            p = kept - taken * f64::from(link.inverse) + away * p;
        }
        sum -= crate::kernels::ln(p);
        let mut back = -1.0 / p;
        for (link, &lower) in path.iter().zip(&before).rev() {
            let at = link.place as usize;
            let mut away = 0.0;
            for j in 0..COUNTS {
                let n = f64::from(link.entries[j]);
                away += n * discounts[at + j];
                let own = if usize::from(link.step) == j { f64::from(link.inverse) } else { 0.0 };
                gradient[at + j] += back * (n * lower - own) * slopes[at + j];
            }
            back *= away;
        }
        begin = end;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::ngram::count::count;
    use crate::sequence::ngram::tests::{SYMBOLS, symbols, verses};

    #[test]
    fn the_gradient_agrees_with_finite_differences() {
        let (trie, _) = count(&verses().train, SYMBOLS as u16, 3);
        let held_out = [Sequence::plain(&symbols("the crow knows one zoo in a row"), SYMBOLS)];
        let (links, ends) = links(&trie, SYMBOLS as u16, &held_out);
        let logits = Discounts::estimate(&trie).logits();
        let at = |logits: &[f64]| {
            let mut gradient = vec![0.0; logits.len()];
            (objective(&links, &ends, 1.0 / SYMBOLS as f64, logits, &mut gradient), gradient)
        };
        let (_, gradient) = at(&logits);
        assert!(gradient.iter().filter(|slope| **slope != 0.0).count() > 20);
        for index in 0..logits.len() {
            let moved = |by: f64| {
                let mut moved = logits.clone();
                moved[index] += by;
                at(&moved).0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slope - gradient[index]).abs() < 1e-6, "{index}: {slope} {}", gradient[index]);
        }
    }
}
