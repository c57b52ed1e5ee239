import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Chat } from './chat';
import type { Group, Line } from './grouping';
import { MessageGroup } from './MessageGroup';

const retry = vi.fn<(eventId: string) => void>();
const chat = { retry, discard: vi.fn() } as unknown as Chat;

function show(line: Partial<Line>) {
  const whole: Line = {
    key: 'k',
    text: '',
    at: 1_700_000_000_000,
    state: 'sent',
    edited: false,
    deleted: false,
    attachments: [],
    reactions: [],
    ...line,
  };
  const group: Group = {
    kind: 'group',
    key: 'g',
    senderId: 'ann',
    senderName: 'Ann',
    mine: false,
    lines: [whole],
  };
  render(<MessageGroup group={group} chat={chat} />);
}
afterEach(cleanup);

it('shows text as text', () => {
  show({ text: '<img src=x onerror=alert(1)> <b>bold</b>' });
  expect(screen.getByTestId('message').textContent).toContain('<b>bold</b>');
  expect(screen.queryByRole('img')).toBeNull();
});

it('opens links outside, without telling them where from', () => {
  show({ text: 'see https://a.org/x and javascript:alert(1)' });
  const links = screen.getAllByRole('link');
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://a.org/x']);
  expect(links[0]?.getAttribute('rel')).toContain('noopener');
});

it('offers to send again what was refused', async () => {
  show({ text: 'hello', state: 'failed', failure: 'You may not write here.', eventId: 'e1' });
  expect(screen.getByRole('alert').textContent).toContain('You may not write here.');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledWith('e1');
});
