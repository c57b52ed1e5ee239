import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Chat } from './chat';
import { message } from './fixtures';
import type { Group, Line } from './grouping';
import { MessageGroup } from './MessageGroup';
import { SenderBadgesContext } from './senderBadges';

const retry = vi.fn<(eventId: string) => void>();
const react = vi.fn();
const roomInfo = createStore(() => ({ you: { role: 'member' } }));
const me = { userId: 'me', name: 'Me' };
const chat = { retry, react, roomInfo, me, discard: vi.fn() } as unknown as Chat;

function groupOf(line: Partial<Line>) {
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
  return <MessageGroup group={group} chat={chat} nameOf={(id) => id.toUpperCase()} />;
}

const show = (line: Partial<Line>) => render(groupOf(line));
afterEach(cleanup);

it('shows text as text', () => {
  show({ text: '<img src=x onerror=alert(1)> <b>bold</b>' });
  expect(screen.getByTestId('message').textContent).toContain('<b>bold</b>');
  expect(screen.queryByRole('img')).toBeNull();
});

it.each(['שלום, מה נשמע?', 'مرحبا', 'hello'])('lets %s run its own way', (text) => {
  show({ text, answers: { id: 'm0', seq: 1, senderName: 'דנה', text: 'لماذا' } });
  const ways = [text, 'דנה', 'لماذا', 'Ann'].map((words) =>
    screen.getByText(words).getAttribute('dir'),
  );
  expect(ways).toEqual(['auto', 'auto', 'auto', 'auto']);
  const name = screen.getByRole('button', { name: /^Answers/ }).getAttribute('aria-label');
  expect(name).toBe('Answers \u2068דנה\u2069. Show what');
});

it.each([
  ['owner', 'Owner'],
  ['resemblesModerator', 'Not the moderator of this name'],
] as const)('says beside the name that someone is %s', (sender, words) => {
  const senders = new Map([['ann', sender]]);
  const { rerender } = render(
    <SenderBadgesContext value={new Map()}>{groupOf({ text: 'a' })}</SenderBadgesContext>,
  );
  expect(screen.queryByText(words)).toBeNull();
  rerender(<SenderBadgesContext value={senders}>{groupOf({ text: 'a' })}</SenderBadgesContext>);
  expect(screen.queryByText(words)).not.toBeNull();
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

it('shows who chose an emoji, and takes one back', async () => {
  const reactions = [{ emoji: '👍', userIds: ['ben', 'me'] }];
  show({ text: 'hello', reactions, message: message(1, { reactions }) });
  await userEvent.click(screen.getByRole('button', { name: '👍 by BEN, you', pressed: true }));
  expect(react).toHaveBeenCalledWith('m1', '👍', false);
});

describe('the menu', () => {
  beforeEach(() =>
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe = vi.fn();
        disconnect = vi.fn();
      },
    ),
  );
  afterEach(() => vi.unstubAllGlobals());
  const open = () => userEvent.click(screen.getByRole('button', { name: /actions$/ }));
  const offers = (name: RegExp) => screen.queryByRole('button', { name }) !== null;

  it('lets a member answer, but neither edit, delete nor pin what others wrote', async () => {
    show({ text: 'hello', message: message(1) });
    await open();
    expect([/^Reply/, /^Edit/, /^Delete/, /^Pin/].map(offers)).toEqual([true, false, false, false]);
  });

  it('lets one edit and delete what is one’s own', async () => {
    show({ text: 'hello', message: message(1, { senderId: 'me' }) });
    await open();
    expect([/^Edit/, /^Delete/, /^Pin/].map(offers)).toEqual([true, true, false]);
  });

  it('lets moderators delete and pin, yet never edit', async () => {
    roomInfo.setState({ you: { role: 'mod' } });
    show({ text: 'hello', message: message(1) });
    await open();
    expect([/^Edit/, /^Delete/, /^Pin/].map(offers)).toEqual([false, true, true]);
  });
});

it('says that something was here', () => {
  show({ deleted: true, message: message(1, { deleted: true, text: '' }) });
  expect(screen.getByTestId('message').textContent).toBe('Message deleted');
});
