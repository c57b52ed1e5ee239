//! A board as an SVG picture (DESIGN 6). Everything a person typed is escaped; colours and numbers
//! were checked when they were drawn.

use std::{fmt::Write, sync::Arc};
use studyrooms_protocol::{
    board::{Element, ElementKind, Point},
    points::Points,
};

/// Board units around what is drawn.
const MARGIN: f64 = 24.0;
/// Of an empty board.
const EMPTY: Frame = Frame { left: 0.0, top: 0.0, right: 640.0, bottom: 400.0 };
const LINE_HEIGHT: f64 = 1.3;
/// A letter's width, in sizes: enough to keep text in the picture, whatever font shows it.
const LETTER_WIDTH: f64 = 0.6;
const NOTE_LETTERS: f64 = 16.0;

/// The picture of these elements, the first at the back: in parts, one for each element, that are made when they are
/// taken.
pub fn svg(elements: Vec<Arc<Element>>) -> impl Iterator<Item = String> + Send {
    let frame = elements.iter().map(|element| frame(element)).reduce(Frame::and).unwrap_or(EMPTY).wider(MARGIN);
    let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {width} {height}\" width=\"{width}\" \
         height=\"{height}\"><rect x=\"{}\" y=\"{}\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
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
    let frame = around.reduce(Frame::and).unwrap_or_else(|| {
        let (left, top) = (element.x.unwrap_or(0.0), element.y.unwrap_or(0.0));
        let (w, h) = size(element);
        Frame { left: left.min(left + w), top: top.min(top + h), right: left.max(left + w), bottom: top.max(top + h) }
    });
    frame.wider(element.width / 2.0)
}

/// Of the element's box; a text's is as large as its letters.
#[expect(clippy::cast_precision_loss, reason = "a few thousand letters")]
fn size(element: &Element) -> (f64, f64) {
    if element.kind != ElementKind::Text {
        return (element.w.unwrap_or(0.0), element.h.unwrap_or(0.0));
    }
    let lines: Vec<usize> =
        element.text.iter().flat_map(|text| text.lines()).map(|line| line.chars().count()).collect();
    let longest = lines.iter().copied().max().unwrap_or(0) as f64;
    (longest * element.width * LETTER_WIDTH, lines.len().max(1) as f64 * element.width * LINE_HEIGHT)
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
        ElementKind::Text => text(picture, element, element.width, 0.0),
        ElementKind::Note => {
            boxed(picture, element, &element.color);
            text(picture, element, NOTE_LETTERS, NOTE_LETTERS / 2.0);
        }
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

fn head(picture: &mut String, element: &Element) {
    let ends = element.points.iter().flat_map(Points::iter).fold((None, None), |(_, end), next| (end, Some(next)));
    let (Some(before), Some(end)) = ends else { return };
    let (dx, dy) = (end.x - before.x, end.y - before.y);
    let length = dx.hypot(dy);
    if length == 0.0 {
        return;
    }
    let reach = element.width * 3.0 + 8.0;
    let (ux, uy) = (dx / length * reach, dy / length * reach);
    let wing = |side: f64| (end.x - ux - uy * side, end.y - uy + ux * side);
    let ((ax, ay), (bx, by)) = (wing(0.5), wing(-0.5));
    let (x, y, color, width) = (end.x, end.y, escaped(&element.color), element.width);
    add!(
        picture,
        "<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linecap=\"round\" \
         stroke-linejoin=\"round\" points=\"{ax},{ay} {x},{y} {bx},{by}\"/>"
    );
}

fn boxed(picture: &mut String, element: &Element, fill: &str) {
    let Frame { left, top, right, bottom } = frame(&Element { width: 0.0, ..element.clone() });
    let (w, h, color, width) = (right - left, bottom - top, escaped(&element.color), element.width);
    let fill = escaped(fill);
    add!(picture, "<rect x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\"");
    add!(picture, " stroke=\"{color}\" stroke-width=\"{width}\"/>");
}

fn ellipse(picture: &mut String, element: &Element) {
    let Frame { left, top, right, bottom } = frame(&Element { width: 0.0, ..element.clone() });
    let (rx, ry) = ((right - left) / 2.0, (bottom - top) / 2.0);
    let (cx, cy, color, width) = (left + rx, top + ry, escaped(&element.color), element.width);
    add!(picture, "<ellipse cx=\"{cx}\" cy=\"{cy}\" rx=\"{rx}\" ry=\"{ry}\" fill=\"none\"");
    add!(picture, " stroke=\"{color}\" stroke-width=\"{width}\"/>");
}

/// A file of the room, by its path: members get it there. Elsewhere it is no more than its frame.
fn image(picture: &mut String, element: &Element) {
    boxed(picture, &Element { color: "#ccc".into(), width: 1.0, ..element.clone() }, "#eee");
    let Some(src) = &element.src else { return };
    let Frame { left, top, right, bottom } = frame(&Element { width: 0.0, ..element.clone() });
    let (w, h, src) = (right - left, bottom - top, escaped(src));
    add!(picture, "<image x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\"");
    add!(picture, " href=\"{src}\"/>");
}

fn text(picture: &mut String, element: &Element, letters: f64, inset: f64) {
    let color = if element.kind == ElementKind::Note { "#222".into() } else { escaped(&element.color) };
    let (x, mut y) = (element.x.unwrap_or(0.0) + inset, element.y.unwrap_or(0.0) + inset);
    for line in element.text.iter().flat_map(|text| text.lines()) {
        y += letters * LINE_HEIGHT;
        let line = escaped(line);
        add!(picture, "<text x=\"{x}\" y=\"{y}\" font-size=\"{letters}\" font-family=\"sans-serif\" fill=\"{color}\"");
        add!(picture, " xml:space=\"preserve\">{line}</text>");
    }
}

/// As text and as a quoted attribute (XML 1.0, section 2.4); what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
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

    #[test]
    fn every_kind_is_drawn_and_a_box_drawn_backwards_too() {
        let kinds = [
            (r##"{"id":"a","kind":"line","points":[[0,0],[9,9]],"color":"#000","width":1}"##, "<polyline"),
            (r##"{"id":"b","kind":"arrow","points":[[0,0],[9,0]],"color":"#000","width":1}"##, "<polyline"),
            (
                r##"{"id":"c","kind":"rect","x":10,"y":10,"w":-5,"h":-5,"color":"#000","width":1}"##,
                "x=\"5\" y=\"5\" width=\"5\"",
            ),
            (
                r##"{"id":"d","kind":"ellipse","x":0,"y":0,"w":10,"h":20,"color":"#000","width":1}"##,
                "rx=\"5\" ry=\"10\"",
            ),
            (r##"{"id":"e","kind":"text","x":0,"y":0,"text":"a\nb","color":"#000","width":10}"##, "y=\"26\""),
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
