//! Pictures read as strokes, and those that are refused.

use super::super::mutants::damage;
use super::{Picture, read, read_with_losses, write};
use crate::corpus::shared::shared;
use crate::strokes::jsonl;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// A picture of these elements.
fn picture(elements: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{elements}</svg>"
    )
}

/// What is read, with two decimals.
fn told(svg: &str) -> String {
    match read(svg.as_bytes()) {
        Ok(mut strokes) => {
            for point in strokes.strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
                // No -0.
                (point.x, point.y) =
                    ((point.x * 100.0).round() / 100.0 + 0.0, (point.y * 100.0).round() / 100.0 + 0.0);
            }
            strokes.to_string()
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(elements: &str, expected: &str) {
    assert_eq!(told(&picture(elements)), expected);
}

/// A path, and where its curves lead: the ends of its strokes, and one point amid each.
#[track_caller]
fn check_curve(data: &str, through: &[(f64, f64)]) {
    let strokes = read(picture(&format!("<path d=\"{data}\"/>")).as_bytes()).expect("a path");
    for &(x, y) in through {
        let away = |a: &[super::super::Point]| {
            let (ax, ay, bx, by) = (a[0].x, a[0].y, a[1].x, a[1].y);
            let length = (bx - ax).powi(2) + (by - ay).powi(2);
            let share = (((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length).clamp(0.0, 1.0);
            (x - ax - share * (bx - ax)).hypot(y - ay - share * (by - ay))
        };
        let near = strokes
            .strokes
            .iter()
            .flat_map(|stroke| stroke.points.windows(2))
            .map(away)
            .fold(f64::MAX, f64::min);
        assert!(near < 0.02, "{data} passes {x},{y} at a distance of {near}");
    }
}

#[test]
fn lines_of_every_command_are_followed() {
    check("<path d='M1 2 3 4L5,6l1 1H0h2V0v-1z'/>", "1,2 3,4 5,6 6,7 0,7 2,7 2,0 2,-1 1,2");
    check("<path d='m1 1 2 0m1 1h1zl1 1'/>", "1,1 3,1 | 4,2 5,2 4,2 | 4,2 5,3");
    check("<path d='M1 1M2 2h1M5 5z'/>", "2,2 3,2 | 5,5");
}

#[test]
fn curves_of_every_command_are_followed() {
    let half = std::f64::consts::FRAC_1_SQRT_2 * 10.0;
    check_curve(
        "M0 0C0 10 10 10 10 0S20-10 20 0",
        &[(0.0, 0.0), (5.0, 7.5), (10.0, 0.0), (15.0, -7.5), (20.0, 0.0)],
    );
    check_curve("M0 0q5 10 10 0t10 0", &[(5.0, 5.0), (10.0, 0.0), (15.0, -5.0), (20.0, 0.0)]);
    check_curve("M-10 0A10 10 0 0 1 0-10a10 10 0 0110 10", &[(-half, -half), (half, -half), (10.0, 0.0)]);
    check_curve("M-10 0A10 10 0 1 0 0-10", &[(-half, half), (half, half), (half, -half), (0.0, -10.0)]);
    check_curve("M0 0S10 10 10 0T20 0", &[(10.0, 0.0), (20.0, 0.0)]);
}

#[test]
fn a_radius_of_nought_is_a_line_and_one_too_small_grows() {
    check("<path d='M0 0A0 5 0 0 0 5 5'/>", "0,0 5,5");
    check_curve("M0 0A1 1 0 0 1 20 0", &[(10.0, -10.0), (20.0, 0.0)]);
}

#[test]
fn shapes_are_outlines() {
    check("<line x1='1' y2='5'/>", "1,0 0,5");
    check("<polyline points='0,0 1,1 2,0'/><polygon points='0 0 1 1 2 0'/>", "0,0 1,1 2,0 | 0,0 1,1 2,0 0,0");
    check("<rect x='1' y='2' width='3' height='4'/>", "1,2 4,2 4,6 1,6 1,2");
    check("<rect width='0' height='4'/><line x2='1'/>", "0,0 1,0");
    let round = told(&picture("<rect width='10' height='10' rx='2'/>"));
    assert!(round.starts_with("2,0 8,0 ") && round.contains("10,2 10,8"), "{round}");
}

#[test]
fn a_circle_is_as_far_from_its_centre_everywhere() {
    for shape in ["<circle cx='5' cy='6' r='7'/>", "<ellipse cx='5' cy='6' rx='7'/>"] {
        let strokes = read(picture(shape).as_bytes()).expect("a circle");
        for point in strokes.points() {
            let radius = (point.x - 5.0).hypot(point.y - 6.0);
            assert!((radius - 7.0).abs() < 2e-3, "{shape}: {radius}");
        }
        assert_eq!(strokes.strokes.len(), 1);
    }
}

#[test]
fn transforms_are_joined_from_outside_to_inside() {
    check("<g transform='translate(10 0)'><line x2='1' transform='scale(2)'/></g>", "10,0 12,0");
    check("<line x2='1' transform='rotate(90)'/>", "0,0 0,1");
    check("<line x2='1' transform='matrix(1 2 0 1 5 5)'/>", "5,5 6,7");
}

#[test]
fn lengths_have_units_and_the_picture_a_size() {
    check("<line x2='1in' y2='25.4mm'/>", "0,0 96,96");
    let svg = |head: &str| told(&format!("<svg {head}><line x1='0' y1='0' x2='100%' y2='10'/></svg>"));
    assert_eq!(svg("width='200' height='100' viewBox='0 0 20 10'"), "0,0 200,100");
    assert_eq!(svg("width='100' height='100' viewBox='0 0 20 10'"), "0,25 100,75");
    assert_eq!(svg("width='100' height='100' viewBox='0 0 20 10' preserveAspectRatio='none'"), "0,0 100,100");
    assert_eq!(
        svg("width='100' height='100' viewBox='0 0 20 10' preserveAspectRatio='xMaxYMin slice'"),
        "-100,0 100,100"
    );
    assert_eq!(svg("viewBox='10 5 20 10'"), "0,0 20,10");
    assert_eq!(svg("width='40' height='20' viewBox='10 5 20 10'"), "0,0 40,20");
    assert_eq!(svg("width='100%' height='100%' viewBox='0 0 20 10'"), "0,0 20,10");
    assert_eq!(svg("width='50'"), "0,0 50,10");
}

#[test]
fn what_is_used_is_shown_where_it_is_used() {
    let leaf = "<defs><g id='leaf'><line x2='1'/></g></defs>";
    check(&format!("{leaf}<use href='#leaf'/><use xlink:href='#leaf' x='5' y='6'/>"), "0,0 1,0 | 5,6 6,6");
    check("<use href='#later' transform='scale(2)' x='1'/><line id='later' y2='1'/>", "2,0 2,2 | 0,0 0,1");
    check(
        "<symbol id='s' viewBox='0 0 2 2'><line x2='2'/></symbol><use href='#s' width='10' height='10'/>",
        "0,0 10,0",
    );
    check("<svg x='5' width='10' height='10' viewBox='0 0 1 1'><line x2='1'/></svg>", "5,0 15,0");
}

#[test]
fn what_is_hidden_is_not_drawn() {
    check(
        "<line x2='9' display='none'/><g style='fill:red; display : none'><line x2='9'/></g><line x2='1'/>",
        "0,0 1,0",
    );
    check("<clipPath><line x2='9'/></clipPath><line x2='9' visibility='hidden'/><line x2='1'/>", "0,0 1,0");
    check("<sodipodi:path d='bad'/><path sodipodi:d='bad' d='M0 0h1'/>", "0,0 1,0");
}

#[test]
fn what_a_drawing_does_not_hold_is_named_and_nothing_outside_is_looked_at() {
    let svg = picture(
        "<script>while(true);</script><text>a</text><text>b</text><image href='http://a.b/c.png'/><use href='other.svg#a'/><line x2='1'/>",
    );
    let reading = read_with_losses(svg.as_bytes()).expect("a line");
    let expected = [
        "1 raster picture: a drawing holds no dots",
        "1 reference: only elements of the same file that exist are shown",
        "1 script: nothing is run",
        "2 texts: a drawing holds no letters",
    ];
    assert_eq!(reading.lost, expected);
}

#[test]
fn wrong_pictures_are_refused_with_their_place() {
    let refused = |svg: &str, expected: &str| assert_eq!(told(svg), expected);
    refused("", "found no element, expected the root element `svg`");
    refused("<g/>", "byte 0: found the root element `g`, expected `svg`");
    refused("<svg>", "byte 5: found the end of the file, expected `</svg>`");
    refused("<svg/><svg/>", "byte 6: found one more element, expected the end of the file");
    refused("<svg/>", "found a drawing without points, expected at least one point");
    refused(
        "<svg viewBox='0 0 0 1'/>",
        "byte 0: found viewBox=\"0 0 0 1\" of `svg`, expected x, y, width and height, both above 0",
    );
    refused(
        "<svg><path d='M0 0L1 NaN'/></svg>",
        "byte 5: found d=\"M0 0L1 NaN\" of `path`, expected path data (invalid number at position 8)",
    );
    refused(
        "<svg><line x2='x'/></svg>",
        "byte 5: found x2=\"x\" of `line`, expected a length such as 10 or 10mm",
    );
    refused(
        "<svg><polyline points='1 2 3'/></svg>",
        "byte 5: found points=\"1 2 3\" of `polyline`, expected pairs of numbers",
    );
    refused(
        "<svg><g transform='spin(3)'/></svg>",
        "byte 5: found transform=\"spin(3)\" of `g`, expected such as translate(10 20) rotate(45)",
    );
    refused(
        "<svg><line x2='1' transform='scale(1e10)'/></svg>",
        "byte 5: found `line` that leads too far, expected coordinates up to 1e9",
    );
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><svg><path d='&b;'/></svg>";
    assert!(told(bomb).contains("hint: entities of a document's own aren't expanded"), "{}", told(bomb));
    let file = "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><svg>&a;<line x2='1'/></svg>";
    assert_eq!(told(file), "0,0 1,0");
}

#[test]
fn what_would_never_end_is_refused() {
    let layers: String = (0..30)
        .map(|layer| format!("<g id='l{layer}'>{}</g>", format!("<use href='#l{}'/>", layer + 1).repeat(10)))
        .collect();
    assert!(told(&picture(&layers)).contains("at most 1000000 elements, 200 deep"));
    check_refused("<g id='a'><use href='#a'/></g>", "at most 1000000 elements, 200 deep");
    check_refused("<use id='a' href='#a'/>", "at most 1000000 elements, 200 deep");
    check_refused(&"<g>".repeat(100_000), "elements at most 200 deep");
    check_refused("<path d='M0 0A1e300 1e300 0 0 0 1e300 5'/>", "coordinates up to 1e9");
    check_refused(&format!("<path d='M0 0{}'/>", "h1".repeat(1_000_001)), "at most 1000000 in a drawing");
    let long =
        format!("<path id='p' d='M0 0{}'/>{}", "M1 1".repeat(10_000), "<use href='#p'/>".repeat(10_000));
    check_refused(&long, "at most 1000000 in a drawing");
    let closed = format!("<path d='M0 0{}h1'/>", "z".repeat(1_000_000));
    check(&closed, "0,0 | 0,0 1,0");
    let tiny = told(&picture("<path d='M0 0A1e8 1e-8 3 1 1 5 5C1e9 1e9-1e9 1e9 0 0'/>"));
    assert!(tiny.len() < 1_000_000);
}

#[track_caller]
fn check_refused(elements: &str, expected: &str) {
    let told = told(&picture(elements));
    let shown: String = told.chars().take(300).collect();
    assert!(told.contains(expected), "{shown}");
}

#[test]
fn a_packed_picture_is_unpacked_within_bounds() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(picture("<line x2='1'/>").as_bytes()).expect("memory");
    let packed = encoder.finish().expect("memory");
    assert_eq!(read(&packed).expect("a line").to_string(), "0,0 1,0");
}

#[test]
fn damaged_pictures_are_read_or_refused() {
    let svg = "<svg width='10mm' viewBox='0 0 10 10'><defs><g id='a'><circle r='3'/></g></defs><use href='#a' x='2'/><path transform='rotate(3) scale(2,3)' d='M1 2C3 4 5 6 7 8s1 1 2 2q1 1 2 3t4 5a1 2 3 0 1 4 5z'/><rect rx='1' width='5%' height='6pt'/><polygon points='1,2 3,4'/></svg>";
    let taken = damage(svg.as_bytes(), 20_000, |bytes| read(bytes).is_ok());
    assert!(taken > 2000, "only {taken} were legal");
}

#[test]
fn what_is_written_is_read_back_in_its_order() {
    let text = "{\"stroke3\":[[-5,2.25,0],[3,0,0],[0,0.123456789,1],[100,-7,1],[1,1,0],[2,2,0]]}";
    let drawing = jsonl::read(text.as_bytes()).expect("a line").remove(0).strokes;
    let picture =
        Picture { title: "a < b".to_owned(), recipe: "{\"seed\":\"<1>\"}".to_owned(), ..Picture::default() };
    let svg = write(&drawing, &picture);
    assert_eq!(
        read(svg.as_bytes()).expect("our own").to_string(),
        "-5,2.25 -2,2.25 -2,2.3735 | 98,-4.6265 | 99,-3.6265 101,-1.6265"
    );
    assert!(svg.contains("<title>a &lt; b</title>") && !svg.contains("<script"), "{svg}");
    assert_eq!(crate::score::xml::recipe_of_svg(&svg), Some(picture.recipe));
}

#[test]
fn curves_that_are_written_stay_within_their_tolerance() {
    let circle = read(picture("<circle r='50'/>").as_bytes()).expect("a circle");
    let svg = write(&circle, &Picture { curves: Some(0.05), ..Picture::default() });
    assert!(svg.matches('C').count() <= 8, "{svg}");
    for point in read(svg.as_bytes()).expect("our own").points() {
        assert!((point.x.hypot(point.y) - 50.0).abs() < 0.1, "{point:?}");
    }
}

#[test]
fn drawings_of_sketch_rnn_come_back_from_svg() {
    let Some(path) = shared("sketch-rnn/aaron_sheep.jsonl.gz") else { return };
    let drawings = jsonl::read(&std::fs::read(path).expect("a file")).expect("a corpus");
    for drawing in drawings.iter().step_by(40) {
        let back = read(write(&drawing.strokes, &Picture::default()).as_bytes()).expect("our own");
        let shape = |strokes: &super::super::Strokes| strokes.strokes.len();
        assert_eq!(shape(&back), shape(&drawing.strokes), "{}", drawing.name);
        let mut points = drawing.strokes.clone();
        points.strokes.iter_mut().for_each(|stroke| stroke.points.dedup());
        for (one, other) in points.points().zip(back.points()) {
            assert!(one.distance(other) < 1e-3, "{}: {one:?} {other:?}", drawing.name);
        }
    }
}
