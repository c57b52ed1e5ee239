export { api } from './api';
export { fetchSigned } from './download';
export { randomId } from './randomId';
export { createRoom, type Room } from './room';
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
export { inWords, waitInWords } from './words';
