import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Notice } from '../../ui';
import { oidcErrorMessage, withoutErrorCode } from './oidcError';

/** Says why the sign-in failed, until the page is left or reloaded. */
export function OidcErrorNotice() {
  const search = useSearch();
  const [path, go] = useLocation();
  const [problem] = useState(() => oidcErrorMessage(new URLSearchParams(search).get('error')));
  useEffect(() => {
    // A reload would show it again.
    if (new URLSearchParams(search).has('error'))
      go(path + withoutErrorCode(search), { replace: true });
  }, [search, path, go]);
  return problem && <Notice kind="wrong">{problem}</Notice>;
}
