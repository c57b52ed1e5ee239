import { errorMessage, type RoomConnection } from '../../../connection';
import type { VersionId } from '../../../protocol';

/** Saved versions of a board. Both say in words what did not work, and nothing when it did. */
export interface Versions {
  save(title: string, dataUrl: string | undefined): Promise<string | undefined>;
  restore(versionId: VersionId): Promise<string | undefined>;
}

export function createVersions(room: RoomConnection): Versions {
  const { roomId } = room;
  const ask = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) =>
        errorMessage(error, {
          forbidden: 'Your role does not allow that.',
          not_found: 'This version is gone.',
          too_large: 'The board is too large for that.',
        }),
    );
  return {
    save: (title, dataUrl) =>
      ask(
        room.request('whiteboard:save', {
          roomId,
          ...(title === '' ? {} : { title }),
          ...(dataUrl === undefined ? {} : { dataUrl }),
        }),
      ),
    restore: (versionId) => ask(room.request('whiteboard:restore', { roomId, versionId })),
  };
}
