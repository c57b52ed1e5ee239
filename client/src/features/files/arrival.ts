import { api, RequestError, type RoomConnection } from '../../connection';
import type { FileMeta, UploadState } from '../../protocol';
import type { Begun, Shelf } from './begun';

/** Whether the server knows nothing of what was asked. */
export const isUnknown = (error: unknown) =>
  error instanceof RequestError && error.code === 'not_found';

/** What becomes of uploads that were begun: they are shown in the room, or taken back. */
export interface Arrival {
  /** Shows it to the room and, unless it is quiet, says it in the chat. Again is no harm: both are taken once. */
  announce(begun: Begun): Promise<void>;
  /** How far it is. With all of it there it is announced: the page may have gone just before. */
  look(begun: Begun): Promise<UploadState | 'announced' | 'gone'>;
  /** Takes away what came of it. */
  takeBack(begun: Begun): Promise<void>;
}

export function createArrival(
  room: RoomConnection,
  shelf: Shelf,
  shared: (file: FileMeta) => void,
): Arrival {
  const { roomId } = room;

  async function announce({ uploadId, fileUrl, quiet, ...facts }: Begun): Promise<void> {
    const { name, size, mimeType, picture } = facts;
    const announced = {
      ...{ roomId, uploadId, fileUrl, name, size, mimeType },
      ...(picture ? { picture } : {}),
    };
    const { fileMeta } = await room.request('file:uploadMeta', announced);
    shared(fileMeta);
    if (!quiet) await say(uploadId, fileUrl, fileMeta);
    await shelf.remove(uploadId);
  }

  async function say(uploadId: string, fileUrl: string, fileMeta: FileMeta): Promise<void> {
    const attachments = [
      { fileUrl, name: fileMeta.name, size: fileMeta.size, mimeType: fileMeta.mimeType },
    ];
    // The same after a reload.
    const eventId = `said-${uploadId}`;
    await room.request('chat:message', { roomId, text: '', attachments, eventId });
  }

  return {
    announce,
    async look(begun) {
      try {
        const state = await api.uploadState(begun.uploadId);
        if (!state.complete) {
          if (state.stored.length < (state.parts?.count ?? 1)) return state;
          await api.completeUpload(begun.uploadId);
        }
      } catch (error) {
        // Also of what was shown, and perhaps not said.
        if (!isUnknown(error)) throw error;
      }
      try {
        await announce(begun);
        return 'announced';
      } catch (error) {
        if (!isUnknown(error)) throw error;
        await shelf.remove(begun.uploadId);
        return 'gone';
      }
    },
    async takeBack({ uploadId }) {
      await api.cancelUpload(uploadId).catch((error: unknown) => {
        if (!isUnknown(error)) throw error;
      });
      await shelf.remove(uploadId);
    },
  };
}
