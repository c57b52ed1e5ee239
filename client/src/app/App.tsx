import { useEffect } from 'react';
import { Redirect, Route, Switch, useRoute, useSearch } from 'wouter';
import { refreshOnReturn, ReplacedNotice, useSession, useSwitchUser } from '../features/auth';
import { forgetRooms } from '../features/rooms';
import { LoadingScreen } from '../ui';
import { CardPage } from './CardPage';
import { LandingPage } from './LandingPage';
import { LobbyPage } from './LobbyPage';
import { NotFoundPage } from './NotFoundPage';
import { withNext } from './next';
import { RoomPage } from './room/RoomPage';
import { SignPage } from './SignPage';

export function App() {
  const session = useSession();
  const [isRoom] = useRoute('/r/:ref');
  const search = useSearch();
  // A room asks first.
  useSwitchUser(!isRoom);
  useEffect(refreshOnReturn, []);
  useEffect(() => {
    if (session.phase === 'signedOut') forgetRooms();
  }, [session.phase]);

  if (session.phase === 'unknown') {
    return (
      <LoadingScreen>
        {session.trouble ? 'The server does not answer. Trying again…' : 'One moment…'}
      </LoadingScreen>
    );
  }
  if (session.phase === 'replaced') {
    return (
      <CardPage title="You are someone else now">
        <ReplacedNotice user={session.user} other={session.other} />
      </CardPage>
    );
  }
  const user = session.phase === 'signedIn' ? session.user : null;
  return (
    <Switch>
      <Route path="/">{user ? <Redirect to="/lobby" replace /> : <LandingPage />}</Route>
      <Route path="/sign-in">
        <SignPage way="in" />
      </Route>
      <Route path="/sign-up">
        <SignPage way="up" />
      </Route>
      <Route path="/lobby">
        {user ? (
          <LobbyPage user={user} />
        ) : (
          <Redirect
            to={withNext('/sign-in', search === '' ? '/lobby' : `/lobby?${search}`)}
            replace
          />
        )}
      </Route>
      <Route path="/r/:ref">
        {({ ref }) => <RoomPage key={user?.userId ?? ''} roomRef={ref} user={user} />}
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
