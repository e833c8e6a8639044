//! A track being written: events at ticks, put in order and encoded at the end.

use super::meta;

/// What comes first at one tick: a key must come up before it is struck again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Release,
    Sign,
    Press,
}

/// Events with their ticks, in any order.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    events: Vec<(u32, Order, Vec<u8>)>,
}

impl Timeline {
    /// A meta event of at most 2²⁸ - 1 bytes (longer ones are cut).
    pub(super) fn meta(&mut self, tick: u32, kind: u8, data: &[u8]) {
        let data = &data[..data.len().min(0x0fff_ffff)];
        let mut event = vec![0xff, kind];
        put_variable(&mut event, data.len() as u32);
        event.extend_from_slice(data);
        self.events.push((tick, Order::Sign, event));
    }

    /// A text of ours: a keyword and what it says.
    pub(super) fn text(&mut self, tick: u32, keyword: &str, text: &str) {
        self.meta(tick, meta::TEXT, format!("{keyword}{text}").as_bytes());
    }

    /// The programme of a channel.
    pub(super) fn program(&mut self, channel: u8, program: u8) {
        self.events.push((0, Order::Sign, vec![0xc0 | channel, program & 0x7f]));
    }

    /// A key pressed and released.
    pub(super) fn note(&mut self, ticks: std::ops::Range<u32>, channel: u8, key: u8, velocity: u8) {
        self.events.push((ticks.start, Order::Press, vec![0x90 | channel, key, velocity.clamp(1, 127)]));
        self.events.push((ticks.end, Order::Release, vec![0x80 | channel, key, 64]));
    }

    /// The track's chunk, ending at tick `end` or with the last event.
    pub(super) fn chunk(mut self, end: u32) -> Vec<u8> {
        self.events.sort_by_key(|&(tick, order, _)| (tick, order));
        let end = self.events.last().map_or(end, |&(last, _, _)| last.max(end));
        self.events.push((end, Order::Press, vec![0xff, meta::END, 0]));
        let mut body = Vec::new();
        let mut now = 0;
        for (tick, _, event) in &self.events {
            put_variable(&mut body, tick - now);
            body.extend_from_slice(event);
            now = *tick;
        }
        let mut chunk = b"MTrk".to_vec();
        chunk.extend_from_slice(&(body.len() as u32).to_be_bytes());
        chunk.append(&mut body);
        chunk
    }
}

/// Appends a number below 2²⁸ as 1 to 4 bytes of 7 bits.
fn put_variable(bytes: &mut Vec<u8>, number: u32) {
    for shift in [21, 14, 7] {
        if number >> shift > 0 {
            bytes.push((number >> shift) as u8 | 0x80);
        }
    }
    bytes.push(number as u8 & 0x7f);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: u32, expected: &[u8]) {
        let mut bytes = Vec::new();
        put_variable(&mut bytes, number);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn variable_numbers_are_those_of_the_standard() {
        check(0, &[0]);
        check(0x40, &[0x40]);
        check(0x80, &[0x81, 0]);
        check(0x1f_ffff, &[0xff, 0xff, 0x7f]);
        check(0x0fff_ffff, &[0xff, 0xff, 0xff, 0x7f]);
    }

    #[test]
    fn a_key_comes_up_before_it_is_struck_again() {
        let mut timeline = Timeline::default();
        timeline.note(0..1, 0, 60, 80);
        timeline.note(1..2, 0, 60, 80);
        let chunk = timeline.chunk(2);
        let body = [0, 0x90, 60, 80, 1, 0x80, 60, 64, 0, 0x90, 60, 80, 1, 0x80, 60, 64, 0, 0xff, 0x2f, 0];
        assert_eq!(chunk[8..], body);
    }
}
