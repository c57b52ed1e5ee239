import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  loadMediaPreferences,
  saveMediaPreferences,
  type MediaPreferences,
} from './mediaPreferences';
import {
  cameraConstraints,
  listDevices,
  mediaDevices,
  micConstraints,
  NO_DEVICES,
  type Devices,
} from './devices';
import { createMeter, type Meter } from './meter';
import type { DeviceProblem } from './deviceProblems';
import { createScreenShare } from './screenShare';
import {
  createCaptureSource,
  CAPTURE_OFF,
  type CaptureSource,
  type CaptureState,
} from './captureSource';

export interface LocalMediaState {
  readonly mic: CaptureState;
  readonly camera: CaptureState;
  readonly screen: MediaStreamTrack | null;
  /** Why the screen was not shared; another object is news. */
  readonly screenProblem: { readonly problem: DeviceProblem } | undefined;
  readonly devices: Devices;
  readonly preferences: MediaPreferences;
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
    mic: CAPTURE_OFF,
    camera: CAPTURE_OFF,
    screen: null,
    screenProblem: undefined,
    devices: NO_DEVICES,
    preferences: loadMediaPreferences(),
    canShare: typeof mediaDevices()?.getDisplayMedia === 'function',
  }));
  const get = state.getState;
  let started = false;
  let meter: Meter | undefined;
  let metered: MediaStreamTrack | null = null;

  const mic = createCaptureSource(
    (chosen) => ({ audio: micConstraints(get().preferences, chosen) }),
    (now) => {
      state.setState({ mic: now });
      measure(now.track);
      if (now.track) void refresh();
    },
  );
  const camera = createCaptureSource(
    (chosen) => ({ video: cameraConstraints(get().preferences, chosen) }),
    (now) => {
      state.setState({ camera: now });
      if (now.track) void refresh();
    },
  );
  const screen = createScreenShare(
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

  function updatePreferences(choices: Partial<MediaPreferences>) {
    const next = { ...get().preferences, ...choices };
    state.setState({ preferences: next });
    saveMediaPreferences(next);
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
    const { preferences } = get();
    state.setState({
      mic: { ...CAPTURE_OFF, on: true, starting: true },
      camera: { ...CAPTURE_OFF, on: true, starting: true },
    });
    const both = await devices
      .getUserMedia({
        audio: micConstraints(preferences, true),
        video: cameraConstraints(preferences, true),
      })
      .catch(() => undefined);
    const [sound] = both?.getAudioTracks() ?? [];
    const [picture] = both?.getVideoTracks() ?? [];
    if (!started) {
      sound?.stop();
      picture?.stop();
    } else if (sound && picture) {
      // Someone may have changed their mind while the browser asked.
      take(mic, sound, get().preferences.mic);
      take(camera, picture, get().preferences.camera);
    } else {
      await mic.turnOn();
      await camera.turnOn();
    }
  }

  function take(source: CaptureSource, track: MediaStreamTrack, wanted: boolean) {
    if (wanted) source.adopt(track);
    else track.stop();
  }

  return {
    state,

    start() {
      if (started) return;
      started = true;
      mediaDevices()?.addEventListener('devicechange', onDevices);
      const { preferences } = get();
      if (preferences.mic && preferences.camera) void startBoth();
      else if (preferences.mic) void mic.turnOn();
      else if (preferences.camera) void camera.turnOn();
      else if (!mediaDevices()) mic.fail('insecure');
      void refresh();
    },

    setMic(on, keep = true) {
      if (keep) updatePreferences({ mic: on });
      if (on) void mic.turnOn();
      else mic.mute();
    },

    setCamera(on, keep = true) {
      if (keep) updatePreferences({ camera: on });
      if (on) void camera.turnOn();
      else camera.turnOff();
    },

    chooseMic(id) {
      updatePreferences({ micId: id });
      void mic.restart();
    },
    chooseCamera(id) {
      updatePreferences({ cameraId: id });
      void camera.restart();
    },
    chooseSpeaker: (id) => updatePreferences({ speakerId: id }),
    suppressNoise(on) {
      updatePreferences({ noiseSuppression: on });
      void mic.restart();
    },
    useShortcuts: (on) => updatePreferences({ shortcuts: on }),
    useRelayOnly: (on) => updatePreferences({ relayOnly: on }),

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
