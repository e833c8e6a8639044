//! Tests on the corpus.
use super::read::read;
use etude_piece::piece::{Collection, Kind, Piece};
use std::collections::BTreeMap;

#[test]
#[ignore = "figures"]
fn figures_of_reading() {
    let Ok(data) = std::env::var("ETUDE_DATA") else { return };
    let folder = std::path::PathBuf::from(data).join("folk-abc");
    let collection = Collection::open(&[folder], Kind::Score).expect("the corpus");
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut mends: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut kept, mut clean) = (0, 0);
    println!("{} items, {} skipped", collection.items.len(), collection.skipped.len());
    for (name, piece) in &collection.items {
        let Piece::Score(score) = piece else { continue };
        match read(score) {
            Ok(read) => {
                kept += 1;
                clean += usize::from(read.mended.is_empty());
                for line in read.mended { *mends.entry(line).or_default() += 1; }
            }
            Err(reason) => { println!("SKIP {name} {reason}"); *reasons.entry(reason).or_default() += 1; }
        }
    }
    println!("kept {kept} clean {clean}\n{mends:#?}\n{reasons:#?}");
}
