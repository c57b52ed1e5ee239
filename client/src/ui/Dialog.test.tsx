import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Dialog } from './Dialog';
import { Field } from './Field';

beforeEach(() => {
  // As browsers do it: the first control of the dialog has the focus.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
    this.querySelector('button')?.focus();
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(cleanup);

it('lets one type at once where it asks for a text', async () => {
  const onClose = vi.fn();
  const onSubmit = vi.fn();
  render(
    <Dialog title="A new room" onClose={onClose}>
      <form onSubmit={onSubmit}>
        <Field label="Room name" autoFocus />
        <button type="submit">Create room</button>
      </form>
    </Dialog>,
  );
  await userEvent.keyboard('Algebra{Enter}');
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Algebra');
  expect(onSubmit).toHaveBeenCalledTimes(1);
  expect(onClose).not.toHaveBeenCalled();
});
