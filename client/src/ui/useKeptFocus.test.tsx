import { act, cleanup, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, it } from 'vitest';
import { useKeptFocus } from './useKeptFocus';

function Example({ shown }: { shown: readonly string[] }) {
  const root = useRef<HTMLDivElement>(null);
  useKeptFocus(root);
  return (
    <div ref={root}>
      <button hidden>never</button>
      <div role="log" tabIndex={0}>
        {shown.includes('line') && (
          <article>
            <p>{shown.includes('reaction') && <button>reaction</button>}</p>
            {shown.includes('menu') && <button>menu</button>}
          </article>
        )}
      </div>
      <form>
        {shown.includes('cancel') && <button>cancel</button>}
        <textarea />
      </form>
    </div>
  );
}

afterEach(cleanup);
const all = ['line', 'reaction', 'menu', 'cancel'];
const focused = () => document.activeElement?.textContent || document.activeElement?.tagName;

it.each([
  ['a reaction that is taken back', 'reaction', ['line', 'menu'], 'menu'],
  ['the menu of a message that was deleted', 'menu', ['line'], 'DIV'],
  ['a message that went', 'menu', [], 'DIV'],
  ['the end of an answer', 'cancel', ['line', 'menu'], 'TEXTAREA'],
])('goes on from %s', async (_what, name, left, next) => {
  const { rerender } = render(<Example shown={all} />);
  screen.getByText(name).focus();
  rerender(<Example shown={left} />);
  await act(async () => Promise.resolve());
  expect(focused()).toBe(next);
});

it('goes on from a button that was disabled while it worked, there or gone', async () => {
  const { rerender } = render(<Example shown={all} />);
  const menu = screen.getByText<HTMLButtonElement>('menu');
  menu.focus();
  // Browsers do both at once.
  menu.blur();
  menu.disabled = true;
  await act(async () => Promise.resolve());
  expect(document.activeElement).toBe(document.body);
  menu.disabled = false;
  await act(async () => Promise.resolve());
  expect(focused()).toBe('menu');
  menu.blur();
  menu.disabled = true;
  await act(async () => Promise.resolve());
  rerender(<Example shown={['line', 'reaction']} />);
  await act(async () => Promise.resolve());
  expect(focused()).toBe('reaction');
});

it('takes no focus from a page that someone clicked on', async () => {
  const { rerender } = render(<Example shown={all} />);
  const menu = screen.getByText('menu');
  menu.focus();
  menu.blur();
  await act(async () => Promise.resolve());
  rerender(<Example shown={['line']} />);
  await act(async () => Promise.resolve());
  expect(document.activeElement).toBe(document.body);
});
