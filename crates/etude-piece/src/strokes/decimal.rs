//! Numbers as text: as few decimals as are needed.

/// A number with at most `places` decimals, without noughts at its end and without -0.
pub(super) fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn noughts_at_the_end_are_left_out() {
        let told =
            [(1.25, 3), (100.0, 3), (-0.0001, 3), (0.5, 0), (-2.7891234, 3)].map(|(v, p)| decimal(v, p));
        assert_eq!(told, ["1.25", "100", "0", "0", "-2.789"]);
    }
}
