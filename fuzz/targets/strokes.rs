//! Any bytes as every reader of drawings takes them.

#![no_main]

use etude_piece::strokes::format::{Format, Style, read, write};
use etude_piece::strokes::{Strokes, csv, dollar, jsonl, npz, omniglot, quickdraw, svg, xml};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (jsonl::read(bytes), quickdraw::read(bytes), dollar::read(bytes), npz::read(bytes));
    let _ = (csv::read(bytes), omniglot::read(bytes), xml::read(bytes), svg::read(bytes));
    for drawing in read(bytes, "drawing").map(|reading| reading.drawings).unwrap_or_default().into_iter().take(4) {
        let shape = |strokes: &Strokes| strokes.strokes.len();
        if drawing.strokes.points().count() > 10_000 {
            continue;
        }
        for format in [Format::Jsonl, Format::Csv] {
            let written = write(&drawing, format, &Style::default()).expect("every drawing fits");
            let back = read(&written.bytes, "drawing").expect("what we write we read");
            assert_eq!(shape(&back.drawings[0].strokes), shape(&drawing.strokes));
        }
        let ordered = drawing.strokes.ordered(-1.0);
        assert!(ordered.pen_up() <= drawing.strokes.pen_up() * (1.0 + 1e-9));
        let _ = (drawing.strokes.simplified(1.0), drawing.strokes.smoothed(1.0));
        drawing.strokes.strokes.iter().for_each(|stroke| drop(stroke.beziers(1.0)));
    }
});
