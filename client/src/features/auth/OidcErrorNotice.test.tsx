import { cleanup, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { oidcErrorMessage } from './oidcError';
import { OidcErrorNotice } from './OidcErrorNotice';

const open = (address: string) => {
  history.replaceState(null, '', address);
  return render(<OidcErrorNotice />, { wrapper: StrictMode });
};
const address = () => location.pathname + location.search;

afterEach(cleanup);

it('goes on saying it when the address says it no more, until the page is opened again', () => {
  const entries = history.length;
  open('/sign-in?error=expired&next=%2Flobby');
  expect(screen.getByRole('alert').textContent).toBe(oidcErrorMessage('expired'));
  expect(address()).toBe('/sign-in?next=%2Flobby');
  expect(history.length).toBe(entries);
  cleanup();
  open(address());
  expect(screen.queryByRole('alert')).toBeNull();
});

it('says nothing to those who just come', () => {
  open('/sign-in?next=%2Flobby');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(address()).toBe('/sign-in?next=%2Flobby');
});
