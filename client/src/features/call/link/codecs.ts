import type { Slot } from './transport';

/** Best first. What is not named keeps its place behind. */
const ORDER: Record<Slot, readonly string[]> = {
  audio: ['audio/opus'],
  // Every browser has it, and it costs a small machine least, of which a mesh asks several at once.
  camera: ['video/vp8', 'video/h264'],
  // Letters and large flat areas come out sharper for the same bits.
  screen: ['video/vp9', 'video/vp8'],
};

interface Codec {
  readonly mimeType: string;
}

export function ordered<C extends Codec>(slot: Slot, codecs: readonly C[]): C[] {
  const names = ORDER[slot];
  const rank = ({ mimeType }: C) => {
    const at = names.indexOf(mimeType.toLowerCase());
    return at < 0 ? names.length : at;
  };
  return codecs.toSorted((a, b) => rank(a) - rank(b));
}

/** Both sides must prefer the same: what is agreed follows the one who answers. */
export function preferCodecs(slot: Slot, transceiver: Partial<RTCRtpTransceiver>): void {
  const kind = slot === 'audio' ? 'audio' : 'video';
  // Absent in older browsers, which then use what they like.
  const known = typeof RTCRtpReceiver === 'undefined' ? null : RTCRtpReceiver.getCapabilities(kind);
  if (known) transceiver.setCodecPreferences?.(ordered(slot, known.codecs));
}
