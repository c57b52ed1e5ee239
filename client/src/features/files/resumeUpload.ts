import { api, RequestError, type RoomConnection } from '../../connection';
import type { FileMeta, UploadState } from '../../protocol';
import type { PendingUpload, PendingUploads } from './pendingUploads';

/** Whether the server knows no such upload. */
export const isNotFound = (error: unknown) =>
  error instanceof RequestError && error.code === 'not_found';

/** What an upload needs after its bytes, or after a reload: its state, the announcement, the removal. */
export interface ResumableUploads {
  /** Shares it with the room and, unless it is quiet, posts it to the chat. Idempotent: the server takes each once. */
  announce(pending: PendingUpload): Promise<void>;
  /** Its state on the server. An upload whose bytes are all stored is announced: the page may have gone just before. */
  resume(pending: PendingUpload): Promise<UploadState | 'announced' | 'gone'>;
  /** Removes what is stored of it. */
  discard(pending: PendingUpload): Promise<void>;
}

export function createResumableUploads(
  room: RoomConnection,
  store: PendingUploads,
  shared: (file: FileMeta) => void,
): ResumableUploads {
  const { roomId } = room;

  async function announce({ uploadId, fileUrl, quiet, ...facts }: PendingUpload): Promise<void> {
    const { name, size, mimeType, picture } = facts;
    const announced = {
      ...{ roomId, uploadId, fileUrl, name, size, mimeType },
      ...(picture ? { picture } : {}),
    };
    const { fileMeta } = await room.request('file:uploadMeta', announced);
    shared(fileMeta);
    if (!quiet) await postToChat(uploadId, fileUrl, fileMeta);
    await store.remove(uploadId);
  }

  async function postToChat(uploadId: string, fileUrl: string, fileMeta: FileMeta): Promise<void> {
    const attachments = [
      { fileUrl, name: fileMeta.name, size: fileMeta.size, mimeType: fileMeta.mimeType },
    ];
    // The same after a reload, so that the message is stored once.
    const eventId = `said-${uploadId}`;
    await room.request('chat:message', { roomId, text: '', attachments, eventId });
  }

  return {
    announce,
    async resume(pending) {
      try {
        const state = await api.uploadState(pending.uploadId);
        if (!state.complete) {
          if (state.stored.length < (state.parts?.count ?? 1)) return state;
          await api.completeUpload(pending.uploadId);
        }
      } catch (error) {
        // The upload was shared already, and perhaps not posted to the chat.
        if (!isNotFound(error)) throw error;
      }
      try {
        await announce(pending);
        return 'announced';
      } catch (error) {
        if (!isNotFound(error)) throw error;
        await store.remove(pending.uploadId);
        return 'gone';
      }
    },
    async discard({ uploadId }) {
      await api.cancelUpload(uploadId).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      await store.remove(uploadId);
    },
  };
}
