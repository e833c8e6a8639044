//! Archives of arrays, and pickles that are no arrays.

use super::super::mutants::damage;
use super::array::{Array, Content};
use super::{array, pickle, read};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;

/// `[[1, 2, 0], [3, -4, 1]]` and `[[5, 6, 1]]` in int16, as numpy 2.4 pickles an array of both, in protocols 2 to 5.
const PICKLES: [&[u8]; 4] = [
    b"\x80\x02cnumpy._core.multiarray\x0a_reconstruct\x0aq\x00cnumpy\x0andarray\x0aq\x01K\x00\x85q\x02c_codecs\x0aencode\x0aq\x03X\x01\x00\x00\x00bq\x04X\x06\x00\x00\x00latin1q\x05\x86q\x06Rq\x07\x87q\x08Rq\x09(K\x01K\x02\x85q\x0acnumpy\x0adtype\x0aq\x0bX\x02\x00\x00\x00O8q\x0c\x89\x88\x87q\x0dRq\x0e(K\x03X\x01\x00\x00\x00|q\x0fNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x10b\x89]q\x11(h\x00h\x01K\x00\x85q\x12h\x07\x87q\x13Rq\x14(K\x01K\x02K\x03\x86q\x15h\x0bX\x02\x00\x00\x00i2q\x16\x89\x88\x87q\x17Rq\x18(K\x03X\x01\x00\x00\x00<q\x19NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x1ab\x89h\x03X\x0e\x00\x00\x00\x01\x00\x02\x00\x00\x00\x03\x00\xc3\xbc\xc3\xbf\x01\x00q\x1bh\x05\x86q\x1cRq\x1dtq\x1ebh\x00h\x01K\x00\x85q\x1fh\x07\x87q Rq!(K\x01K\x01K\x03\x86q\x22h\x18\x89h\x03X\x06\x00\x00\x00\x05\x00\x06\x00\x01\x00q#h\x05\x86q$Rq%tq&betq'b.",
    b"\x80\x03cnumpy._core.multiarray\x0a_reconstruct\x0aq\x00cnumpy\x0andarray\x0aq\x01K\x00\x85q\x02C\x01bq\x03\x87q\x04Rq\x05(K\x01K\x02\x85q\x06cnumpy\x0adtype\x0aq\x07X\x02\x00\x00\x00O8q\x08\x89\x88\x87q\x09Rq\x0a(K\x03X\x01\x00\x00\x00|q\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0cb\x89]q\x0d(h\x00h\x01K\x00\x85q\x0eh\x03\x87q\x0fRq\x10(K\x01K\x02K\x03\x86q\x11h\x07X\x02\x00\x00\x00i2q\x12\x89\x88\x87q\x13Rq\x14(K\x03X\x01\x00\x00\x00<q\x15NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x16b\x89C\x0c\x01\x00\x02\x00\x00\x00\x03\x00\xfc\xff\x01\x00q\x17tq\x18bh\x00h\x01K\x00\x85q\x19h\x03\x87q\x1aRq\x1b(K\x01K\x01K\x03\x86q\x1ch\x14\x89C\x06\x05\x00\x06\x00\x01\x00q\x1dtq\x1ebetq\x1fb.",
    b"\x80\x04\x95\x00\x01\x00\x00\x00\x00\x00\x00\x8c\x16numpy._core.multiarray\x94\x8c\x0c_reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94K\x00\x85\x94C\x01b\x94\x87\x94R\x94(K\x01K\x02\x85\x94h\x03\x8c\x05dtype\x94\x93\x94\x8c\x02O8\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94b\x89]\x94(h\x02h\x05K\x00\x85\x94h\x07\x87\x94R\x94(K\x01K\x02K\x03\x86\x94h\x0c\x8c\x02i2\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01<\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t\x94b\x89C\x0c\x01\x00\x02\x00\x00\x00\x03\x00\xfc\xff\x01\x00\x94t\x94bh\x02h\x05K\x00\x85\x94h\x07\x87\x94R\x94(K\x01K\x01K\x03\x86\x94h\x19\x89C\x06\x05\x00\x06\x00\x01\x00\x94t\x94bet\x94b.",
    b"\x80\x05\x95\x1c\x01\x00\x00\x00\x00\x00\x00\x8c\x16numpy._core.multiarray\x94\x8c\x0c_reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94K\x00\x85\x94C\x01b\x94\x87\x94R\x94(K\x01K\x02\x85\x94h\x03\x8c\x05dtype\x94\x93\x94\x8c\x02O8\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94b\x89]\x94(\x8c\x13numpy._core.numeric\x94\x8c\x0b_frombuffer\x94\x93\x94(\x96\x0c\x00\x00\x00\x00\x00\x00\x00\x01\x00\x02\x00\x00\x00\x03\x00\xfc\xff\x01\x00\x94h\x0c\x8c\x02i2\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01<\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t\x94bK\x02K\x03\x86\x94\x8c\x01C\x94t\x94R\x94h\x15(\x96\x06\x00\x00\x00\x00\x00\x00\x00\x05\x00\x06\x00\x01\x00\x94h\x19K\x01K\x03\x86\x94h\x1dt\x94R\x94et\x94b.",
];

/// The file of an array of this type and shape.
fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let heading = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let size = u16::try_from(heading.len()).expect("short").to_le_bytes();
    [b"\x93NUMPY\x01\x00", size.as_slice(), heading.as_bytes(), data].concat()
}

/// An archive of these files.
fn npz(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let (mut entry, config) =
            archive.new_file(name).compression_method(CompressionMethod::STORE).start().expect("memory");
        let mut writer = config.wrap(&mut entry);
        writer.write_all(content).expect("memory");
        let (_, told) = writer.finish().expect("memory");
        entry.finish(told).expect("memory");
    }
    archive.finish().expect("memory");
    bytes
}

fn told(bytes: &[u8]) -> String {
    match read(bytes) {
        Ok(drawings) => {
            let told: Vec<String> = drawings.iter().map(|d| format!("{}: {}", d.name, d.strokes)).collect();
            told.join("; ")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn lists_of_arrays_are_read_in_every_protocol() {
    for pickle in PICKLES {
        let file = npz(&[("train.npy", npy("|O", "(2,)", pickle))]);
        assert_eq!(told(&file), "train-1: 1,2 4,-2; train-2: 5,6");
        assert_eq!(read(&file).expect("two")[0].split, Some(crate::corpus::Split::Train));
    }
}

#[test]
fn plain_arrays_are_read() {
    let five: Vec<u8> = [1.0, 2.0, 1.0, 0.0, 0.0, 3.0, -4.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0_f32]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    assert_eq!(told(&npz(&[("a.npy", npy("<f4", "(1, 3, 5)", &five))])), "a-1: 1,2 4,-2");
    assert_eq!(told(&npz(&[("a.npy", npy("<f4", "(3, 5)", &five))])), "a-1: 1,2 4,-2");
    assert_eq!(told(&npz(&[("a.npy", npy(">i2", "(1, 3)", &[0, 1, 255, 254, 0, 1]))])), "a-1: 1,-2");
    assert_eq!(told(&npz(&[("a.txt", vec![1]), ("a.npy", npy("|i1", "(1, 3)", &[1, 254, 1]))])), "a-1: 1,-2");
}

#[test]
fn other_arrays_are_refused() {
    let expected = "found an array of shape [3] in `a`, expected arrays (points, 3), (points, 5), (N, points, 5), or N of (points, 3)";
    assert_eq!(told(&npz(&[("a.npy", npy("|i1", "(3,)", &[1, 2, 3]))])), expected);
    let expected = "found numbers of type `<f2` in `a`, expected integers, or floats of 4 or 8 bytes";
    assert_eq!(told(&npz(&[("a.npy", npy("<f2", "(3,)", &[1, 2, 3]))])), expected);
    let expected = "found 3 bytes for an array of shape [99999999999, 3] in `a`, expected integers, or floats of 4 or 8 bytes";
    assert_eq!(told(&npz(&[("a.npy", npy("|i1", "(99999999999, 3)", &[1, 2, 3]))])), expected);
    assert!(told(&npz(&[])).starts_with("found no drawing"));
    assert!(told(b"PK\x03\x04").starts_with("found a broken zip archive"));
}

#[test]
fn nothing_is_run() {
    let evil = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.";
    let expected = "byte 13: found the name `os.system` in a pickle, expected nothing but arrays of numbers; hint: pickles are programs, and none is run; save plain arrays";
    assert_eq!(pickle::arrays(evil).expect_err("a program").to_string(), expected);
    // The same array many times, for two bytes each.
    let twice = [&PICKLES[1][..PICKLES[1].len() - 7], b"h\x14h\x14etb."].concat();
    assert!(pickle::arrays(&twice).is_err());
}

#[test]
fn damaged_arrays_are_read_or_refused() {
    for pickle in PICKLES {
        let file = npy("|O", "(2,)", pickle);
        let taken = damage(
            &file,
            10_000,
            |bytes| matches!(array::read(bytes), Ok(Content::Many(many)) if many.iter().all(|Array { shape, numbers }| shape.iter().product::<usize>() == numbers.len())),
        );
        assert!(taken > 100, "only {taken} were legal");
    }
    damage(&npz(&[("a.npy", npy("|i1", "(1, 3)", &[1, 254, 1]))]), 10_000, |bytes| read(bytes).is_ok());
}
