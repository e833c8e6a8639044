//! Verse in metre and rhyme, by a small dictionary of our own.

use super::{author, make, request, set};
use crate::author::Request;

/// How the words of our verses are spoken.
const SPOKEN: &str = "\
away AH0 W EY1\nsay S EY1\nagain AH0 G EH1 N\nagain(2) AH0 G EY1 N\nrain R EY1 N\ngold G OW1 L D\ncold K OW1 L D
hold HH OW1 L D\nnight N AY1 T\nlight L AY1 T\nwrite R AY1 T\nwait W EY1 T\nlate L EY1 T\none W AH1 N\nriver R IH1 V ER0
carries K AE1 R IY0 Z\nname N EY1 M\nand AH0 N D\nwhat W AH1 T\nit IH1 T\ntakes T EY1 K S\nnever N EH1 V ER0
gives G IH1 V Z\nthe DH AH0\nwillows W IH1 L OW0 Z\nhear HH IH1 R\nto T UW1\ndown D AW1 N\nin IH1 N\nof AH1 V\na AH0
circles S ER1 K AH0 L Z\nkettle K EH1 T AH0 L\nhums HH AH1 M Z\nwindow W IH1 N D OW0\nturns T ER1 N Z\nletters L EH1 T ER0 Z
keep K IY1 P\nfrom F R AH1 M\nread R IY1 D\naloud AH0 L AW1 D\nowl AW1 L\nask AE1 S K\nat AE1 T\nstones S T OW1 N Z
lie L AY1\nso S OW1\nstill S T IH1 L\nlittle L IH1 T AH0 L\nlamp L AE1 M P\ncan K AE1 N\nmoths M AO1 TH S\ncome K AH1 M
home HH OW1 M\ni AY1\nwho HH UW1\ntold T OW1 L D\ntaught T AO1 T";

/// What an author of our verses makes; every constraint must be met.
fn made(request: Request) -> String {
    let mut settings = set(&[("dictionary", SPOKEN), ("particles", "4")]);
    settings.extend(request.settings.clone());
    match make(author().as_ref(), &Request { settings, ..request }) {
        Ok((text, made)) => {
            assert!(made.met.iter().all(|met| *met), "{text} {:?}", made.met);
            text
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(keep: &[&str], forbid: &[&str], holds: impl Fn(&str) -> bool) {
    for seed in 0..3 {
        let text = made(Request { seed, ..request(keep, forbid, None) });
        assert!(holds(&text), "{text}");
    }
}

#[track_caller]
fn refused(keep: &[&str], forbid: &[&str], expected: &str) {
    assert_eq!(made(request(keep, forbid, None)), expected);
}

#[test]
fn a_quatrain_scans_and_rhymes() {
    check(&["metre=iambic-trimeter", "rhyme=ABAB"], &[], |text| text.lines().count() == 4);
}

#[test]
fn a_quatrain_may_be_a_lipogram_and_begin_as_asked() {
    check(&["metre=x/x/", "rhyme=AABB", "start=I lie"], &["letters=m", "word=rain"], |text| {
        text.starts_with("I lie") && !text.contains(['m', 'M'])
    });
}

#[test]
fn metre_alone_needs_no_rhyme_and_rhyme_no_metre() {
    check(&["metre=/x/", "lines=2"], &[], |text| text.lines().count() == 2);
    check(&["rhyme=A-A"], &[], |text| text.lines().count() == 3);
}

#[test]
fn what_no_word_can_do_is_named() {
    refused(
        &["metre=x/x/", "rhyme=AAAAAAAA"],
        &["word=owl"],
        "--keep 'rhyme=AAAAAAAA' and the dictionary leave nothing to write",
    );
    refused(
        &["metre=x/", "start=River"],
        &[],
        "--keep 'metre=x/', --keep 'start=River' and the dictionary leave nothing to write",
    );
    refused(
        &["lines=3", "rhyme=ABAB"],
        &[],
        "--keep 'rhyme=ABAB' and --keep 'lines=3' leave nothing to write",
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    let told = made(request(&["metre=x/", "end=rain."], &[], None));
    assert!(told.starts_with("--keep 'end=rain.'; hint: metre and rhyme go together with"), "{told}");
    let told = made(request(&["metre=x/"], &[], Some(20)));
    assert!(told.starts_with("a length of 20, beside --keep 'metre=x/'"), "{told}");
    let asked = Request { settings: set(&[("dictionary", "")]), ..request(&["rhyme=AA"], &[], None) };
    assert!(made(asked).starts_with("found no word"));
    let without = make(author().as_ref(), &request(&["rhyme=AA"], &[], None)).expect_err("nobody says how");
    assert!(without.to_string().starts_with("--keep 'rhyme=AA' without a dictionary"), "{without}");
}
