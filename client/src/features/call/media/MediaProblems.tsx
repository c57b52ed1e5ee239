import { useStore } from 'zustand';
import { Notice } from '../../../ui';
import type { LocalMedia } from './localMedia';
import {
  deviceProblemMessage,
  deviceReplacedMessage,
  type DeviceKind,
  type DeviceProblem,
} from './deviceProblems';
import type { CaptureState } from './captureSource';

/** Said of both devices in one sentence. */
const ALIKE: ReadonlySet<DeviceProblem> = new Set(['blocked', 'blockedBySystem', 'absent']);

/** What keeps one from being heard and seen, and what to do about it; said once if it is the same. */
export function MediaProblems({ media }: { media: LocalMedia }) {
  const mic = useStore(media.state, (state) => state.mic);
  const camera = useStore(media.state, (state) => state.camera);
  if (mic.problem === 'insecure') {
    return <Notice>{deviceProblemMessage('insecure', 'microphone')}</Notice>;
  }
  if (mic.problem !== undefined && mic.problem === camera.problem && ALIKE.has(mic.problem)) {
    return <Notice>{deviceProblemMessage(mic.problem, 'microphone and camera')}</Notice>;
  }
  return (
    <>
      <SourceProblem source={mic} device="microphone" />
      <SourceProblem source={camera} device="camera" />
    </>
  );
}

function SourceProblem({ source, device }: { source: CaptureState; device: DeviceKind }) {
  const { problem, replaced, track } = source;
  if (problem) return <Notice>{deviceProblemMessage(problem, device)}</Notice>;
  return replaced && track && <Notice>{deviceReplacedMessage(device, track.label)}</Notice>;
}
