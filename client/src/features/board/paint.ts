import { getStroke } from 'perfect-freehand';
import type { Element, Point } from '../../protocol';
import { directionOf } from '../../ui';
import { arrowHead, sizeOf } from './geometry';
import { notePaper } from './ink';
import { font, LINE_HEIGHT, linesOf, NOTE_PADDING } from './lettering';
import { paintPicture } from './paintPicture';
import type { Looks } from './pictures';

const INK = '#1f2a2c';

/** Elements never change in place, so what is worked out once holds. */
const paths = new WeakMap<Element, Path2D>();

export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Paints in board units; the caller has set the transform. */
export function paint(pen: Pen, element: Element, looks: Looks): void {
  switch (element.kind) {
    case 'stroke':
      pen.fillStyle = element.color;
      pen.fill(path(element, strokePath));
      return;
    case 'line':
    case 'arrow':
    case 'rect':
    case 'ellipse':
      pen.strokeStyle = element.color;
      pen.lineWidth = element.width;
      pen.lineCap = 'round';
      pen.lineJoin = 'round';
      pen.stroke(path(element, shapePath));
      return;
    case 'text':
      paintLines(pen, element, (element.text ?? '').split('\n'), 0, element.color);
      return;
    case 'note':
      paintNote(pen, element);
      return;
    case 'image':
      paintPicture(pen, element, looks);
  }
}

function path(element: Element, make: (element: Element) => Path2D): Path2D {
  let known = paths.get(element);
  if (!known) paths.set(element, (known = make(element)));
  return known;
}

function strokePath({ points = [], width }: Element): Path2D {
  const pressed = points.some((point) => point.length === 3);
  const outline = getStroke(points, {
    size: width * (pressed ? 1.35 : 1.1),
    thinning: pressed ? 0.55 : 0.35,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: !pressed,
    last: true,
  });
  const shape = new Path2D();
  const [first] = outline;
  if (!first) return shape;
  shape.moveTo(first[0], first[1]);
  outline.forEach(([x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length] ?? first;
    shape.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  shape.closePath();
  return shape;
}

function shapePath(element: Element): Path2D {
  const shape = new Path2D();
  const { kind, points = [], x = 0, y = 0, w = 0, h = 0 } = element;
  if (kind === 'rect') shape.roundRect(x, y, w, h, Math.min(6, Math.abs(w) / 4, Math.abs(h) / 4));
  if (kind === 'ellipse') {
    shape.ellipse(x + w / 2, y + h / 2, Math.abs(w / 2), Math.abs(h / 2), 0, 0, 2 * Math.PI);
  }
  points.forEach(([px, py], i) => (i === 0 ? shape.moveTo(px, py) : shape.lineTo(px, py)));
  if (kind === 'arrow') addHead(shape, points, arrowHead(element.width));
  return shape;
}

function addHead(shape: Path2D, points: readonly Point[], length: number): void {
  const tip = points.at(-1);
  const tail = points.at(-2);
  if (!tip || !tail) return;
  const angle = Math.atan2(tip[1] - tail[1], tip[0] - tail[0]);
  for (const turn of [-0.5, 0.5]) {
    shape.moveTo(tip[0], tip[1]);
    shape.lineTo(
      tip[0] - length * Math.cos(angle + turn),
      tip[1] - length * Math.sin(angle + turn),
    );
  }
}

function paintNote(pen: Pen, element: Element): void {
  const { x = 0, y = 0, w = 0, h = 0 } = element;
  pen.fillStyle = '#2a210c1c';
  pen.beginPath();
  pen.roundRect(x + 2, y + 5, w, h, 6);
  pen.fill();
  paintBox(pen, element, notePaper(element.color));
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  paintLines(pen, element, linesOf(element), NOTE_PADDING, INK);
  pen.restore();
}

function paintBox(pen: Pen, { x = 0, y = 0, w = 0, h = 0 }: Element, fill: string): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.roundRect(x, y, w, h, 6);
  pen.fill();
}

function paintLines(pen: Pen, element: Element, lines: string[], inset: number, color: string) {
  const { x = 0, y = 0, width } = element;
  const { w } = sizeOf(element);
  pen.font = font(width);
  pen.fillStyle = color;
  pen.textBaseline = 'middle';
  pen.textAlign = 'start';
  lines.forEach((line, i) => {
    pen.direction = directionOf(line);
    const start = pen.direction === 'rtl' ? x + w - inset : x + inset;
    pen.fillText(line, start, y + inset + (i + 0.5) * width * LINE_HEIGHT);
  });
}
