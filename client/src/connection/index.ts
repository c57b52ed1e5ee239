export { api } from './api';
export { monotonic, secondsLeft } from './clock';
export { fetchSigned } from './download';
export { randomId } from './randomId';
export { createRoom, type Room } from './room';
export { isSaving, saveLink } from './saveLink';
export { isMod, type Standing } from './standing';
export { here, sendSigned } from './upload';
export { session, type OtherUser, type SessionState } from './session';
export {
  RequestError,
  type Admission,
  type ConnectionStatus,
  type ResumableRoom,
  type RoomConnection,
} from './types';
export { typedShelf, type TypedShelf } from './typed';
export { inWords, waitInWords } from './words';
