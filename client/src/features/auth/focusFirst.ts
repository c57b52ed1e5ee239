import type { Wrong } from './check';

/** Puts the focus on the first field that is wrong; false when none is. */
export function focusFirst(form: HTMLFormElement, wrong: Wrong): boolean {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && wrong[element.name as keyof Wrong]) {
      element.focus();
      return true;
    }
  }
  return false;
}
