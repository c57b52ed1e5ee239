import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCaptureSource, CAPTURE_OFF, type CaptureState } from './captureSource';

interface FakeTrack {
  enabled: boolean;
  onended: (() => void) | null;
  stop: () => void;
}

let given: FakeTrack[];
let answer: (wanted: object) => Promise<MediaStream>;

function track(): FakeTrack {
  const it = { enabled: true, onended: null, stop: vi.fn() };
  given.push(it);
  return it;
}

beforeEach(() => {
  given = [];
  answer = () => {
    const tracks = [track()];
    return Promise.resolve({ getTracks: () => tracks } as unknown as MediaStream);
  };
  vi.stubGlobal('navigator', {
    mediaDevices: { getUserMedia: (wanted: object) => answer(wanted) },
  });
});
afterEach(() => vi.unstubAllGlobals());

function setup() {
  let state: CaptureState = CAPTURE_OFF;
  const source = createCaptureSource(
    (chosen) => ({ audio: chosen ? { deviceId: { exact: 'mine' } } : true }),
    (now) => (state = now),
  );
  return { source, state: () => state };
}

test('a device is taken when it is turned on and given back when it is turned off', async () => {
  const { source, state } = setup();
  await source.turnOn();
  expect(state()).toMatchObject({ on: true, starting: false });
  source.turnOff();
  expect(given[0]?.stop).toHaveBeenCalled();
  expect(state()).toMatchObject({ on: false, track: null });
});

test('a muted microphone stays muted when another one is chosen', async () => {
  const { source, state } = setup();
  await source.turnOn();
  source.mute();
  await source.restart();
  expect(given[1]?.enabled).toBe(false);
  expect(state().on).toBe(false);
  await source.turnOn();
  expect(given[1]?.enabled).toBe(true);
  expect(given).toHaveLength(2);
});

test('a device that comes after it was turned off again is given back', async () => {
  const { source, state } = setup();
  const coming = source.turnOn();
  source.turnOff();
  await coming;
  expect(given[0]?.stop).toHaveBeenCalled();
  expect(state()).toMatchObject({ on: false, track: null });
});

test('a device that was left at home is not waited for', async () => {
  const { source, state } = setup();
  const any = answer;
  const asked: object[] = [];
  answer = (wanted) => {
    asked.push(wanted);
    // Unlike others it is no DOMException.
    const missing = Object.assign(new Error(), { name: 'OverconstrainedError' });
    return asked.length === 1 ? Promise.reject(missing) : any(wanted);
  };
  await source.turnOn();
  expect(asked).toEqual([{ audio: { deviceId: { exact: 'mine' } } }, { audio: true }]);
  expect(state()).toMatchObject({ on: true, problem: undefined, replaced: false });
});

test('a blocked device says so and is off', async () => {
  const { source, state } = setup();
  answer = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  await source.turnOn();
  expect(state()).toMatchObject({ on: false, problem: 'blocked' });
});

test('while one device takes the place of another it counts as on, and nothing else does', async () => {
  const { source, state } = setup();
  const starting = source.turnOn();
  expect(state()).toMatchObject({ starting: true, changing: false });
  await starting;
  const changing = source.restart();
  expect(state()).toMatchObject({ on: true, track: null, changing: true });
  await changing;
  expect(state()).toMatchObject({ on: true, changing: false, replaced: false, failures: 0 });
  answer = () => Promise.reject(new DOMException('', 'NotReadableError'));
  await source.restart();
  expect(state()).toMatchObject({ on: false, changing: false, problem: 'inUse' });
});

test('an unplugged device is replaced by another one, or is told to be lost', async () => {
  const { source, state } = setup();
  await source.turnOn();
  given[0]?.onended?.();
  await vi.waitFor(() => expect(state()).toMatchObject({ on: true, replaced: true, failures: 1 }));
  expect(given).toHaveLength(2);
  answer = () => Promise.reject(new DOMException('', 'NotFoundError'));
  given[1]?.onended?.();
  await vi.waitFor(() => expect(state()).toMatchObject({ on: false, problem: 'lost' }));
});

test('over plain HTTP it says that the page is insecure', async () => {
  vi.stubGlobal('navigator', {});
  const { source, state } = setup();
  await source.turnOn();
  expect(state()).toMatchObject({ on: false, problem: 'insecure' });
});
