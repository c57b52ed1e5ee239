import type { Element, Point } from '../../../protocol';

/** Whether two elements look the same: a confirmed element is a new object that needs no repainting. */
export function elementsEqual(a: Element, b: Element): boolean {
  if (a === b) return true;
  return plain.every((field) => a[field] === b[field]) && samePoints(a.points, b.points);
}

const plain = ['id', 'kind', 'x', 'y', 'w', 'h', 'text', 'src', 'color', 'width', 'z'] as const;

function samePoints(p: readonly Point[] = [], q: readonly Point[] = []): boolean {
  if (p === q) return true;
  if (p.length !== q.length) return false;
  return p.every((point, i) => {
    const other = q[i];
    return point[0] === other?.[0] && point[1] === other[1] && point[2] === other[2];
  });
}
