import { createStore, type StoreApi } from 'zustand/vanilla';
import { loadChoices, saveChoices, type Choices } from './choices';
import {
  cameraConstraints,
  listDevices,
  mediaDevices,
  micConstraints,
  NO_DEVICES,
  type Devices,
} from './devices';
import { createMeter, type Meter } from './meter';
import type { Problem } from './problems';
import { createScreen } from './screen';
import { createSource, NO_SOURCE, type Source, type SourceState } from './source';

export interface LocalMediaState {
  readonly mic: SourceState;
  readonly camera: SourceState;
  readonly screen: MediaStreamTrack | null;
  /** Why the screen was not shared; another object is news. */
  readonly screenProblem: { readonly problem: Problem } | undefined;
  readonly devices: Devices;
  readonly choices: Choices;
  readonly canShare: boolean;
}

/** One's own microphone, camera and screen. */
export interface LocalMedia {
  readonly state: StoreApi<LocalMediaState>;
  /** Asks for what was on last time; once, until it is disposed of. */
  start(): void;
  /** `keep`: whether it is also what the person wants next time. */
  setMic(on: boolean, keep?: boolean): void;
  setCamera(on: boolean, keep?: boolean): void;
  chooseMic(id: string): void;
  chooseCamera(id: string): void;
  chooseSpeaker(id: string): void;
  suppressNoise(on: boolean): void;
  useShortcuts(on: boolean): void;
  useRelayOnly(on: boolean): void;
  shareScreen(): void;
  stopSharing(): void;
  /** How loud one is at this moment, 0 to 1; 0 while muted. */
  level(): number;
  /** How loud one is although muted; undefined while the microphone is on, or given back. */
  unheardLevel(): number | undefined;
  /** Gives all devices back. */
  dispose(): void;
}

export function createLocalMedia(): LocalMedia {
  const state = createStore<LocalMediaState>(() => ({
    mic: NO_SOURCE,
    camera: NO_SOURCE,
    screen: null,
    screenProblem: undefined,
    devices: NO_DEVICES,
    choices: loadChoices(),
    canShare: typeof mediaDevices()?.getDisplayMedia === 'function',
  }));
  const get = state.getState;
  let started = false;
  let meter: Meter | undefined;
  let metered: MediaStreamTrack | null = null;

  const mic = createSource(
    (chosen) => ({ audio: micConstraints(get().choices, chosen) }),
    (now) => {
      state.setState({ mic: now });
      measure(now.track);
      if (now.track) void refresh();
    },
  );
  const camera = createSource(
    (chosen) => ({ video: cameraConstraints(get().choices, chosen) }),
    (now) => {
      state.setState({ camera: now });
      if (now.track) void refresh();
    },
  );
  const screen = createScreen(
    (track) => state.setState({ screen: track, screenProblem: undefined }),
    (problem) => state.setState({ screenProblem: { problem } }),
  );

  function measure(track: MediaStreamTrack | null) {
    if (track === metered) return;
    meter?.dispose();
    metered = track;
    // A copy, which hears on while the track itself sends silence: nothing of it leaves this machine.
    meter = track ? createMeter(track.clone()) : undefined;
  }

  function choose(choices: Partial<Choices>) {
    const next = { ...get().choices, ...choices };
    state.setState({ choices: next });
    saveChoices(next);
  }

  async function refresh() {
    state.setState({ devices: await listDevices() });
  }
  const onDevices = () => void refresh();

  /** One question for both, where both are wanted; apart only to learn which one fails. */
  async function startBoth() {
    const devices = mediaDevices();
    if (!devices) {
      mic.fail('insecure');
      camera.fail('insecure');
      return;
    }
    const { choices } = get();
    state.setState({
      mic: { ...NO_SOURCE, on: true, starting: true },
      camera: { ...NO_SOURCE, on: true, starting: true },
    });
    const both = await devices
      .getUserMedia({
        audio: micConstraints(choices, true),
        video: cameraConstraints(choices, true),
      })
      .catch(() => undefined);
    const [sound] = both?.getAudioTracks() ?? [];
    const [picture] = both?.getVideoTracks() ?? [];
    if (!started) {
      sound?.stop();
      picture?.stop();
    } else if (sound && picture) {
      // Someone may have changed their mind while the browser asked.
      take(mic, sound, get().choices.mic);
      take(camera, picture, get().choices.camera);
    } else {
      await mic.turnOn();
      await camera.turnOn();
    }
  }

  function take(source: Source, track: MediaStreamTrack, wanted: boolean) {
    if (wanted) source.adopt(track);
    else track.stop();
  }

  return {
    state,

    start() {
      if (started) return;
      started = true;
      mediaDevices()?.addEventListener('devicechange', onDevices);
      const { choices } = get();
      if (choices.mic && choices.camera) void startBoth();
      else if (choices.mic) void mic.turnOn();
      else if (choices.camera) void camera.turnOn();
      else if (!mediaDevices()) mic.fail('insecure');
      void refresh();
    },

    setMic(on, keep = true) {
      if (keep) choose({ mic: on });
      if (on) void mic.turnOn();
      else mic.mute();
    },

    setCamera(on, keep = true) {
      if (keep) choose({ camera: on });
      if (on) void camera.turnOn();
      else camera.turnOff();
    },

    chooseMic(id) {
      choose({ micId: id });
      void mic.restart();
    },
    chooseCamera(id) {
      choose({ cameraId: id });
      void camera.restart();
    },
    chooseSpeaker: (id) => choose({ speakerId: id }),
    suppressNoise(on) {
      choose({ noiseSuppression: on });
      void mic.restart();
    },
    useShortcuts: (on) => choose({ shortcuts: on }),
    useRelayOnly: (on) => choose({ relayOnly: on }),

    shareScreen: () => void screen.share(),
    stopSharing: () => screen.stop(),

    unheardLevel: () => (get().mic.on ? undefined : meter?.level()),
    level: () => (get().mic.on ? (meter?.level() ?? 0) : 0),

    dispose() {
      started = false;
      mediaDevices()?.removeEventListener('devicechange', onDevices);
      mic.turnOff();
      camera.turnOff();
      screen.stop();
    },
  };
}
