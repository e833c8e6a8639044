//! The events of one track, one at a time.

use super::cursor::Cursor;
use super::meta;
use super::unheld::{Tally, Unheld};
use crate::error::{Fault, Place, Result};

/// An event that a score has use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A key goes down; velocity 1..=127.
    On { channel: u8, key: u8, velocity: u8 },
    /// A key comes up; whether the file tells how fast, by another velocity than 0 and 64 (which mean nothing).
    Off { channel: u8, key: u8, told: bool },
    /// A channel changes its programme.
    Program { channel: u8, program: u8 },
    /// A meta event: kind and bytes.
    Meta { kind: u8, data: &'a [u8] },
    /// Anything else, which a score doesn't hold.
    Other(Unheld),
}

/// An event with its time in ticks and the offset of its status byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timed<'a> {
    pub(super) tick: u64,
    pub(super) byte: usize,
    pub(super) event: Event<'a>,
}

/// A track being read.
#[derive(Debug)]
pub(super) struct Events<'a> {
    cursor: Cursor<'a>,
    /// The status of the last channel event. Real files keep it across meta events, against the standard.
    running: Option<u8>,
    /// Whether a meta or exclusive event came after it.
    interrupted: bool,
    /// How many events took their status from before such an event.
    resumed: usize,
    tick: u64,
    /// The last tick that a score may reach.
    latest: u64,
    ended: bool,
}

impl<'a> Events<'a> {
    /// The events of a track that begins at tick `start`; none may come after tick `latest`.
    pub(super) fn new(cursor: Cursor<'a>, start: u64, latest: u64) -> Self {
        Self { cursor, running: None, interrupted: false, resumed: 0, tick: start, latest, ended: false }
    }

    /// The time reached, in ticks.
    pub(super) fn tick(&self) -> u64 {
        self.tick
    }

    /// Counts what was mended and what was left over, once the last event is read.
    pub(super) fn finish(&self, tally: &mut Tally) {
        tally.add_many(self.resumed, Unheld::Status);
        tally.add_many(self.cursor.left(), Unheld::StrayByte);
        tally.add_many(usize::from(!self.ended), Unheld::MissingEnd);
    }

    /// The next event, or `None` after the end-of-track event or, where that is missing, the last byte.
    pub(super) fn next(&mut self) -> Result<Option<Timed<'a>>> {
        if self.ended || self.cursor.left() == 0 {
            return Ok(None);
        }
        let start = self.cursor.position();
        let delta = self.cursor.variable("the time to the next event")?;
        self.tick = self.tick.saturating_add(u64::from(delta));
        if self.tick > self.latest {
            let found = format!("tick {}", self.tick);
            let expected = format!("the music to end by tick {} (32,768 quarter notes)", self.latest);
            return Err(Fault::new(Place::Byte(start), found, expected).into());
        }
        let byte = self.cursor.position();
        let event = self.event()?;
        self.ended = matches!(event, Event::Meta { kind: meta::END, .. });
        Ok(Some(Timed { tick: self.tick, byte, event }))
    }

    fn event(&mut self) -> Result<Event<'a>> {
        let status = match self.cursor.peek() {
            Some(status @ 0x80..) => {
                self.cursor.byte("an event")?;
                status
            }
            _ => self.running_status()?,
        };
        match status {
            0xff => {
                self.interrupted = true;
                self.meta()
            }
            0xf0 | 0xf7 => {
                self.interrupted = true;
                self.exclusive()
            }
            0xf1..=0xfe => {
                let found = format!("system message 0x{status:02x}");
                let place = Place::Byte(self.cursor.position() - 1);
                Err(Fault::new(place, found, "an event that files may hold")
                    .hint("the track is damaged here")
                    .into())
            }
            _ => {
                self.running = Some(status);
                self.interrupted = false;
                self.channel_event(status)
            }
        }
    }

    /// The status that stands for a missing one.
    fn running_status(&mut self) -> Result<u8> {
        if let Some(status) = self.running {
            self.resumed += usize::from(self.interrupted);
            return Ok(status);
        }
        let (found, hint) = match self.cursor.peek() {
            Some(byte) => {
                (format!("data byte 0x{byte:02x}"), "no event came before whose kind it could share")
            }
            None => ("the end of the track".to_owned(), "the track is cut off or its length is wrong"),
        };
        Err(Fault::new(Place::Byte(self.cursor.position()), found, "an event").hint(hint).into())
    }

    fn channel_event(&mut self, status: u8) -> Result<Event<'a>> {
        let channel = status & 0x0f;
        let first = self.data_byte()?;
        match status >> 4 {
            0xc => return Ok(Event::Program { channel, program: first }),
            0xd => return Ok(Event::Other(Unheld::Pressure)),
            _ => {}
        }
        let second = self.data_byte()?;
        Ok(match (status >> 4, second) {
            (0x9, 1..) => Event::On { channel, key: first, velocity: second },
            (0x8 | 0x9, _) => Event::Off { channel, key: first, told: !matches!(second, 0 | 64) },
            (0xa, _) => Event::Other(Unheld::Pressure),
            (0xb, _) => Event::Other(Unheld::Controller),
            _ => Event::Other(Unheld::Bend),
        })
    }

    /// A byte below 128.
    fn data_byte(&mut self) -> Result<u8> {
        let byte = self.cursor.byte("a data byte")?;
        if byte < 0x80 {
            return Ok(byte);
        }
        let place = Place::Byte(self.cursor.position() - 1);
        Err(Fault::new(place, format!("0x{byte:02x}"), "a data byte of at most 0x7f").into())
    }

    fn meta(&mut self) -> Result<Event<'a>> {
        let kind = self.cursor.byte("the kind of a meta event")?;
        let data = self.counted("the meta event's bytes")?;
        Ok(Event::Meta { kind, data })
    }

    fn exclusive(&mut self) -> Result<Event<'a>> {
        self.counted("the system exclusive message's bytes")?;
        Ok(Event::Other(Unheld::Exclusive))
    }

    /// A length and as many bytes.
    fn counted(&mut self, expected: &str) -> Result<&'a [u8]> {
        let start = self.cursor.position();
        let length = self.cursor.variable("a length")? as usize;
        let left = self.cursor.left();
        if length > left {
            let found = format!("a length of {length} bytes with {left} left in the track");
            return Err(Fault::new(Place::Byte(start), found, expected)
                .hint("the file is cut off or damaged; fetch it again")
                .into());
        }
        self.cursor.take(length, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of `bytes`, each as `tick event`, and the message of the error that ended them.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        let mut events = Events::new(Cursor::new(bytes), 0, 1 << 24);
        let mut drawn = Vec::new();
        loop {
            match events.next() {
                Ok(Some(timed)) => drawn.push(format!("{} {}", timed.tick, draw(timed.event))),
                Ok(None) => break,
                Err(error) => {
                    drawn.push(error.to_string());
                    break;
                }
            }
        }
        assert_eq!(drawn, expected);
    }

    fn draw(event: Event<'_>) -> String {
        match event {
            Event::On { channel, key, velocity } => format!("on {channel}:{key} {velocity}"),
            Event::Off { channel, key, told } => {
                format!("off {channel}:{key}{}", if told { " with a speed" } else { "" })
            }
            Event::Program { channel, program } => format!("program {channel}:{program}"),
            Event::Meta { kind, data } => format!("meta {kind:02x} {data:02x?}"),
            Event::Other(kind) => format!("{kind:?}"),
        }
    }

    #[test]
    fn velocity_zero_is_a_key_coming_up() {
        check(&[0, 0x91, 60, 80, 10, 0x91, 60, 0], &["0 on 1:60 80", "10 off 1:60"]);
    }

    #[test]
    fn running_status_survives_meta_events() {
        check(
            &[0, 0x90, 60, 80, 1, 0xff, 5, 1, b'a', 1, 62, 80],
            &["0 on 0:60 80", "1 meta 05 [61]", "2 on 0:62 80"],
        );
    }

    #[test]
    fn exclusive_messages_are_skipped_whole() {
        check(&[0, 0xf0, 3, 0x90, 60, 0xf7, 0, 0xc2, 19], &["0 Exclusive", "0 program 2:19"]);
    }

    #[test]
    fn what_a_score_does_not_hold_is_told_apart() {
        check(
            &[0, 0xb0, 64, 127, 0, 0xe0, 0, 64, 0, 0xa0, 60, 9, 0, 0xd0, 9, 0, 0x80, 60, 99],
            &["0 Controller", "0 Bend", "0 Pressure", "0 Pressure", "0 off 0:60 with a speed"],
        );
    }

    #[test]
    fn nothing_is_read_after_the_end_of_track() {
        check(&[5, 0xff, 0x2f, 0, 1, 2, 3], &["5 meta 2f []"]);
    }

    #[test]
    fn a_data_byte_needs_a_status_before_it() {
        check(
            &[0, 60, 80],
            &[
                "byte 1: found data byte 0x3c, expected an event; hint: no event came before whose kind it could share",
            ],
        );
    }

    #[test]
    fn a_status_byte_is_no_data() {
        check(&[0, 0x90, 0x90, 60], &["byte 2: found 0x90, expected a data byte of at most 0x7f"]);
    }

    #[test]
    fn a_meta_event_cannot_be_longer_than_its_track() {
        check(
            &[0, 0xff, 1, 0x81, 0x00, b'a'],
            &[
                "byte 3: found a length of 128 bytes with 1 left in the track, expected the meta event's bytes; \
               hint: the file is cut off or damaged; fetch it again",
            ],
        );
    }

    #[test]
    fn time_has_an_end() {
        check(
            &[0xff, 0xff, 0xff, 0x7f, 0x90, 60, 80],
            &[
                "byte 0: found tick 268435455, expected the music to end by tick 16777216 (32,768 quarter notes)",
            ],
        );
    }
}
