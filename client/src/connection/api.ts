import type { CreateRoom, MessagePage, RoomCreated, RoomList, RoomPreview } from '../protocol';
import { http, jsonBody } from './http';
import { session } from './session';
import { RequestError } from './types';

/** A request as who is signed in, or as nobody; refreshed once when the token has ended. */
async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const token = session.token();
  try {
    return await http<T>(path, as(token, init));
  } catch (error) {
    if (!token || !(error instanceof RequestError)) throw error;
    if (error.code !== 'unauthorized' && error.code !== 'token_expired') throw error;
    return http<T>(path, as(await session.replaceToken(token), init));
  }
}

function as(token: string | null, init: RequestInit): RequestInit {
  if (!token) return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

const inPath = encodeURIComponent;

/** The REST contract of DESIGN section 6, as far as pages need it. */
export const api = {
  rooms: () => call<RoomList>('/rooms'),
  createRoom: (room: CreateRoom) => call<RoomCreated>('/rooms', jsonBody('POST', room)),
  roomPreview: (room: string) => call<RoomPreview>(`/rooms/${inPath(room)}`),
  /** The page that ends just before `before`. */
  messages: (room: string, before: number, limit = 50) =>
    call<MessagePage>(`/rooms/${inPath(room)}/messages?before=${before}&limit=${limit}`),
};
