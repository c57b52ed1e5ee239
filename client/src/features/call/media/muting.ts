import type { RoomInfo } from '../../../connection';
import type { Media, MediaKind, Participant, UserId } from '../../../protocol';
import type { Remote, Slot } from '../link/transport';

const things: Record<MediaKind, string> = {
  audio: 'microphone',
  video: 'camera',
  screen: 'shared screen',
};

const slots: Record<MediaKind, Slot> = { audio: 'audio', video: 'camera', screen: 'screen' };

/** The slots of the media that a moderator muted. */
export const slotsOf = (muted: readonly MediaKind[]): readonly Slot[] =>
  muted.map((kind) => slots[kind]);

/** A remote person's tracks without those that a moderator muted. */
export function withoutMutedTracks(remote: Remote, muted: readonly MediaKind[]): Remote {
  if (muted.length === 0) return remote;
  const { audio, camera, screen } = remote.tracks;
  const tracks = {
    audio: muted.includes('audio') ? null : audio,
    camera: muted.includes('video') ? null : camera,
    screen: muted.includes('screen') ? null : screen,
  };
  return { ...remote, tracks };
}

/** What a person sends, without what a moderator muted. */
export function effectiveMedia({ media, muted }: Pick<Participant, 'media' | 'muted'>): Media {
  return {
    audio: media.audio && !muted.includes('audio'),
    video: media.video && !muted.includes('video'),
    screen: media.screen && !muted.includes('screen'),
  };
}

/** A person with one more thing muted, on whichever socket. */
export function withMuted(person: Participant, userId: UserId, kind: MediaKind): Participant {
  if (person.userId !== userId || person.muted.includes(kind)) return person;
  return { ...person, muted: [...person.muted, kind] };
}

/** What a moderator muted, and oneself may not unmute. */
export function lockedByModerator(
  self: Pick<Participant, 'muted'> | undefined,
  { room }: Pick<RoomInfo, 'room'>,
): readonly MediaKind[] {
  if (room?.settings.selfUnmute !== false) return [];
  return self?.muted ?? [];
}

export const mutedMessage = (kind: MediaKind, by: string | undefined): string =>
  `${by ?? 'A moderator'} turned your ${things[kind]} off.`;
