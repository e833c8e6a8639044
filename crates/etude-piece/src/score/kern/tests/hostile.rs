//! Files that mean harm, or were harmed: errors or tolerant reading, never a panic, never out of proportion.

use super::reading::table;
use super::writing::comes_back;
use crate::score::example;
use crate::score::kern::{read, write};
use std::time::{Duration, Instant};

/// Reads bytes, and writes and reads again what could be read.
fn survives(bytes: &[u8]) {
    let Ok(score) = read(bytes) else { return };
    let Ok(written) = write(&score) else { return };
    let back = read(&written.bytes);
    assert!(
        back.is_ok(),
        "{:?}\n{}",
        back.err().map(|e| e.to_string()),
        String::from_utf8_lossy(&written.bytes)
    );
}

/// Reads a file within three seconds, which is slow for a megabyte even where nothing is optimised.
#[track_caller]
fn within(bytes: &[u8]) -> bool {
    let start = Instant::now();
    let read = read(bytes).is_ok();
    assert!(start.elapsed() < Duration::from_secs(3), "took {:?}", start.elapsed());
    read
}

/// Some rows again and again, up to a megabyte.
fn megabyte(head: &str, rows: &str) -> Vec<u8> {
    (table(head) + &table(rows).repeat((1 << 20) / rows.len())).into_bytes()
}

/// Tables that hold every feature between them.
const TABLES: [&str; 4] = [
    "!!!OTL: A\n!!!COM: B\n**kern  **text  **kern  **dynam\n*I\"Low  *  *I\"High  *\n*Ibass  *  *Ivox  *\n*>A  *  *>A  *\n\
     *k[f#]  *  *k[f#]  *\n*G:  *  *G:  *\n*M3/4  *  *M3/4  *\n*MM72.5  *  *MM72.5  *\n4G  Ky-  4g  p\n=1!|:  =1!|:  =1!|:  =1!|:\n\
     [4C 8E  -ri-  8.cc#;  <\n.  .  16dd  .\n.  .  8ffq  .\n2C]  -e  2ee-  .\n=2:|!  =2:|!  =2:|!  =2:|!\n*>A1  *  *>A1  *\n\
     3%2D  .  3%2d  .\n==  ==  ==  ==\n*-  *-  *-  *-",
    "**kern\n*^\n*  *^\n4e  [4c  2r\n4f  4c_  .\n*  *v  *v\n*v  *v\n4c] g\n*+\n*  **kern\n*x  *x\n4a  4b\n*-  *\n0r\n*-",
    "**recip  **kern  **mxhm\n8  [1c  C major\n8  .  Am7/G\n4  .  .\n2  .  .\n=  =  =\n1  1c]  .\n*-  *-  *-",
    "**kern  **kern\n=1-  =1-\n.  16ggqq\n.  16aaqq\n1c e g  1cc;\n=:|!|:  =:|!|:\n12r  12dd\n12c  12ee\n12d  12ff\n==:|!;  ==:|!;\n*-  *-",
];

/// A sequence of numbers by Knuth's linear congruence, for tests only.
struct Dice(u64);

impl Dice {
    /// A number below `limit`.
    fn roll(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

#[test]
fn every_table_of_these_is_sound() {
    for rows in TABLES {
        read(table(rows).as_bytes()).unwrap_or_else(|error| panic!("{error}\n{rows}"));
        survives(table(rows).as_bytes());
    }
}

#[test]
fn truncation_at_every_byte_is_survived() {
    let chorale = comes_back(&example::chorale());
    for text in TABLES.map(table).into_iter().chain([chorale]) {
        (0..text.len()).for_each(|end| survives(&text.as_bytes()[..end]));
    }
}

#[test]
fn mutants_are_survived() {
    let dice = &mut Dice(2026);
    let spice = b"*^v+-x=:|!.[]_;qrcCgG#0123456789% \t\n&>kMI\"\xFF\0T(";
    for round in 0..20_000 {
        let mut bytes = table(TABLES[round % TABLES.len()]).into_bytes();
        for _ in 0..1 + dice.roll(6) {
            let at = dice.roll(bytes.len());
            match dice.roll(4) {
                0 => bytes[at] = spice[dice.roll(spice.len())],
                1 => bytes.insert(at, spice[dice.roll(spice.len())]),
                2 => drop(bytes.remove(at)),
                _ => {
                    let end = (at + dice.roll(20)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    let to = dice.roll(bytes.len());
                    bytes.splice(to..to, copy);
                }
            }
        }
        survives(&bytes);
    }
}

#[test]
fn noise_that_is_not_utf_8_is_survived() {
    let dice = &mut Dice(1);
    for _ in 0..200 {
        let mut bytes = b"**kern\t**kern\n".to_vec();
        bytes.extend((0..400).map(|_| u8::try_from(dice.roll(256)).expect("a byte")));
        survives(&bytes);
    }
}

#[test]
fn spines_that_split_without_end_are_stopped() {
    let mut text = "**kern\n".to_owned();
    for power in 0..12 {
        text.push_str(&(vec!["*^"; 1 << power].join("\t") + "\n"));
    }
    let error = read(text.as_bytes()).expect_err("too many").to_string();
    assert!(error.contains("one more spine, expected at most 256"), "{error}");
    let added =
        "**kern\n".to_owned() + &(0..300).map(|n| format!("*+{}\n", "\t*".repeat(n))).collect::<String>();
    assert!(read(added.as_bytes()).is_err());
    let wide = vec!["**kern"; 300].join("\t");
    assert!(read(wide.as_bytes()).is_err());
}

#[test]
fn a_megabyte_on_one_line_takes_seconds_at_most() {
    for of in [
        "4c ", "c", "4", "(", "#", "-", ".", "[", "]", "_", "q", "r", "%", ";", " ", "é", "&#9;", "\t",
        "4c\t", "T",
    ] {
        for head in [
            "**kern\n",
            "**kern\t**text\n4c\t",
            "**kern\n*I\"",
            "**kern\n*>",
            "**kern\n*k[",
            "**kern\n*M",
            "**kern\n=",
            "!!!OTL:",
        ] {
            within((head.to_owned() + &of.repeat((1 << 20) / of.len()) + "\n").as_bytes());
        }
    }
}

#[test]
fn a_megabyte_of_rows_takes_seconds_at_most() {
    for rows in [
        "4c",
        "[4c",
        "4c_",
        "8qc",
        "4r",
        "=",
        "4c\n=",
        "*",
        "*>A",
        "*>A1",
        "*M3/4\n4r\n*M4/4\n4r",
        "*^\n*v  *v",
        "*^\n4c  4d\n*v  *v",
        "[4c [8c",
        "4c\n*k[f#]\n4c\n*k[]",
        "!!!OTL: a",
        "!LO:TX",
        ".",
    ] {
        within(&megabyte("**kern", rows));
    }
    let labels: String = (0..100_000).map(|n| format!("*>A{n}x\n4r\n=\n")).collect();
    within(format!("**kern\n{labels}").as_bytes());
    within(&megabyte("**kern  **text  **mxhm", "4c  word  C"));
    let wide = |token: &str| vec![token; 256].join("  ");
    within(&megabyte(&wide("**kern"), &wide("[4c")));
    within(&megabyte(&wide("**kern"), &wide("=")));
    let sung = (0..128).map(|_| "**kern  **text").collect::<Vec<_>>().join("  ");
    within(&megabyte(&sung, &(0..128).map(|_| "4c  a").collect::<Vec<_>>().join("  ")));
}

#[test]
fn ties_that_wait_for_ever_are_few() {
    // Each chord leaves ties behind that end long after.
    within(&megabyte("**kern", "4c [0c [0d [0e [0f [0g [0a"));
    within(&megabyte("**kern", "4c_ 0c_ 00c_"));
}

#[test]
fn absurd_durations_are_refused() {
    for token in
        ["0%0c", "0%1c", "4%0c", "99999999c", "99999999999999999999c", "1%999999999c", "0000c", "4.........c"]
    {
        assert!(read(format!("**kern\n{token}\n*-\n").as_bytes()).is_err(), "{token}");
    }
}

#[test]
fn times_never_overflow() {
    let primes: String = [7, 9, 11, 13, 17, 19, 23, 29].map(|p| format!("{p}c\n")).concat();
    assert!(read(format!("**kern\n{primes}").as_bytes()).is_err());
    assert!(read(format!("**kern\n{}", "1%99999999c\n".repeat(100)).as_bytes()).is_err());
}

#[test]
fn a_note_over_a_hundred_thousand_bars_is_refused_not_cut_for_ever() {
    let rests = "=\t=\n64r\t.\n".repeat(100_000);
    let text = format!("**kern\t**kern\n.\t1%9999c 1%9999d 1%9999e\n{rests}");
    let score = read(text.as_bytes());
    if let Ok(score) = score {
        assert!(write(&score).is_err());
    }
}
