import { useState } from 'react';
import { Activity } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, Checkbox, Dialog } from '../../ui';
import styles from './CallControls.module.css';
import { ConnectionTest } from './prejoin/ConnectionTest';
import { DeviceSelects } from './media/DeviceSelects';
import { CALL_SHORTCUTS } from './shortcuts';
import { LevelMeter } from './media/LevelMeter';
import type { LocalMedia } from './media/localMedia';
import { MediaProblems } from './media/MediaProblems';

/** Which devices, and how they and the call are used. */
export function DevicesDialog({ media, onClose }: { media: LocalMedia; onClose: () => void }) {
  const { noiseSuppression, relayOnly, shortcuts } = useStore(media.state, (it) => it.preferences);
  const [testing, setTesting] = useState(false);
  if (testing) return <ConnectionTest media={media} onClose={() => setTesting(false)} />;
  return (
    <Dialog title="Devices" onClose={onClose}>
      <div className={styles.devices}>
        <MediaProblems media={media} />
        <DeviceSelects media={media} />
        <p className={styles.heard}>
          How loud you are <LevelMeter media={media} />
        </p>
        <Checkbox
          label="Take noise out of my microphone"
          hint="Turn it off to play an instrument."
          checked={noiseSuppression}
          onChange={(on) => media.suppressNoise(on)}
        />
        <Checkbox
          label="Connect by the relay only"
          hint="The others do not see your network address. It may be slower."
          checked={relayOnly}
          onChange={(on) => media.useRelayOnly(on)}
        />
        <Checkbox
          label="Keyboard shortcuts"
          hint="While you are not writing."
          checked={shortcuts}
          onChange={(on) => media.useShortcuts(on)}
        />
        {shortcuts && (
          <dl className={styles.keys}>
            {CALL_SHORTCUTS.map(({ key, words }) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        )}
        <Button look="outline" onClick={() => setTesting(true)}>
          <Activity size={18} aria-hidden /> Test the connection
        </Button>
      </div>
    </Dialog>
  );
}
