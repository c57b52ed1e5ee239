import { useEffect, useState } from 'react';
import { CircleCheck, CircleMinus, CircleX, LoaderCircle } from 'lucide-react';
import { useStore } from 'zustand';
import { api, errorMessage } from '../../../connection';
import { Button, Dialog, Notice } from '../../../ui';
import { PROBES, testConnection, type Finding, type Findings } from './connectionTest';
import styles from './ConnectionTest.module.css';
import { conclusion, findingMessage, PROBE_LABELS } from './connectionTestMessages';
import { toRtcIceServer } from '../link/iceServers';
import type { LocalMedia } from '../media/localMedia';
import { deviceProblemMessage, type DeviceKind } from '../media/deviceProblems';
import type { CaptureState } from '../media/captureSource';
import { CANNOT_CALL, canCall } from '../link/browserSupport';

const RUNNING: Finding = { is: 'running' };
const BEGINNING: Findings = { stun: RUNNING, udp: RUNNING, tcp: RUNNING, tls: RUNNING };

/** Tries everything a call needs, and says what it means. */
export function ConnectionTest({ media, onClose }: { media: LocalMedia; onClose: () => void }) {
  const [findings, setFindings] = useState(BEGINNING);
  const [failure, setFailure] = useState<string>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!canCall()) return;
    const stop = new AbortController();
    api
      .iceServers()
      .then(({ iceServers }) =>
        testConnection(iceServers.map(toRtcIceServer), setFindings, stop.signal),
      )
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setFailure(errorMessage(error));
      });
    return () => stop.abort();
  }, [round]);

  const words = canCall() ? conclusion(findings) : CANNOT_CALL;
  return (
    <Dialog title="Connection test" onClose={onClose}>
      <ul className={styles.list}>
        <DeviceLine media={media} device="microphone" source="mic" />
        <DeviceLine media={media} device="camera" source="camera" />
        {failure === undefined &&
          canCall() &&
          PROBES.map((probe) => (
            <Line
              key={probe}
              mark={findings[probe].is}
              name={PROBE_LABELS[probe]}
              words={findingMessage(probe, findings[probe])}
            />
          ))}
      </ul>
      <div role="status">
        {failure !== undefined && <Notice>The server does not answer: {failure}</Notice>}
        {failure === undefined && words && <Notice>{words}</Notice>}
      </div>
      <Button
        look="outline"
        busy={failure === undefined && words === undefined}
        onClick={() => {
          setFindings(BEGINNING);
          setFailure(undefined);
          setRound(round + 1);
        }}
      >
        Test again
      </Button>
    </Dialog>
  );
}

function DeviceLine({
  media,
  device,
  source,
}: {
  media: LocalMedia;
  device: Exclude<DeviceKind, 'microphone and camera'>;
  source: 'mic' | 'camera';
}) {
  const state = useStore(media.state, (it) => it[source]);
  const { mark, words } = deviceFinding(state, device);
  return <Line mark={mark} name={device === 'camera' ? 'Camera' : 'Microphone'} words={words} />;
}

function deviceFinding(
  { problem, starting, track }: CaptureState,
  device: DeviceKind,
): { mark: Finding['is']; words: string } {
  if (problem) return { mark: 'silent', words: deviceProblemMessage(problem, device) };
  if (starting) return { mark: 'running', words: 'Starting…' };
  if (track) return { mark: 'works', words: track.label || 'Works' };
  return { mark: 'absent', words: 'Off: turn it on to test it' };
}

const MARKS = {
  running: LoaderCircle,
  works: CircleCheck,
  absent: CircleMinus,
  refused: CircleX,
  barred: CircleX,
  silent: CircleX,
};

function Line({ mark, name, words }: { mark: Finding['is']; name: string; words: string }) {
  const Icon = MARKS[mark];
  return (
    <li className={styles.line} data-mark={mark}>
      <Icon size={20} aria-hidden />
      <span>
        <bdi>{name}</bdi>
      </span>
      <span className={styles.words}>{words}</span>
    </li>
  );
}
