import { expect, it } from 'vitest';
import { paint } from './paint';
import type { PaintContext } from './paintContext';

const looks = { look: () => undefined, want: () => undefined } as unknown as Parameters<
  typeof paint
>[2];

it('writes each line from the side where its language begins', () => {
  const written: unknown[] = [];
  const pen = {
    direction: 'ltr',
    fillText(line: string, x: number) {
      written.push([line, this.direction, x]);
    },
  };
  const element = { id: 't', kind: 'text', x: 100, y: 0, w: 80, h: 40, color: '#000', width: 20 };
  paint(pen as unknown as PaintContext, { ...element, kind: 'text', text: 'abc\nשלום' }, looks);
  expect(written).toEqual([
    ['abc', 'ltr', 100],
    ['שלום', 'rtl', 180],
  ]);
});
