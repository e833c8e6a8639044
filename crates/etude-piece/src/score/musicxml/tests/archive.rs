//! Compressed files: what archives may hold, and how they harm.

use super::{bar, document, read, show};
use crate::score::example;
use crate::score::musicxml::{write, write_compressed};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::crc32;
use std::io::Write;

/// The name of an archive's index.
const INDEX: &str = "META-INF/container.xml";

/// A file of an archive, and what the archive says of it.
struct File {
    name: String,
    /// As packed.
    data: Vec<u8>,
    /// 8 for deflate, 0 for stored.
    method: u16,
    /// The unpacked size that the archive tells.
    size: u32,
    crc: u32,
    /// Bit 0: encrypted.
    flags: u16,
}

/// A deflated file that says the truth.
fn file(name: &str, contents: &[u8]) -> File {
    let size = contents.len() as u32;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(contents).expect("into memory");
    let data = encoder.finish().expect("into memory");
    File { name: name.to_owned(), data, method: 8, size, crc: crc32(contents), flags: 0 }
}

/// An index that names a score.
fn index(name: &str) -> File {
    let text = format!("<container><rootfiles><rootfile full-path=\"{name}\"/></rootfiles></container>");
    file(INDEX, text.as_bytes())
}

/// An archive of these files, laid out as the format asks for.
fn zip(files: &[File]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for File { name, data, method, size, crc, flags } in files {
        let shorts = [20, *flags, *method, 0, 33].map(u16::to_le_bytes).concat();
        let longs = [*crc, data.len() as u32, *size].map(u32::to_le_bytes).concat();
        let about = [shorts, longs, [name.len() as u16, 0].map(u16::to_le_bytes).concat()].concat();
        directory.extend(
            [b"PK\x01\x02\x14\0", &about[..], &[0; 10], &(archive.len() as u32).to_le_bytes()].concat(),
        );
        directory.extend(name.as_bytes());
        archive.extend([b"PK\x03\x04", &about[..], name.as_bytes(), data].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let (start, size) = ((archive.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    [
        archive,
        directory,
        b"PK\x05\x06\0\0\0\0".to_vec(),
        [count, count].concat(),
        [size, start].concat(),
        vec![0; 2],
    ]
    .concat()
}

/// A score of one note.
fn score() -> Vec<u8> {
    document(&bar("C4/2")).into_bytes()
}

/// Checks the music of an archive.
#[track_caller]
fn check(files: &[File], expected: &str) {
    assert_eq!(show(&read(&zip(files)).expect("a legal file")), expected);
}

/// Checks that an archive is refused with this message.
#[track_caller]
fn check_refused(files: &[File], expected: &str) {
    assert_eq!(read(&zip(files)).expect_err("a fault").to_string(), expected);
}

#[test]
fn the_index_names_the_score() {
    let other = document(&bar("D4/2"));
    check(&[file("a.xml", other.as_bytes()), index("b/c.musicxml"), file("b/c.musicxml", &score())], "C4/1");
}

#[test]
fn without_an_index_the_first_score_is_read() {
    check(&[file("picture.png", b"no score"), file("a.XML", &score())], "C4/1");
    // The index may name what isn't there, in another writing of its letters.
    check(&[index("é.xml"), file("e\u{301}.xml", &score())], "C4/1");
}

#[test]
fn stored_files_are_read() {
    let stored = File { data: score(), method: 0, ..file("a.xml", &score()) };
    check(&[index("a.xml"), stored], "C4/1");
}

#[test]
fn utf_16_may_be_packed_too() {
    let text = format!("\u{FEFF}{}", document(&bar("C4/2")));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&[file("a.xml", &wide)], "C4/1");
}

#[test]
fn the_same_score_gives_the_same_archive_which_is_much_smaller() {
    let chorale = example::chorale();
    let packed = write_compressed(&chorale).expect("writable").bytes;
    assert_eq!(write_compressed(&chorale).expect("writable").bytes, packed);
    let plain = write(&chorale).expect("writable").bytes;
    assert!(packed.len() * 5 < plain.len(), "{} of {}", packed.len(), plain.len());
    assert_eq!(read(&packed).expect("our own"), read(&plain).expect("our own"));
    // The media type stands where programs look for it.
    assert_eq!(&packed[30..72], b"mimetypeapplication/vnd.recordare.musicxml");
}

#[test]
fn names_outside_the_archive_are_refused() {
    for name in ["../a.xml", "b/../../a.xml", "/a.xml", "C:/a.xml", "..\\a.xml", "./a.xml", ""] {
        let refused = zip(&[index(name), file(name, &score()), file("b.xml", &score())]);
        let error = read(&refused).expect_err("a fault").to_string();
        assert!(error.ends_with("in META-INF/container.xml, expected a name inside the archive"), "{error}");
    }
}

#[test]
fn files_with_names_outside_the_archive_are_never_touched() {
    check_refused(
        &[file("../a.xml", &score()), file("/b.xml", &score())],
        "found an archive without a .musicxml or .xml file, expected compressed MusicXML; hint: is this another kind of zip archive?",
    );
    check(&[file("../a.xml", b"never read"), index("c.xml"), file("c.xml", &score())], "C4/1");
}

#[test]
fn a_bomb_is_refused_before_it_bursts() {
    // A hundred megabytes of blanks in a hundred kilobytes.
    let bomb = file("a.xml", &vec![b' '; 100 << 20]);
    let packed = zip(&[index("a.xml"), bomb]);
    let most = 24 * (1 << 20) + 4 * packed.len();
    assert_eq!(
        read(&packed).expect_err("a bomb").to_string(),
        format!(
            "found `a.xml` of 104857600 bytes in an archive of {}, expected at most {most} bytes; \
             hint: this may be a zip bomb; if it is music, unpack it first",
            packed.len()
        )
    );
}

#[test]
fn a_bomb_that_lies_about_its_size_is_refused() {
    let bomb = File { size: 1000, ..file("a.xml", &vec![b' '; 100 << 20]) };
    check_refused(
        &[index("a.xml"), bomb],
        "found `a.xml` that isn't 1000 bytes long, as the archive says, expected its size",
    );
}

#[test]
fn a_bomb_of_music_is_refused() {
    // Twenty megabytes of the shortest notes there are.
    let notes =
        "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>".repeat(250_000);
    let divisions = "<attributes><divisions>1</divisions></attributes>";
    let text = document(&format!("<measure>{divisions}{notes}</measure>"));
    let error = read(&zip(&[file("a.xml", text.as_bytes())])).expect_err("a bomb").to_string();
    assert!(error.contains("found more than a file of this size may hold"), "{error}");
}

#[test]
fn a_bomb_of_words_is_refused() {
    // A title in pieces has to be put together beside the text that it is in.
    let title = "a".repeat(10 << 20);
    let text = format!(
        "<score-partwise><movement-title>{title}<!---->{title}</movement-title><part/></score-partwise>"
    );
    let error = read(&zip(&[file("a.xml", text.as_bytes())])).expect_err("a bomb").to_string();
    assert!(error.contains("found more than a file of this size may hold"), "{error}");
}

#[test]
fn a_bomb_in_the_index_is_refused() {
    let bomb = file(INDEX, &vec![b' '; 100 << 10]);
    let error = read(&zip(&[bomb, file("a.xml", &score())])).expect_err("a bomb").to_string();
    assert!(error.contains("`META-INF/container.xml` of 102400 bytes"), "{error}");
}

#[test]
fn sizes_that_lie_are_refused() {
    let size = score().len() as u32;
    for lie in [0, 1, size - 1, size + 1, 10_000_000] {
        check_refused(
            &[File { size: lie, ..file("a.xml", &score()) }],
            &format!("found `a.xml` that isn't {lie} bytes long, as the archive says, expected its size"),
        );
    }
    check_refused(
        &[File { method: 0, data: score(), size: size + 1, ..file("a.xml", &score()) }],
        &format!("found `a.xml` that isn't {} bytes long, as the archive says, expected its size", size + 1),
    );
}

#[test]
fn wrong_checksums_are_refused() {
    check_refused(
        &[File { crc: 1, ..file("a.xml", &score()) }],
        "found `a.xml` with a wrong checksum, expected the file that was packed",
    );
}

#[test]
fn encrypted_files_are_refused() {
    check_refused(
        &[File { flags: 1, ..file("a.xml", &score()) }],
        "found `a.xml` encrypted, expected a file that can be read; hint: save it without a password",
    );
}

#[test]
fn other_methods_are_refused() {
    check_refused(
        &[File { method: 12, ..file("a.xml", &score()) }],
        "found `a.xml` packed by another method than deflate, expected files stored or deflated",
    );
}

#[test]
fn archives_in_archives_are_refused() {
    let inner = zip(&[file("a.xml", &score())]);
    check_refused(&[file("a.xml", &inner)], "found an archive inside the archive, expected XML text");
}

#[test]
fn doubled_names_are_refused() {
    check_refused(
        &[file("a.xml", &score()), file("a.xml", &score())],
        "found two files called `a.xml`, expected each name once in an archive",
    );
}

#[test]
fn too_many_files_are_refused() {
    let files: Vec<File> = (0..1001).map(|at| file(&format!("{at}.xml"), &score())).collect();
    check_refused(&files, "found one more file in the archive, expected at most 1000");
}

#[test]
fn entities_in_the_index_are_refused() {
    let index = file(INDEX, b"<!DOCTYPE a [<!ENTITY b \"c\">]><container/>");
    let error = read(&zip(&[index, file("a.xml", &score())])).expect_err("a fault").to_string();
    assert!(error.contains("an entity declaration"), "{error}");
}

#[test]
fn an_archive_cut_off_anywhere_is_refused() {
    let whole = zip(&[index("a.xml"), file("a.xml", &score())]);
    assert!(read(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "cut at byte {length}");
    }
}

#[test]
fn an_archive_with_any_byte_changed_never_panics() {
    let whole = zip(&[index("a.xml"), file("a.xml", &score())]);
    for at in 0..whole.len() {
        for value in [0, 1, 0x7F, 0xFF, whole[at] ^ 0x10] {
            let mut changed = whole.clone();
            changed[at] = value;
            let _ = read(&changed);
        }
    }
}
