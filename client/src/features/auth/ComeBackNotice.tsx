import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Notice } from '../../ui';
import { comeBackWords, withoutCode } from './comeBack';

/** Says why one is not signed in, until one leaves or reloads the page. */
export function ComeBackNotice() {
  const search = useSearch();
  const [path, go] = useLocation();
  const [problem] = useState(() => comeBackWords(new URLSearchParams(search).get('error')));
  useEffect(() => {
    // The address would say it again.
    if (new URLSearchParams(search).has('error')) go(path + withoutCode(search), { replace: true });
  }, [search, path, go]);
  return problem && <Notice kind="wrong">{problem}</Notice>;
}
