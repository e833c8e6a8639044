//! A folder of ten thousand scores, of which every hundredth is broken.

use crate::hostile::formats;
use crate::{alone, cost};
use etude_piece::score::format::{Format, read_bytes, scores, scores_in};

/// Files in the folder.
const FILES: usize = 10_000;

/// What the whole import may take at its peak, in bytes: the list of names, and one score at a time.
const MOST: usize = 8 << 20;

/// Which files are broken.
fn is_bad(index: usize) -> bool {
    index % 100 == 37
}

#[test]
fn a_folder_of_ten_thousand_is_read_with_flat_memory_and_every_bad_file_named() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let formats = formats::read();
    let good: Vec<(Format, Vec<u8>)> =
        formats.iter().map(|&format| (format, formats::written(&formats::scores()[0], format))).collect();
    let names: Vec<String> = (0..FILES)
        .map(|index| {
            let (format, bytes) = &good[index % good.len()];
            let name = format!("{index:05}.{format}");
            let bytes = if is_bad(index) { &bytes[..bytes.len() / 3] } else { bytes };
            // ABC has no end that could be missing, so a wrong length is put there.
            let wrong = if is_bad(index) && *format == Format::Abc { b"z0|\n".as_slice() } else { b"" };
            std::fs::write(folder.path().join(&name), [bytes, wrong].concat()).expect("a file for the test");
            name
        })
        .collect();
    let import = || {
        let (mut read, mut refused) = (0, Vec::new());
        for path in scores_in(folder.path()).expect("our own folder") {
            let bytes = read_bytes(&path).expect("our own file");
            for score in scores(&bytes, &path.display().to_string()) {
                match score {
                    Ok(_) => read += 1,
                    Err(error) => refused.push(error.to_string()),
                }
            }
        }
        (read, refused)
    };
    let ((read, refused), peak, spent) = cost(import);
    println!("{FILES} files in {spent:?}, {} kB of memory at most", peak >> 10);
    let bad: Vec<&String> =
        names.iter().enumerate().filter(|&(index, _)| is_bad(index)).map(|(_, name)| name).collect();
    assert_eq!(read, FILES - bad.len());
    assert_eq!(refused.len(), bad.len());
    for (message, name) in refused.iter().zip(bad) {
        assert!(message.contains(name.as_str()), "{name} is not named: {message}");
    }
    assert!(peak < MOST, "{peak} bytes");
}
