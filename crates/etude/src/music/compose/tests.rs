//! Composing with the built-in model, few sweeps.

use super::blend::{between, varied};
use super::{Request, compose};
use crate::catalogue::BUILT_IN;
use crate::error::Error;
use crate::inference::constraint::{Constraint, Kind};
use crate::shelf::Shelved;
use etude_piece::alphabet::Alphabet;
use etude_piece::draft::{Draft, Hole};
use etude_piece::score::{Grid, Note, Score, abc};

fn bach() -> Shelved {
    Shelved::from_bytes(BUILT_IN[0].bytes, BUILT_IN[0].name).expect("the built-in model is sound")
}

fn quick(request: Request) -> Request {
    let settings =
        [("sweeps", "8"), ("chains", "1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    Request { settings: settings.into(), seed: 1, ..request }
}

fn tune(body: &str) -> Score {
    abc::read(format!("X:1\nT:Tune\nM:4/4\nL:1/4\nK:G\n{body}\n").as_bytes()).expect("a tune")
}

fn harmonised(score: &Score) -> Score {
    let request = quick(Request { draft: Some(score.clone()), ..Request::default() });
    compose(&bach(), &request, &mut |_, _| true).expect("it can be harmonised").score
}

fn notes(score: &Score, part: usize) -> &[Note] {
    &score.parts[part].voices[0].notes
}

#[test]
fn a_harmonised_tune_comes_back_with_its_words_and_signs() {
    let score = tune("D | G G A B | !fermata!d3 c | B A (3G A B | G3 |]\nw: one two three four five six");
    let made = harmonised(&score);
    assert_eq!(made.parts.len(), 4);
    assert_eq!(notes(&made, 0), notes(&score, 0), "triplets, fermata and words as they were");
    assert_eq!((made.title.as_str(), &made.bars), ("Tune", &score.bars));
}

#[test]
fn a_tune_beyond_the_voice_is_read_octaves_away_and_comes_back_where_it_was() {
    let score = tune("G,, A,, B,, C, | D, C, B,, G,, |]");
    assert_eq!(notes(&harmonised(&score), 0), notes(&score, 0));
}

#[test]
fn any_voice_can_be_the_given_one() {
    let score = tune("G, B, C D | D D, G,2 |]");
    let request = quick(Request { draft: Some(score.clone()), voice: Some(3), ..Request::default() });
    let made = compose(&bach(), &request, &mut |_, _| true).expect("a bass");
    assert_eq!(notes(&made.score, 3), notes(&score, 0));
    assert!(made.grid.at(0, 0).pitch.is_some(), "the soprano is filled in");
}

#[test]
fn silence_is_no_way_out_of_a_contradiction() {
    let keep = |text: &str| Constraint::parse(Kind::Keep, text).expect("a constraint");
    let constraints = vec![keep("S@2=C4..E4"), keep("S@2=C5..E5")];
    let request = quick(Request { constraints, ..Request::default() });
    match compose(&bach(), &request, &mut |_, _| true) {
        Err(Error::Contradiction(named)) => {
            let text = named.to_string();
            assert!(text.contains("S@2=C4..E4") && text.contains("S@2=C5..E5"), "{text}");
        }
        other => panic!("{:?}", other.map(|made| made.met)),
    }
}

#[test]
fn a_free_piece_closes_on_a_long_chord() {
    let made = compose(&bach(), &quick(Request::default()), &mut |_, _| true).expect("nothing is asked");
    let steps = made.grid.steps();
    for voice in 0..4 {
        let last = notes(&made.score, voice).last().expect("it sings");
        assert!(last.duration.to_f64() >= 2.0, "voice {voice}: {last:?}");
    }
    assert_eq!(steps, 8 * 16);
}

#[test]
fn stopping_makes_nothing() {
    let stopped = compose(&bach(), &quick(Request::default()), &mut |_, _| false);
    assert!(matches!(stopped, Err(Error::Interrupted)));
}

/// A chorale of eight bars in G, and one in D minor, as drafts and grids.
fn two_pieces() -> [Grid; 2] {
    let piece = |seed, key: &str| {
        let key = Some(key.parse().expect("a key"));
        let request = Request { key, seed, ..quick(Request::default()) };
        compose(&bach(), &request, &mut |_, _| true).expect("a piece").grid
    };
    [piece(1, "G"), piece(2, "D-minor")]
}

fn pinned(grid: &Grid) -> Draft {
    let mut draft = Draft::open(grid.frame.clone());
    for step in 0..grid.steps() {
        (0..grid.voices()).for_each(|voice| draft.pin(step, voice, grid.at(step, voice)));
    }
    draft
}

/// The share of cells that are pinned; what is pinned is as in the grid.
#[track_caller]
fn kept(draft: &Draft, grid: &Grid) -> f64 {
    let cells = (0..grid.steps()).flat_map(|step| (0..grid.voices()).map(move |voice| (step, voice)));
    let pinned = cells.filter(|&(step, voice)| {
        let hole = draft.hole(step, voice);
        assert!(hole.allows(grid.at(step, voice).pitch) || hole.len() == 1);
        hole == Hole::only(grid.at(step, voice).pitch)
    });
    pinned.count() as f64 / (grid.steps() * grid.voices()) as f64
}

#[test]
fn a_variation_opens_the_share_that_is_asked() {
    let [grid, _] = two_pieces();
    let draft = pinned(&grid);
    for share in [0.0, 0.1, 0.3, 0.7, 1.0] {
        let varied = varied(&draft, share, 1).expect("a share");
        let found = 1.0 - kept(&varied, &grid);
        assert!((found - share).abs() < 0.02, "{found} of {share}");
    }
    let of = |seed| varied(&draft, 0.3, seed).expect("a share");
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert!(varied(&draft, 1.5, 1).is_err());
}

#[test]
fn a_piece_goes_to_another_and_never_back() {
    let [first, second] = two_pieces();
    let ranges: Vec<Alphabet> = vec![Alphabet::range(30, 90); 4];
    let draft = pinned(&first);
    let at = |share| between(&draft, &second, &ranges, share).expect("a share");
    // D minor has the signature of F major, two semitones below G.
    let there = second.transposed(2).expect("pitches");
    assert_eq!(kept(&at(0.0), &first), 1.0);
    assert_eq!(kept(&at(1.0), &there), 1.0);
    let shares: Vec<f64> = (0..=20).map(|n| f64::from(n) / 20.0).collect();
    // Where both sing the same, nobody can tell whose it is.
    let telling: Vec<(usize, usize)> = (0..first.steps())
        .flat_map(|step| (0..4).map(move |voice| (step, voice)))
        .filter(|&(step, voice)| first.at(step, voice).pitch != there.at(step, voice).pitch)
        .collect();
    let of = |grid: &Grid, share| {
        let draft = at(share);
        let own = |&&(step, voice): &&(usize, usize)| {
            draft.hole(step, voice) == Hole::only(grid.at(step, voice).pitch)
        };
        telling.iter().filter(own).count()
    };
    let (left, reached) =
        (shares.iter().map(|&share| of(&first, share)), shares.iter().map(|&share| of(&there, share)));
    assert!(left.is_sorted_by(|a, b| a >= b) && reached.is_sorted());
    let open = |share| {
        let draft = at(share);
        let cells = (0..first.steps()).flat_map(|step| (0..4).map(move |voice| (step, voice)));
        cells.filter(|&(step, voice)| draft.hole(step, voice).len() != 1).count() as f64
            / (4 * first.steps()) as f64
    };
    assert!((open(0.5) - 0.5).abs() < 0.15, "{}", open(0.5));
}

#[test]
fn a_piece_between_two_keeps_what_is_pinned_and_needs_a_draft() {
    let [first, second] = two_pieces();
    let [score, other] = [&first, &second].map(Score::from);
    let between = quick(Request {
        draft: Some(score.clone()),
        towards: Some((other.clone(), 0.5)),
        vary: Some(0.1),
        ..Request::default()
    });
    let made = compose(&bach(), &between, &mut |_, _| true).expect("a piece between");
    let same = (0..first.steps())
        .filter(|&step| (0..4).all(|v| made.grid.at(step, v).pitch == first.at(step, v).pitch));
    let same = same.count() as f64 / first.steps() as f64;
    assert!((0.1..0.9).contains(&same), "{same} of the steps are the first piece's");
    let nothing = quick(Request { towards: Some((other, 0.5)), ..Request::default() });
    assert!(matches!(compose(&bach(), &nothing, &mut |_, _| true), Err(Error::Usage { .. })));
}
