import { Link } from 'wouter';
import { buttonClass } from '../ui';
import { CardPage } from './CardPage';
import { usePageTitle } from './pageTitle';

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <CardPage title="Nothing on this shelf">
      <p>The address leads nowhere. Perhaps a letter got lost on the way.</p>
      <Link href="/" className={buttonClass('outline')}>
        To the start
      </Link>
    </CardPage>
  );
}
