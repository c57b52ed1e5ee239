import { expect, it } from 'vitest';
import { popoverPosition } from './popoverPosition';

const view = { width: 400, height: 800 };
const panel = { width: 200, height: 300 };
const opener = (left: number, top: number) => ({
  left,
  right: left + 40,
  top,
  bottom: top + 40,
});

it('opens below, flush right', () => {
  expect(popoverPosition(opener(300, 20), panel, view)).toEqual({ left: 140, top: 66 });
});

it('opens above where there is no room below', () => {
  expect(popoverPosition(opener(300, 700), panel, view)).toEqual({ left: 140, top: 394 });
});

it('never leaves the window', () => {
  expect(popoverPosition(opener(0, 20), panel, view).left).toBe(8);
  expect(popoverPosition(opener(390, 20), panel, view).left).toBe(192);
  expect(popoverPosition(opener(0, 250), { width: 200, height: 700 }, view).top).toBe(92);
});
