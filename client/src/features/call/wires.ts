import { preferCodecs } from './codecs';
import type { Encoding } from './quality';
import { NO_TRACKS, SLOTS, type Slot, type Tracks } from './transport';

/**
 * The three transceivers of a connection, in the order of its m-lines: sound, camera, screen. They
 * are agreed once; what changes later is which track goes through, and whether it is taken at all.
 */
export type Wires = Readonly<Partial<Record<Slot, RTCRtpTransceiver>>>;

/** The side that makes the first offer lays them. */
export function layWires(pc: RTCPeerConnection): Wires {
  // One stream, so that the receiver keeps lips and voice together.
  const streams = [new MediaStream()];
  return prepared({
    audio: pc.addTransceiver('audio', { direction: 'sendrecv', streams }),
    camera: pc.addTransceiver('video', { direction: 'sendrecv', streams }),
    screen: pc.addTransceiver('video', { direction: 'sendrecv' }),
  });
}

/** The other side takes those that came with the offer. Foreign clients may offer fewer. */
export function takeWires(pc: RTCPeerConnection): Wires {
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

function prepared(wires: Wires): Wires {
  for (const slot of SLOTS) {
    const wire = wires[slot];
    if (wire) preferCodecs(slot, wire);
  }
  return wires;
}

/** Takes all but what is refused. It holds from the next description on. */
export function direct(wires: Wires, refused: ReadonlySet<Slot>): void {
  for (const slot of SLOTS) {
    const wire = wires[slot];
    if (wire) wire.direction = refused.has(slot) ? 'sendonly' : 'sendrecv';
  }
}

export function received(wires: Wires): Tracks {
  const track = (slot: Slot) => wires[slot]?.receiver.track ?? null;
  return { ...NO_TRACKS, audio: track('audio'), camera: track('camera'), screen: track('screen') };
}

export async function send(wires: Wires, tracks: Tracks): Promise<void> {
  await Promise.all(
    SLOTS.map(async (slot) => {
      const sender = wires[slot]?.sender;
      // A connection that closes meanwhile is no error.
      if (sender && sender.track !== tracks[slot]) {
        await sender.replaceTrack(tracks[slot]).catch(() => undefined);
      }
    }),
  );
}

/** What goes through each, and how finely. Tells whether the browser took it all. */
export async function tune(
  wires: Wires,
  { camera, screen }: { camera: Encoding; screen: Encoding },
): Promise<boolean> {
  const taken = await Promise.all([
    limit(wires.audio, { active: true, priority: 'high', networkPriority: 'high' }),
    limit(wires.camera, camera, 'maintain-framerate'),
    limit(wires.screen, screen, 'maintain-resolution'),
  ]);
  return !taken.includes(false);
}

async function limit(
  wire: RTCRtpTransceiver | undefined,
  encoding: Partial<RTCRtpEncodingParameters>,
  prefer?: RTCDegradationPreference,
): Promise<boolean> {
  // Foreign clients may take fewer than we have.
  if (!wire) return true;
  const parameters = wire.sender.getParameters();
  // Empty until the connection is agreed.
  if (!parameters.encodings[0]) return false;
  Object.assign(parameters.encodings[0], encoding);
  if (prefer) parameters.degradationPreference = prefer;
  return wire.sender.setParameters(parameters).then(
    () => true,
    () => false,
  );
}
