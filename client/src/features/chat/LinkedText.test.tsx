import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import * as finder from './linkify';
import { LinkedText } from './LinkedText';

afterEach(cleanup);

it('searches a text for links once, however often it is drawn', () => {
  const search = vi.spyOn(finder, 'linkify');
  const { rerender } = render(<LinkedText text="see https://a.org/x" />);
  for (let times = 0; times < 5; times += 1) rerender(<LinkedText text="see https://a.org/x" />);
  expect(search).toHaveBeenCalledTimes(1);
  rerender(<LinkedText text="see https://b.org/y" />);
  expect(screen.getByRole('link').getAttribute('href')).toBe('https://b.org/y');
});
