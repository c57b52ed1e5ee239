import type { FieldErrors } from './validation';

/** Puts the focus on the first field that is wrong; false when none is. */
export function focusFirstInvalid(form: HTMLFormElement, wrong: FieldErrors): boolean {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && wrong[element.name as keyof FieldErrors]) {
      element.focus();
      return true;
    }
  }
  return false;
}
