import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TabPanel, Tabs } from './Tabs';

const tabs = [
  { id: 'a', label: 'Apples', count: 2, countOf: 'unread' },
  { id: 'b', label: 'Pears' },
] as const;

function Example() {
  const [chosen, choose] = useState<'a' | 'b'>('a');
  return (
    <>
      <Tabs label="Fruit" tabs={tabs} chosen={chosen} onChoose={choose} idPrefix="fruit" />
      <TabPanel id="a" chosen={chosen} idPrefix="fruit">
        red
      </TabPanel>
      <TabPanel id="b" chosen={chosen} idPrefix="fruit">
        green
      </TabPanel>
    </>
  );
}

beforeEach(() => void render(<Example />));
afterEach(cleanup);

it('tells the count beside the name', () => {
  const tab = screen.getByRole('tab', { name: 'Apples' });
  // What one reads is what it is called; the count is drawn beside it.
  expect(tab.textContent).toBe('Apples');
  expect(tab.querySelector('[data-count="2"]')).not.toBeNull();
  expect(tab.getAttribute('aria-description')).toBe('2 unread');
});

it('is one stop for Tab, and moves by the arrows, around the ends', async () => {
  await userEvent.tab();
  await userEvent.keyboard('{ArrowLeft}');
  expect(screen.getByRole('tabpanel').textContent).toBe('green');
  expect(document.activeElement?.textContent).toBe('Pears');
  await userEvent.keyboard('{ArrowRight}');
  expect(screen.getByRole('tabpanel').textContent).toBe('red');
});
