import { useStore } from 'zustand';
import { Notice } from '../../ui';
import type { LocalMedia } from './localMedia';
import { problemInWords } from './problems';

/** What keeps one from being heard and seen, and what to do about it; said once if it is the same. */
export function MediaProblems({ media }: { media: LocalMedia }) {
  const mic = useStore(media.state, (state) => state.mic.problem);
  const camera = useStore(media.state, (state) => state.camera.problem);
  if (mic === 'insecure') return <Notice>{problemInWords('insecure', 'microphone')}</Notice>;
  if (mic === 'blocked' && camera === 'blocked') {
    return <Notice>{problemInWords('blocked', 'microphone and camera')}</Notice>;
  }
  return (
    <>
      {mic && <Notice>{problemInWords(mic, 'microphone')}</Notice>}
      {camera && <Notice>{problemInWords(camera, 'camera')}</Notice>}
    </>
  );
}
