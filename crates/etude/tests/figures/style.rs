//! Statistical accuracy and style over a hundred pieces of sixteen bars, soft rules on, all settings at their defaults.

use crate::corpora::{bach, open};
use etude::appraise::novelty::Novelty;
use etude::appraise::statistics::correlations;
use etude::appraise::voice_leading::VoiceLeading;
use etude::music::compose::{Request, compose};
use etude_piece::corpus::Split;
use etude_piece::score::Grid;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

#[test]
#[ignore = "a minute; prints the figures of docs/benchmarks.md"]
fn a_hundred_pieces_have_the_corpus_statistics_and_do_not_copy() {
    let Some(corpus) = open("jsb") else { return };
    let shelved = bach();
    let made: Vec<(Grid, Novelty, f64)> = (1..=100)
        .into_par_iter()
        .map(|seed| {
            let request = Request { bars: Some(16), seed, ..Request::default() };
            let made = compose(&shelved, &request, &mut |_, _| true).expect("nothing is asked");
            (made.grid, made.novelty, made.diagnostics["r_hat"])
        })
        .collect();
    let grids: Vec<Grid> = made.iter().map(|(grid, ..)| grid.clone()).collect();
    let (train, test) = (corpus.grids(Split::Train), corpus.grids(Split::Test));
    let ours = correlations(&grids, &train);
    println!("made against train: {ours:.4?}");
    println!("test against train: {:.4?}", correlations(&test, &train));
    let cited = made.iter().map(|(_, novelty, _)| novelty.cited).sum::<f64>() / 100.0;
    let discovered = made.iter().map(|(_, novelty, _)| novelty.discovered).sum::<f64>() / 100.0;
    let mut copies: Vec<usize> = made.iter().map(|(_, novelty, _)| novelty.longest_copy).collect();
    copies.sort_unstable();
    println!(
        "cited {cited:.4}, discovered {discovered:.4}; copies: median {}, 90 % {}, most {}",
        copies[50], copies[89], copies[99]
    );
    let (own, theirs) = (VoiceLeading::of(&grids), VoiceLeading::of(&test));
    println!("voice-leading: {own:?}, {:.2} parallels per 1,000", own.parallels_per_thousand());
    println!("Bach's test split: {theirs:?}, {:.2} per 1,000", theirs.parallels_per_thousand());
    let mut r_hats: Vec<f64> = made.iter().map(|(.., r_hat)| *r_hat).collect();
    r_hats.sort_by(f64::total_cmp);
    println!("R̂ of the log-odds over two chains: median {:.2}, 90 % {:.2}", r_hats[50], r_hats[89]);
    assert_eq!((theirs.parallel_fifths, theirs.parallel_octaves, theirs.moving_pairs), (18, 6, 16_516));
    assert!(ours.unary >= 0.97 && ours.horizontal >= 0.95 && ours.vertical >= 0.95 && ours.diagonal >= 0.90);
    assert!((cited - 0.888).abs() <= 0.05, "{cited}");
    assert!(copies[89] <= 8);
    assert!(own.parallels_per_thousand() <= 2.0 * theirs.parallels_per_thousand());
}

#[test]
#[ignore = "needs the hymns; prints the figures of docs/benchmarks.md"]
fn repeated_notes_are_struck_as_the_hymns_strike_them() {
    let Some(hymns) = open("hymns-satb/abc") else { return };
    let held_out: Vec<Grid> =
        [Split::Valid, Split::Test].into_iter().flat_map(|split| hymns.grids(split)).collect();
    let (right, held) = bach().articulation.accuracy(&held_out);
    println!(
        "articulation: {right:.4} of {} held-out hymns' kept pitches marked right; always held: {held:.4}",
        held_out.len()
    );
    assert!(right > held);
}
