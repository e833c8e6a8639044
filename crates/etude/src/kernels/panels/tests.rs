//! Products against plain ones, and against themselves with other vectors and other numbers of streams.

use super::{Line, Panels};
use crate::inference::chance::Chance;
use crate::kernels::vector::Kernel;

/// Numbers in −1..1.
fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut chance = Chance::new(seed, 0);
    (0..count).map(|_| chance.unit() as f32 * 2.0 - 1.0).collect()
}

/// The vectors of many streams as lines (K/16, N).
fn lay(vectors: &[Vec<f32>]) -> Vec<Line> {
    let lines: Vec<Vec<Line>> = vectors.iter().map(|vector| Line::collect(vector)).collect();
    (0..lines[0].len()).flat_map(|block| lines.iter().map(move |vector| vector[block])).collect()
}

/// One product of all panels, lines (panels, P, N).
fn multiply(panels: &Panels, inputs: &[Line], streams: usize, wide: bool) -> Vec<Line> {
    let mut sums = vec![Line([0.5; 16]); panels.count() * panels.parts * streams];
    for (panel, sums) in sums.chunks_exact_mut(panels.parts * streams).enumerate() {
        if wide {
            panels.multiply(panel, inputs, sums);
        } else {
            panels.product(panel, inputs, sums).run();
        }
    }
    sums
}

/// Compares the products of `panels` of a matrix (K, J) with plain ones; `column` tells which column stands in a panel, part
/// and place.
fn check(
    panels: &Panels,
    matrix: &[f32],
    rows: usize,
    column: impl Fn(usize, usize, usize) -> Option<usize>,
) {
    let columns = matrix.len() / rows;
    for streams in [1, 2, 3, 6, 7, 17] {
        let vectors: Vec<Vec<f32>> = (0..streams).map(|stream| random(rows, stream as u64 + 9)).collect();
        let sums = multiply(panels, &lay(&vectors), streams, true);
        assert_eq!(sums, multiply(panels, &lay(&vectors), streams, false), "plain = wide");
        for (stream, vector) in vectors.iter().enumerate() {
            let alone = multiply(panels, &Line::collect(vector), 1, true);
            for (at, line) in alone.iter().enumerate() {
                assert_eq!(sums[at * streams + stream], *line, "one stream = many");
                for (place, &sum) in line.0.iter().enumerate() {
                    let column = column(at / panels.parts, at % panels.parts, place);
                    let product = |column: usize| -> f64 {
                        let numbers = vector.iter().zip(matrix.iter().skip(column).step_by(columns));
                        numbers.map(|(&x, &w)| f64::from(x) * f64::from(w)).sum()
                    };
                    let expected = 0.5 + column.map_or(0.0, product);
                    assert!((f64::from(sum) - expected).abs() < 2e-5, "{sum}, not {expected}");
                }
            }
        }
    }
}

#[test]
fn plain_matrices_are_multiplied_at_every_size() {
    for (rows, columns) in [(1, 1), (16, 64), (17, 65), (40, 100), (3, 200)] {
        let matrix = random(rows * columns, 1);
        check(&Panels::plain(&matrix, rows), &matrix, rows, |panel, part, place| {
            Some((panel * 4 + part) * 16 + place).filter(|&column| column < columns)
        });
    }
}

#[test]
fn gates_are_multiplied_at_every_size() {
    for (rows, gates, width) in [(1, 4, 1), (16, 3, 16), (33, 4, 20), (20, 3, 33)] {
        let matrix = random(rows * gates * width, 2);
        check(&Panels::gates(&matrix, rows, gates), &matrix, rows, |panel, gate, place| {
            let unit = panel * 16 + place;
            (unit < width).then_some(gate * width + unit)
        });
    }
}
