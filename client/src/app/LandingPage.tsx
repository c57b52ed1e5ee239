import type { ReactNode } from 'react';
import { MessageSquareText, PenLine, Server, Video } from 'lucide-react';
import { Link } from 'wouter';
import { JoinByCode } from '../features/rooms';
import { buttonClass, ThemeMenu } from '../ui';
import { Brand } from './Brand';
import { LandingPicture } from './LandingPicture';
import styles from './LandingPage.module.css';
import { NEW_ROOM, withNext } from './next';
import { usePageTitle } from './pageTitle';

export function LandingPage() {
  usePageTitle('');
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Brand />
        <nav className={styles.nav} aria-label="Account">
          <ThemeMenu />
          <Link href="/sign-in" className={buttonClass('quiet')}>
            Sign in
          </Link>
          <Link href="/sign-up" className={buttonClass('outline')}>
            Sign up
          </Link>
        </nav>
      </header>

      <main>
        <section className={styles.hero}>
          <div className={styles.words}>
            <h1 className={styles.title}>
              A quiet room,
              <br />
              and good company.
            </h1>
            <p className={styles.lead}>
              Open a link and study together: see and hear each other, think on one whiteboard,
              write it down in the chat. Close the laptop, come back tomorrow, and all of it is
              still there.
            </p>
            <div className={styles.actions}>
              <Link href={withNext('/sign-up', NEW_ROOM)} className={buttonClass('primary', 'lg')}>
                Open a room
              </Link>
            </div>
            <div className={styles.join}>
              <p>Someone gave you a code?</p>
              <JoinByCode />
            </div>
          </div>
          <LandingPicture />
        </section>

        <section className={styles.facts} aria-label="What is in a room">
          <Fact icon={<Video size={22} aria-hidden />} title="Faces, not meetings">
            Video and voice go straight from one to the other. Check camera and microphone before
            anyone sees you.
          </Fact>
          <Fact icon={<PenLine size={22} aria-hidden />} title="One whiteboard">
            Everyone draws at once. Undo takes back your own strokes, never somebody else’s.
          </Fact>
          <Fact icon={<MessageSquareText size={22} aria-hidden />} title="A chat that remembers">
            Nothing lost, nothing twice, also when the train goes through a tunnel.
          </Fact>
          <Fact icon={<Server size={22} aria-hidden />} title="On your own server">
            One program to run for a study group, a class or a school. No third party listens in.
          </Fact>
        </section>
      </main>
      <footer className={styles.footer}>StudyRooms is free software under the MIT licence.</footer>
    </div>
  );
}

function Fact({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <span className={styles.icon}>{icon}</span>
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}
