import type { Element, Point } from '../../../protocol';
import type { ToolContext } from './gesture';
import { elementAt } from './move';
import type { Renderer } from '../paint/renderer';
import { cornerAt, type Corner } from '../model/pictureRect';

/** Shows the resize handles of the picture at a point; the corner at that point, if there is one. */
export function takeCorner(
  drawing: ToolContext,
  renderer: Renderer,
  at: Point,
  reachPx: number,
): { element: Element; corner: Corner } | undefined {
  const reach = reachPx / drawing.scale;
  const cornerOf = (element: Element | undefined) => {
    const corner = element && cornerAt(element, at, reach);
    return element && corner ? { element, corner } : undefined;
  };
  // Corners of the one that is offered reach beyond it.
  const offered = renderer.resizable === undefined ? undefined : drawing.get(renderer.resizable);
  const taken = cornerOf(offered);
  if (taken) return taken;
  const under = elementAt(drawing, at);
  renderer.showHandles(under?.kind === 'image' ? under.id : undefined);
  return cornerOf(under);
}
