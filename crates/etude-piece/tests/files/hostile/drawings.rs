//! Large files of drawings made of little: time and memory stay in proportion.

use crate::{alone, cost};
use etude_piece::strokes::format::read;
use std::time::Duration;

/// What reading may take: memory in bytes for each byte of the file and for any file, and time for two megabytes.
const MOST: (usize, usize) = (130, 4 << 20);
const LONGEST: Duration = Duration::from_secs(60);

/// A file of two megabytes is read or refused in bounds; what a refusal says holds `words`.
#[track_caller]
fn check(name: &str, start: &str, middle: &str, end: &str, words: &str) {
    let file = [start, &middle.repeat((2 << 20) / middle.len()), end].concat();
    let (done, memory, spent) = cost(|| read(file.as_bytes(), name).map(|_| ()));
    assert!(memory <= MOST.0 * file.len() + MOST.1, "{name}: {memory} bytes for {}", file.len());
    assert!(spent <= LONGEST, "{name}: {spent:?}");
    let told = done.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(told.contains(words), "{name}: {}", told.chars().take(300).collect::<String>());
}

#[test]
fn many_points() {
    let _alone = alone();
    check("rows.jsonl", "{\"stroke3\":[[0,0,0]", ",[1,0,0]", "]}", "");
    check("dots.jsonl", "{\"stroke3\":[[0,0,0]", ",[1,0,1]", "]}", "");
    check("lines.jsonl", "", "{\"stroke3\":[[0,0,0]]}\n", "", "");
    check("cats.ndjson", "", "{\"drawing\":[[[0],[0]]]}\n", "", "");
    check("strokes.ndjson", "{\"drawing\":[[[0],[0]]", ",[[0],[0]]", "]}", "");
    check("empty.ndjson", "{\"drawing\":[[]", ",[]", "]}", "lengths []");
    check("table.csv", "x,y\n", "1,2\n", "", "");
    check("letter.txt", "START\n", "1,2,3\nBREAK\n", "", "");
    check("log.xml", "<Gesture>", "<Point x=\"1\" y=\"2\"/>", "</Gesture>", "");
}

#[test]
fn many_shapes() {
    let _alone = alone();
    check("path.svg", "<svg><path d='M0 0", "h1", "'/></svg>", "at most 1000000");
    check("moves.svg", "<svg><path d='M0 0", "M1 1", "'/></svg>", "without points");
    check("curves.svg", "<svg><path d='M0 0", "t1 1", "'/></svg>", "");
    check("arcs.svg", "<svg><path d='M0 0", "a9 1 5 0 1 1 1", "'/></svg>", "");
    check("points.svg", "<svg><polyline points='", "1 2 ", "'/></svg>", "");
    check("groups.svg", "<svg>", "<g/>", "</svg>", "without points");
    check("deep.svg", "", "<svg>", "", "200 deep");
    check("lines.svg", "<svg>", "<line x2='1'/>", "</svg>", "");
    check("used.svg", "<svg><circle id='a' r='1'/>", "<use href='#a'/>", "</svg>", "");
    check("turned.svg", "<svg><line x2='1' transform='", "rotate(1)", "'/></svg>", "");
    check("titles.svg", "<svg><line x2='1'/><title>", "a&#65;", "</title></svg>", "");
}
