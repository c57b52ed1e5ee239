export { api } from './api';
export { monotonic, secondsLeft } from './clock';
export { fetchSignedUrl } from './signedDownload';
export { randomId } from './randomId';
export { createRoom, type Room } from './room';
export { isDownloadStarting, startDownload } from './startDownload';
export { isModerator, type RoomInfo } from './roomInfo';
export { sameOriginUrl, uploadToSignedUrl } from './signedUpload';
export { session, type OtherUser, type SessionState } from './session';
export {
  RequestError,
  type Admission,
  type ConnectionStatus,
  type ResumableRoom,
  type RoomConnection,
} from './types';
export { draftStore, type DraftStore } from './drafts';
export { errorMessage, formatWait } from './errorMessage';
