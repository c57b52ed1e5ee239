import { useEffect, useState } from 'react';
import { Activity } from 'lucide-react';
import { useStore } from 'zustand';
import { Avatar, Button, Field, Notice } from '../../../ui';
import { ConnectionTest } from './ConnectionTest';
import { DeviceSelects } from '../media/DeviceSelects';
import { LevelMeter } from '../media/LevelMeter';
import type { LocalMedia } from '../media/localMedia';
import { MediaProblems } from '../media/MediaProblems';
import { MediaToggles } from '../media/MediaToggles';
import styles from './PreJoin.module.css';
import { Video } from '../tiles/Video';

/** The mirror before the door. One can come in whatever the devices do. */
export function PreJoin({
  media,
  onJoin,
  defaultName,
  picture,
  title,
  busy = false,
  error,
}: {
  media: LocalMedia;
  onJoin: (name: string) => void;
  defaultName: string;
  /** Where one's picture is. */
  picture?: string | undefined;
  title: string;
  busy?: boolean;
  error?: string | undefined;
}) {
  const [name, setName] = useState(defaultName);
  const [missing, setMissing] = useState(false);
  const [testing, setTesting] = useState(false);
  useEffect(() => media.start(), [media]);

  return (
    <main className={styles.page}>
      <Mirror media={media} name={name} picture={picture} />
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const given = name.trim();
          setMissing(given === '');
          if (given !== '') onJoin(given);
        }}
      >
        <header>
          <p className={styles.over}>Before you come in</p>
          <h1 className={styles.title} dir="auto">
            {title}
          </h1>
        </header>
        {error !== undefined && <Notice kind="wrong">{error}</Notice>}
        <Field
          label="Your name"
          value={name}
          maxLength={60}
          autoComplete="nickname"
          required
          error={missing ? 'Tell the others what to call you.' : undefined}
          onChange={(event) => {
            setName(event.target.value);
            setMissing(false);
          }}
        />
        <DeviceSelects media={media} />
        <MediaProblems media={media} />
        <Button type="submit" size="lg" busy={busy}>
          Join room
        </Button>
        <Button look="quiet" onClick={() => setTesting(true)}>
          <Activity size={18} aria-hidden /> Test the connection
        </Button>
      </form>
      {testing && <ConnectionTest media={media} onClose={() => setTesting(false)} />}
    </main>
  );
}

function Mirror({
  media,
  name,
  picture,
}: {
  media: LocalMedia;
  name: string;
  picture: string | undefined;
}) {
  const { camera, mic } = useStore(media.state);
  return (
    <section className={styles.mirror} aria-label="How the others will see you">
      {camera.track ? (
        <Video track={camera.track} className={styles.video} data-testid="preview-video" />
      ) : (
        <div className={styles.face}>
          <Avatar name={name} seed={name} size={104} picture={picture} />
          <p>{camera.starting ? 'Your camera starts…' : 'Your camera is off'}</p>
        </div>
      )}
      <div className={styles.controls}>
        <MediaToggles media={media} />
      </div>
      <div className={styles.meter} data-on={mic.on}>
        <LevelMeter media={media} />
        <span>{mic.on ? 'Say something' : 'Muted'}</span>
      </div>
    </section>
  );
}
