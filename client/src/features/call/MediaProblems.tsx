import { useStore } from 'zustand';
import { Notice } from '../../ui';
import type { LocalMedia } from './localMedia';
import { problemInWords, replacedInWords, type Device, type Problem } from './problems';
import type { SourceState } from './source';

/** Said of both devices in one sentence. */
const ALIKE: ReadonlySet<Problem> = new Set(['blocked', 'blockedBySystem', 'absent']);

/** What keeps one from being heard and seen, and what to do about it; said once if it is the same. */
export function MediaProblems({ media }: { media: LocalMedia }) {
  const mic = useStore(media.state, (state) => state.mic);
  const camera = useStore(media.state, (state) => state.camera);
  if (mic.problem === 'insecure') {
    return <Notice>{problemInWords('insecure', 'microphone')}</Notice>;
  }
  if (mic.problem !== undefined && mic.problem === camera.problem && ALIKE.has(mic.problem)) {
    return <Notice>{problemInWords(mic.problem, 'microphone and camera')}</Notice>;
  }
  return (
    <>
      <SourceProblem source={mic} device="microphone" />
      <SourceProblem source={camera} device="camera" />
    </>
  );
}

function SourceProblem({ source, device }: { source: SourceState; device: Device }) {
  const { problem, replaced, track } = source;
  if (problem) return <Notice>{problemInWords(problem, device)}</Notice>;
  return replaced && track && <Notice>{replacedInWords(device, track.label)}</Notice>;
}
