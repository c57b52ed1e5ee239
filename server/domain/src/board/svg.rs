//! A board as an SVG picture (SPEC 6), as near to what the page paints (`client/src/features/board/paint/paint.ts`)
//! as can be without the font's measures. Everything a person typed is escaped; colours and numbers were checked
//! when they were drawn.

mod text_width;

use std::{fmt::Write, sync::Arc};
use studyrooms_protocol::{
    board::{Element, ElementKind, Point},
    points::Points,
};
use text_width::{is_rtl, width_of, wrapped};

/// Board units around what is drawn.
const MARGIN: f64 = 24.0;
/// Of an empty board.
const EMPTY: Frame = Frame { left: 0.0, top: 0.0, right: 640.0, bottom: 400.0 };
const PAPER: &str = "#fffdf8";
const NOTE_INK: &str = "#1f2a2c";
const LINE_HEIGHT: f64 = 1.3;
/// From the middle of a line down to its baseline, in font sizes.
const BASE: f64 = 0.36;
/// Between a note's edge and its text.
const NOTE_PADDING: f64 = 16.0;
/// Of the corners of notes and rectangles.
const ROUND: f64 = 6.0;
/// Between an arrow's line and each side of its head, in radians.
const HEAD_ANGLE: f64 = 0.5;

/// The picture of these elements, the first at the back: in parts, one for each element, that are made when they are
/// taken.
pub fn svg(elements: Vec<Arc<Element>>) -> impl Iterator<Item = String> + Send {
    let frame = elements.iter().map(|element| frame(element)).reduce(Frame::and).unwrap_or(EMPTY).wider(MARGIN);
    let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {width} {height}\" width=\"{width}\" \
         height=\"{height}\"><rect x=\"{}\" y=\"{}\" width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>",
        frame.left, frame.top, frame.left, frame.top
    );
    let drawn = elements.into_iter().map(|element| {
        let mut part = String::new();
        draw(&mut part, &element);
        part
    });
    std::iter::once(head).chain(drawn).chain(std::iter::once("</svg>\n".to_owned()))
}

#[derive(Clone, Copy)]
struct Frame {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Frame {
    fn and(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn wider(self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }
}

fn frame(element: &Element) -> Frame {
    let points = element.points.iter().flat_map(Points::iter);
    let around = points.map(|point| Frame { left: point.x, top: point.y, right: point.x, bottom: point.y });
    let frame = around.reduce(Frame::and).unwrap_or_else(|| rectangle(element));
    let frame = match wings(element) {
        Some((wings, _)) => {
            wings.into_iter().map(|(x, y)| Frame { left: x, top: y, right: x, bottom: y }).fold(frame, Frame::and)
        }
        None => frame,
    };
    // A note's shadow.
    frame.wider(if element.kind == ElementKind::Note { 12.0 } else { element.width / 2.0 })
}

/// Of the element's box; a text's is as large as its lines at least.
#[expect(clippy::cast_precision_loss, reason = "a few thousand characters")]
fn size(element: &Element) -> (f64, f64) {
    let (w, h) = (element.w.unwrap_or(0.0), element.h.unwrap_or(0.0));
    if element.kind != ElementKind::Text {
        return (w, h);
    }
    let lines = || element.text.iter().flat_map(|text| text.lines());
    let longest = lines().map(width_of).fold(0.0, f64::max);
    (w.max(longest * element.width), h.max(lines().count().max(1) as f64 * element.width * LINE_HEIGHT))
}

fn draw(picture: &mut String, element: &Element) {
    match element.kind {
        ElementKind::Stroke | ElementKind::Line => line(picture, element),
        ElementKind::Arrow => {
            line(picture, element);
            head(picture, element);
        }
        ElementKind::Rect => boxed(picture, element, "none"),
        ElementKind::Ellipse => ellipse(picture, element),
        ElementKind::Text => {
            let lines = element.text.iter().flat_map(|text| text.lines());
            text(picture, element, lines, 0.0, &element.color);
        }
        ElementKind::Note => note(picture, element),
        ElementKind::Image => image(picture, element),
    }
}

/// Writing to a string cannot fail.
macro_rules! add {
    ($picture:expr, $($rest:tt)*) => { let _: std::fmt::Result = write!($picture, $($rest)*); };
}

fn line(picture: &mut String, element: &Element) {
    let Some(points) = element.points.as_ref().filter(|points| !points.is_empty()) else { return };
    add!(picture, "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", escaped(&element.color), element.width);
    picture.push_str(" stroke-linecap=\"round\" stroke-linejoin=\"round\" points=\"");
    for Point { x, y, .. } in points.iter() {
        add!(picture, "{x},{y} ");
    }
    // A line of no length is not shown; a dot has some.
    if let (1, Some(Point { x, y, .. })) = (points.len(), points.iter().next()) {
        add!(picture, "{},{y}", x + 0.01);
    }
    picture.push_str("\"/>");
}

type Spot = (f64, f64);

/// The ends of an arrow's head, and its tip.
fn wings(element: &Element) -> Option<([Spot; 2], Spot)> {
    if element.kind != ElementKind::Arrow {
        return None;
    }
    let ends = element.points.iter().flat_map(Points::iter).fold((None, None), |(_, end), next| (end, Some(next)));
    let (Some(tail), Some(tip)) = ends else { return None };
    let angle = (tip.y - tail.y).atan2(tip.x - tail.x);
    let reach = element.width * 3.0 + 8.0;
    let wing = |turn: f64| (tip.x - reach * (angle + turn).cos(), tip.y - reach * (angle + turn).sin());
    Some(([wing(-HEAD_ANGLE), wing(HEAD_ANGLE)], (tip.x, tip.y)))
}

fn head(picture: &mut String, element: &Element) {
    let Some(([(ax, ay), (bx, by)], (x, y))) = wings(element) else { return };
    let (color, width) = (escaped(&element.color), element.width);
    add!(
        picture,
        "<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linecap=\"round\" \
         stroke-linejoin=\"round\" points=\"{ax},{ay} {x},{y} {bx},{by}\"/>"
    );
}

/// The element's box, however it was drawn.
fn rectangle(element: &Element) -> Frame {
    let (left, top) = (element.x.unwrap_or(0.0), element.y.unwrap_or(0.0));
    let (w, h) = size(element);
    Frame { left: left.min(left + w), top: top.min(top + h), right: left.max(left + w), bottom: top.max(top + h) }
}

fn boxed(picture: &mut String, element: &Element, fill: &str) {
    let Frame { left, top, right, bottom } = rectangle(element);
    let (w, h, color, width) = (right - left, bottom - top, escaped(&element.color), element.width);
    let fill = escaped(fill);
    let round = ROUND.min(w / 4.0).min(h / 4.0);
    add!(picture, "<rect x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\" fill=\"{fill}\"");
    add!(picture, " stroke=\"{color}\" stroke-width=\"{width}\"/>");
}

fn ellipse(picture: &mut String, element: &Element) {
    let Frame { left, top, right, bottom } = rectangle(element);
    let (rx, ry) = ((right - left) / 2.0, (bottom - top) / 2.0);
    let (cx, cy, color, width) = (left + rx, top + ry, escaped(&element.color), element.width);
    add!(picture, "<ellipse cx=\"{cx}\" cy=\"{cy}\" rx=\"{rx}\" ry=\"{ry}\" fill=\"none\"");
    add!(picture, " stroke=\"{color}\" stroke-width=\"{width}\"/>");
}

/// A file of the room, by its path: members get it there. Elsewhere it is no more than its frame.
fn image(picture: &mut String, element: &Element) {
    boxed(picture, &Element { color: "#ccc".into(), width: 1.0, ..element.clone() }, "#eee");
    let Some(src) = &element.src else { return };
    let Frame { left, top, right, bottom } = rectangle(element);
    let (w, h, src) = (right - left, bottom - top, escaped(src));
    add!(picture, "<image x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\"");
    add!(picture, " href=\"{src}\"/>");
}

/// On its paper; what does not fit on it is cut.
fn note(picture: &mut String, element: &Element) {
    let Frame { left, top, right, bottom } = rectangle(element);
    let (w, h, paper) = (right - left, bottom - top, note_paper(&element.color));
    let (shade_x, shade_y) = (left + 2.0, top + 5.0);
    for (x, y, fill) in [(shade_x, shade_y, "#2a210c\" fill-opacity=\"0.11"), (left, top, paper.as_str())] {
        add!(picture, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{ROUND}\" fill=\"{fill}\"/>");
    }
    let column = (w - 2.0 * NOTE_PADDING) / element.width;
    let lines = wrapped(element.text.as_deref().unwrap_or(""), column);
    // A picture within the picture, in the same units: it cuts.
    add!(picture, "<svg x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" viewBox=\"{left} {top} {w} {h}\">");
    text(picture, element, lines.iter().map(String::as_str), NOTE_PADDING, NOTE_INK);
    picture.push_str("</svg>");
}

/// Its colour mixed with much white, so that dark text stays readable; yellow for black. As `notePaper` of the page.
fn note_paper(color: &str) -> String {
    let digits: Vec<u32> = color.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let channels: Vec<u32> = match digits.len() {
        3 | 4 => digits.iter().take(3).map(|digit| digit * 17).collect(),
        _ => digits.chunks_exact(2).take(3).map(|pair| pair.iter().fold(0, |all, digit| all * 16 + digit)).collect(),
    };
    let [red, green, blue] = channels[..] else { return "#fdf3c8".into() };
    if red.max(green).max(blue) < 70 {
        return "#fdf0b4".into();
    }
    let mixed = |channel: u32| (channel * 24 + 255 * 76 + 50) / 100;
    format!("#{:02x}{:02x}{:02x}", mixed(red), mixed(green), mixed(blue))
}

fn text<'a>(picture: &mut String, element: &Element, lines: impl Iterator<Item = &'a str>, inset: f64, color: &str) {
    let Frame { left, top, right, .. } = rectangle(element);
    let (size, color) = (element.width, escaped(color));
    let mut y = top + inset + size * (LINE_HEIGHT / 2.0 + BASE);
    for line in lines {
        let (x, way) = if is_rtl(line) { (right - inset, " direction=\"rtl\"") } else { (left + inset, "") };
        let line = escaped(line);
        add!(picture, "<text x=\"{x}\" y=\"{y}\"{way} font-size=\"{size}\" font-weight=\"450\" fill=\"{color}\"");
        add!(
            picture,
            " font-family=\"Inter Variable, Inter, system-ui, sans-serif\" xml:space=\"preserve\">{line}</text>"
        );
        y += size * LINE_HEIGHT;
    }
}

/// As text and as a quoted attribute (XML 1.0, section 2.4); what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() => {}
            character => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(elements: &[Arc<Element>]) -> String {
        svg(elements.to_vec()).collect()
    }

    fn element(json: &str) -> Arc<Element> {
        Arc::new(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn what_people_type_is_text_and_nothing_else() {
        let note = element(
            r##"{"id":"a","kind":"note","x":0,"y":0,"w":90,"h":60,"color":"#fc0","width":1,
                "text":"</text><script>alert(1)</script>&\u0000"}"##,
        );
        let picture = whole(&[note]);
        assert!(!picture.contains("<script"), "{picture}");
        assert!(picture.contains("&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;</text>"), "{picture}");
    }

    #[test]
    fn the_frame_holds_everything_with_its_width() {
        let stroke =
            element(r##"{"id":"a","kind":"stroke","points":[[-10,5],[100,50,0.5]],"color":"#123","width":4}"##);
        let picture = whole(&[stroke]);
        assert!(picture.contains("viewBox=\"-36 -21 162 97\""), "{picture}");
        assert!(picture.contains("points=\"-10,5 100,50 \""), "{picture}");
    }

    /// Left, top, width and height.
    fn shown(picture: &str) -> Vec<f64> {
        let (_, rest) = picture.split_once("viewBox=\"").unwrap();
        rest.split('"').next().unwrap().split(' ').map(|number| number.parse().unwrap()).collect()
    }

    #[test]
    fn the_head_of_an_arrow_is_within() {
        let arrow = element(r##"{"id":"a","kind":"arrow","points":[[0,0],[200,0]],"color":"#123","width":10}"##);
        let [_, top, _, height] = shown(&whole(&[arrow]))[..] else { panic!("no frame") };
        assert!(top < -(38.0 * 0.5_f64.sin()) - 5.0 && top + height > 38.0 * 0.5_f64.sin() + 5.0, "{top} {height}");
    }

    #[test]
    fn wide_characters_are_within() {
        let text = format!(
            r##"{{"id":"a","kind":"text","x":0,"y":0,"w":9,"h":9,"text":"{}","color":"#123","width":20}}"##,
            "漢".repeat(40)
        );
        let [_, _, width, _] = shown(&whole(&[element(&text)]))[..] else { panic!("no frame") };
        assert!(width >= 800.0, "{width}");
    }

    #[test]
    fn a_note_of_black_ink_is_light_and_its_words_are_broken_into_lines() {
        let words = "all that one has to read until Monday, and more";
        let json = format!(
            r##"{{"id":"a","kind":"note","x":0,"y":0,"w":160,"h":180,"color":"#1f2a2c","width":20,"text":"{words}"}}"##
        );
        let picture = whole(&[element(&json)]);
        assert!(picture.contains("fill=\"#fdf0b4\""), "{picture}");
        assert!(picture.matches("<text").count() >= 4, "{picture}");
        assert!(!picture.contains("stroke="), "{picture}");
    }

    #[test]
    fn a_coloured_note_is_its_colour_with_much_white() {
        assert_eq!(note_paper("#cf2f2a"), note_paper("#CF2F2A80"));
        assert_eq!(note_paper("#cf2f2a"), "#f3cdcc");
        assert_eq!(note_paper("#f00"), note_paper("#ff0000"));
    }

    #[test]
    fn lines_begin_where_their_language_does() {
        let json =
            r##"{"id":"a","kind":"text","x":10,"y":0,"w":300,"h":60,"color":"#000","width":20,"text":"abc\nשלום"}"##;
        let picture = whole(&[element(json)]);
        assert!(picture.contains("<text x=\"10\""), "{picture}");
        assert!(picture.contains("<text x=\"310\" y=\"46.2\" direction=\"rtl\""), "{picture}");
    }

    #[test]
    fn every_kind_is_drawn_and_a_box_drawn_backwards_too() {
        let kinds = [
            (r##"{"id":"a","kind":"line","points":[[0,0],[9,9]],"color":"#000","width":1}"##, "<polyline"),
            (r##"{"id":"b","kind":"arrow","points":[[0,0],[9,0]],"color":"#000","width":1}"##, "<polyline"),
            (
                r##"{"id":"c","kind":"rect","x":10,"y":10,"w":-5,"h":-5,"color":"#000","width":1}"##,
                "x=\"5\" y=\"5\" width=\"5\" height=\"5\" rx=\"1.25\"",
            ),
            (
                r##"{"id":"d","kind":"ellipse","x":0,"y":0,"w":10,"h":20,"color":"#000","width":1}"##,
                "rx=\"5\" ry=\"10\"",
            ),
            (r##"{"id":"e","kind":"text","x":0,"y":0,"text":"a\nb","color":"#000","width":10}"##, "y=\"23.1\""),
            (
                r##"{"id":"f","kind":"image","x":9,"y":0,"w":-9,"h":5,"src":"/api/files/a\"","color":"#000","width":1}"##,
                "<image x=\"0\" y=\"0\" width=\"9\" height=\"5\" preserveAspectRatio=\"none\" href=\"/api/files/a&quot;\"/>",
            ),
        ];
        for (json, mark) in kinds {
            assert!(whole(&[element(json)]).contains(mark), "{json}: {}", whole(&[element(json)]));
        }
        assert!(whole(&[]).starts_with("<svg "));
    }
}
