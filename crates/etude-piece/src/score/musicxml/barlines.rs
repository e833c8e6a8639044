//! Barlines: repeats, variant endings, and the final one.

use super::markup::Markup;
use crate::score::Bar;

/// Writes what begins with a bar: a repeat, a variant ending.
pub(super) fn write_left(markup: &mut Markup, bar: Bar) {
    if !bar.repeat_start && bar.ending.is_none() {
        return;
    }
    markup.open("barline", &[("location", "left")]);
    if bar.repeat_start {
        markup.leaf("bar-style", &[], "heavy-light");
    }
    if let Some(number) = bar.ending {
        markup.empty("ending", &[("number", &number.to_string()), ("type", "start")]);
    }
    if bar.repeat_start {
        markup.empty("repeat", &[("direction", "forward")]);
    }
    markup.close("barline");
}

/// Writes what ends with a bar, whose `ending` stops there, and which may be the last.
pub(super) fn write_right(markup: &mut Markup, bar: Bar, ending: Option<u8>, last: bool) {
    if !bar.repeat_end && !bar.section_end && ending.is_none() && !last {
        return;
    }
    markup.open("barline", &[("location", "right")]);
    if bar.repeat_end || last {
        markup.leaf("bar-style", &[], "light-heavy");
    } else if bar.section_end {
        markup.leaf("bar-style", &[], "light-light");
    }
    if let Some(number) = ending {
        let stop = if bar.repeat_end { "stop" } else { "discontinue" };
        markup.empty("ending", &[("number", &number.to_string()), ("type", stop)]);
    }
    if bar.repeat_end {
        markup.empty("repeat", &[("direction", "backward")]);
    }
    markup.close("barline");
}

/// By bar, the number of the variant ending that stops with it: one that is repeated stops there, any other after a bar.
pub(super) fn ending_stops(bars: &[Bar]) -> Vec<Option<u8>> {
    let mut stops = vec![None; bars.len()];
    let mut open: Option<(usize, u8)> = None;
    for (index, bar) in bars.iter().enumerate() {
        if let Some(number) = bar.ending {
            if let Some((start, number)) = open {
                stops[start] = Some(number);
            }
            open = Some((index, number));
        }
        if let Some((_, number)) = open.filter(|_| bar.repeat_end) {
            stops[index] = Some(number);
            open = None;
        }
    }
    if let Some((start, number)) = open {
        stops[start] = Some(number);
    }
    stops
}
