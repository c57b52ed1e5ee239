import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { DropZone } from './DropZone';
import type { Files } from './files';

const addGiven = vi.fn();
const files = { uploads: { addGiven } } as unknown as Files;
const picture = new File(['x'], 'image.png', { type: 'image/png' });

function paste(texts: Record<string, string>) {
  render(
    <DropZone files={files}>
      <textarea />
    </DropZone>,
  );
  const clipboardData = {
    types: [...Object.keys(texts), 'Files'],
    getData: (type: string) => texts[type] ?? '',
    files: [picture],
    items: [{ kind: 'file', getAsFile: () => picture }],
  };
  // False when the page took it from the field.
  return fireEvent.paste(screen.getByRole('textbox'), { clipboardData });
}

afterEach(() => {
  cleanup();
  addGiven.mockReset();
});

it('leaves cells of a spreadsheet to the field, whatever picture of them comes along', () => {
  expect(paste({ 'text/plain': 'a\tb', 'text/html': '<table>' })).toBe(true);
  expect(addGiven).not.toHaveBeenCalled();
});

it('shares a picture that is pasted', () => {
  expect(paste({ 'text/html': '<img>' })).toBe(false);
  expect(addGiven).toHaveBeenCalledWith({ files: [picture], folders: [] });
});
