import { preferCodecs } from './codecs';
import type { Encoding } from '../stats/quality';
import { NO_TRACKS, SLOTS, type Slot, type Tracks } from './transport';

/**
 * The three transceivers of a connection, in the order of its m-lines: sound, camera, screen. They
 * are negotiated once; what changes later is the track each sends, and whether the receiver takes it.
 */
export type Transceivers = Readonly<Partial<Record<Slot, RTCRtpTransceiver>>>;

/** For the side that makes the first offer. */
export function addTransceivers(pc: RTCPeerConnection): Transceivers {
  // One stream, so that the receiver keeps lips and voice together.
  const streams = [new MediaStream()];
  return prepared({
    audio: pc.addTransceiver('audio', { direction: 'sendrecv', streams }),
    camera: pc.addTransceiver('video', { direction: 'sendrecv', streams }),
    screen: pc.addTransceiver('video', { direction: 'sendrecv' }),
  });
}

/** For the other side: the ones of the offer. Other clients may offer fewer. */
export function adoptTransceivers(pc: RTCPeerConnection): Transceivers {
  const offered = pc.getTransceivers();
  const [audio] = offered.filter((one) => one.receiver.track.kind === 'audio');
  const [camera, screen] = offered.filter((one) => one.receiver.track.kind === 'video');
  const face = new MediaStream();
  audio?.sender.setStreams(face);
  camera?.sender.setStreams(face);
  return prepared({
    ...(audio && { audio }),
    ...(camera && { camera }),
    ...(screen && { screen }),
  });
}

function prepared(transceivers: Transceivers): Transceivers {
  for (const slot of SLOTS) {
    const transceiver = transceivers[slot];
    if (transceiver) preferCodecs(slot, transceiver);
  }
  return transceivers;
}

/** Receives all but the rejected ones, from the next description on. */
export function setDirections(transceivers: Transceivers, refused: ReadonlySet<Slot>): void {
  for (const slot of SLOTS) {
    const transceiver = transceivers[slot];
    if (transceiver) transceiver.direction = refused.has(slot) ? 'sendonly' : 'sendrecv';
  }
}

export function receivedTracks(transceivers: Transceivers): Tracks {
  const track = (slot: Slot) => transceivers[slot]?.receiver.track ?? null;
  return { ...NO_TRACKS, audio: track('audio'), camera: track('camera'), screen: track('screen') };
}

export async function replaceTracks(transceivers: Transceivers, tracks: Tracks): Promise<void> {
  await Promise.all(
    SLOTS.map(async (slot) => {
      const sender = transceivers[slot]?.sender;
      // A connection that closes meanwhile is no error.
      if (sender && sender.track !== tracks[slot]) {
        await sender.replaceTrack(tracks[slot]).catch(() => undefined);
      }
    }),
  );
}

/** Sets the encodings of the senders; false if the browser refused any. */
export async function setEncodings(
  transceivers: Transceivers,
  { camera, screen }: { camera: Encoding; screen: Encoding },
): Promise<boolean> {
  const taken = await Promise.all([
    limit(transceivers.audio, { active: true, priority: 'high', networkPriority: 'high' }),
    limit(transceivers.camera, camera, 'maintain-framerate'),
    limit(transceivers.screen, screen, 'maintain-resolution'),
  ]);
  return !taken.includes(false);
}

async function limit(
  transceiver: RTCRtpTransceiver | undefined,
  encoding: Partial<RTCRtpEncodingParameters>,
  prefer?: RTCDegradationPreference,
): Promise<boolean> {
  // Other clients may take fewer than we have.
  if (!transceiver) return true;
  const parameters = transceiver.sender.getParameters();
  // Empty until the connection is agreed.
  if (!parameters.encodings[0]) return false;
  Object.assign(parameters.encodings[0], encoding);
  if (prefer) parameters.degradationPreference = prefer;
  return transceiver.sender.setParameters(parameters).then(
    () => true,
    () => false,
  );
}
