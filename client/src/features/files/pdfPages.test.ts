import { expect, it } from 'vitest';
import { visiblePage, renderScale } from './pdfPages';

it.each([
  [0, 1],
  [449, 1],
  [500, 2],
  [1_500, 3],
  [9_000, 3],
])('scrolled by %d one reads page %d', (scrolled, page) => {
  expect(visiblePage([0, 1_000, 2_000], scrolled, 1_000)).toBe(page);
});

it('reads the first page as long as nothing is known of them', () => {
  expect(visiblePage([], 0, 500)).toBe(1);
  expect(visiblePage([900], 0, 500)).toBe(1);
});

it('paints a page with the pixels of the screen, and no more than memory bears', () => {
  const page = { width: 600, height: 800 };
  expect(renderScale(page, 300, 2)).toBe(1);
  const scale = renderScale(page, 1_000, 4);
  expect(page.width * scale * page.height * scale).toBeCloseTo(6_000_000);
});
