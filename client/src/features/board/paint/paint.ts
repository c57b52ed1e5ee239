import { getStroke } from 'perfect-freehand';
import type { Element, Point } from '../../../protocol';
import { directionOf } from '../../../ui';
import { arrowHead, sizeOf } from '../model/geometry';
import { noteBackground } from '../model/palette';
import { font, LINE_HEIGHT, noteLinesOf, NOTE_PADDING } from '../model/textLayout';
import type { PaintContext } from './paintContext';
import { paintPicture } from './paintPicture';
import type { PictureLookup } from '../model/pictures';

const INK = '#1f2a2c';

/** Elements never change in place, so what is worked out once holds. */
const paths = new WeakMap<Element, Path2D>();

/** Paints in board units; the caller has set the transform. */
export function paint(context: PaintContext, element: Element, looks: PictureLookup): void {
  switch (element.kind) {
    case 'stroke':
      context.fillStyle = element.color;
      context.fill(path(element, strokePath));
      return;
    case 'line':
    case 'arrow':
    case 'rect':
    case 'ellipse':
      context.strokeStyle = element.color;
      context.lineWidth = element.width;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.stroke(path(element, shapePath));
      return;
    case 'text':
      paintLines(context, element, (element.text ?? '').split('\n'), 0, element.color);
      return;
    case 'note':
      paintNote(context, element);
      return;
    case 'image':
      paintPicture(context, element, looks);
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

function paintNote(context: PaintContext, element: Element): void {
  const { x = 0, y = 0, w = 0, h = 0 } = element;
  context.fillStyle = '#2a210c1c';
  context.beginPath();
  context.roundRect(x + 2, y + 5, w, h, 6);
  context.fill();
  paintBox(context, element, noteBackground(element.color));
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  paintLines(context, element, noteLinesOf(element), NOTE_PADDING, INK);
  context.restore();
}

function paintBox(
  context: PaintContext,
  { x = 0, y = 0, w = 0, h = 0 }: Element,
  fill: string,
): void {
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, w, h, 6);
  context.fill();
}

function paintLines(
  context: PaintContext,
  element: Element,
  lines: string[],
  inset: number,
  color: string,
) {
  const { x = 0, y = 0, width } = element;
  const { w } = sizeOf(element);
  context.font = font(width);
  context.fillStyle = color;
  context.textBaseline = 'middle';
  context.textAlign = 'start';
  lines.forEach((line, i) => {
    context.direction = directionOf(line);
    const start = context.direction === 'rtl' ? x + w - inset : x + inset;
    context.fillText(line, start, y + inset + (i + 0.5) * width * LINE_HEIGHT);
  });
}
