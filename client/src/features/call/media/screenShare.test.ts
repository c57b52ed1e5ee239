import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createScreenShare } from './screenShare';

const getDisplayMedia = vi.fn<() => Promise<unknown>>();
const refused = (name: string, message: string) => new DOMException(message, name);
const picture = () => ({ stop: vi.fn(), contentHint: '', onended: null });

beforeEach(() => vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia } }));
afterEach(() => {
  vi.unstubAllGlobals();
  getDisplayMedia.mockReset();
});

it.each([
  [refused('NotAllowedError', 'Permission denied by system'), 'blockedBySystem'],
  [refused('NotReadableError', 'Could not start video source'), 'inUse'],
  [refused('NotFoundError', 'Requested device not found'), 'absent'],
  [refused('InvalidStateError', ''), 'unknown'],
])('says that %s is no change of mind', async (error, problem) => {
  const failed = vi.fn();
  getDisplayMedia.mockRejectedValue(error);
  await createScreenShare(() => undefined, failed).share();
  expect(failed).toHaveBeenCalledWith(problem);
});

it('says nothing when someone chooses none of the screens', async () => {
  const failed = vi.fn();
  getDisplayMedia.mockRejectedValue(refused('NotAllowedError', 'Permission denied'));
  await createScreenShare(() => undefined, failed).share();
  expect(failed).not.toHaveBeenCalled();
});

it('gives back a screen that is chosen after one has left', async () => {
  const track = picture();
  let choose: (stream: unknown) => void = () => undefined;
  getDisplayMedia.mockReturnValue(new Promise((resolve) => (choose = resolve)));
  const set = vi.fn();
  const screen = createScreenShare(set, vi.fn());
  const sharing = screen.share();
  screen.stop();
  choose({ getVideoTracks: () => [track] });
  await sharing;
  expect(track.stop).toHaveBeenCalled();
  expect(set).not.toHaveBeenCalled();
});
