import type {
  AskUpload,
  AuditPage,
  AvatarFacts,
  AvatarUrl,
  BanList,
  BoardVersion,
  BoardVersions,
  CreateRoom,
  DirectRoom,
  FileLinks,
  FileList,
  IceServers,
  MemberList,
  MessagePage,
  OwnStats,
  PartUrls,
  PatchProfile,
  PatchRoom,
  RoomCreated,
  RoomId,
  RoomList,
  RoomPatched,
  RoomPreview,
  RoomStats,
  SignInProviders,
  SummaryPage,
  UploadState,
  UploadUrl,
  UserId,
  UserProfile,
  VersionId,
} from '../protocol';
import { http, httpBlob, jsonBody } from './http';
import { session } from './session';
import { RequestError } from './types';

type Fetch<T> = (path: string, init: RequestInit) => Promise<T>;

/** A request as who is signed in, or as nobody; refreshed once when the token has ended. */
async function by<T>(fetch: Fetch<T>, path: string, init: RequestInit = {}): Promise<T> {
  const token = session.token();
  try {
    return await fetch(path, as(token, init));
  } catch (error) {
    if (!token || !(error instanceof RequestError)) throw error;
    if (error.code !== 'unauthorized' && error.code !== 'token_expired') throw error;
    return fetch(path, as(await session.replaceToken(token), init));
  }
}

const call = <T>(path: string, init?: RequestInit) => by<T>(http<T>, path, init);

function as(token: string | null, init: RequestInit): RequestInit {
  if (!token) return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

const roomPath = (room: string, rest = '') => `/rooms/${encodeURIComponent(room)}${rest}`;

const uploadPath = (upload: string, rest = '') => `/uploads/${encodeURIComponent(upload)}${rest}`;
const filePath = (fileUrl: string) =>
  `/files/${encodeURIComponent(fileUrl.split('/').at(-1) ?? '')}`;

/** What is left out is not asked for. */
function query(it: Record<string, string | number | undefined>): string {
  const given = Object.entries(it).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}

/** The REST contract of docs/PROTOCOL.md, as far as pages need it. */
export const api = {
  providers: () => call<SignInProviders>('/auth/providers'),
  /** With the newest days. */
  ownStats: () => call<OwnStats>('/me/stats'),
  /** Where to upload a picture of oneself; `setAvatar` shows it. */
  askAvatar: (facts: AvatarFacts) => call<AvatarUrl>('/me/avatar', jsonBody('POST', facts)),
  setAvatar: (facts: AvatarFacts) => call<UserProfile>('/me/avatar', jsonBody('PUT', facts)),
  removeAvatar: () => call<undefined>('/me/avatar', { method: 'DELETE' }),
  me: () => call<UserProfile>('/me'),
  patchMe: (patch: PatchProfile) => call<UserProfile>('/me', jsonBody('PATCH', patch)),

  iceServers: () => call<IceServers>('/ice-servers'),

  rooms: (after?: string) =>
    call<RoomList>(after ? `/rooms?after=${encodeURIComponent(after)}` : '/rooms'),
  createRoom: (room: CreateRoom) => call<RoomCreated>('/rooms', jsonBody('POST', room)),
  startDirect: (userId: UserId) => call<DirectRoom>('/dms', jsonBody('POST', { userId })),
  roomPreview: (room: string) => call<RoomPreview>(roomPath(room)),
  patchRoom: (room: RoomId, patch: PatchRoom) =>
    call<RoomPatched>(roomPath(room), jsonBody('PATCH', patch)),
  deleteRoom: (room: RoomId) => call<undefined>(roomPath(room), { method: 'DELETE' }),

  /** The page that ends just before `before`. */
  messages: (room: string, before: number, limit = 50) =>
    call<MessagePage>(roomPath(room, `/messages${query({ before, limit })}`)),
  /** The page that begins just after `after`. */
  messagesAfter: (room: string, after: number, limit = 50) =>
    call<MessagePage>(roomPath(room, `/messages${query({ after, limit })}`)),
  searchMessages: (room: RoomId, q: string, before?: number) =>
    call<MessagePage>(roomPath(room, `/messages/search${query({ q, before, limit: 30 })}`)),

  /** A page, the first to join first; `after` is `next` of the page before. */
  members: (room: RoomId, after?: string) =>
    call<MemberList>(roomPath(room, '/members') + query({ after })),
  /** A page, the newest first; `after` is `next` of the page before. */
  bans: (room: RoomId, after?: string) => call<BanList>(roomPath(room, '/bans') + query({ after })),
  audit: (room: RoomId, before?: number) =>
    call<AuditPage>(roomPath(room, `/audit${query({ before, limit: 50 })}`)),
  stats: (room: RoomId) => call<RoomStats>(roomPath(room, '/stats')),
  /** The newest days. */
  summaries: (room: RoomId) =>
    call<SummaryPage>(roomPath(room, `/summaries${query({ limit: 60 })}`)),
  /** Without their pictures, the newest first; with `before` those saved before that one. */
  boardVersions: (room: RoomId, before?: VersionId) =>
    call<BoardVersions>(roomPath(room, '/board/versions') + query({ before, limit: 50 })),
  versionPicture: (room: RoomId, version: VersionId) =>
    call<Required<Pick<BoardVersion, 'dataUrl'>>>(
      roomPath(room, `/board/versions/${encodeURIComponent(version)}/picture`),
    ),

  files: (room: RoomId) => call<FileList>(roomPath(room, '/files')),
  /** `fileUrl` is a path of the server's own, with `/api` before it. */
  fileLinks: (fileUrl: string) => call<FileLinks>(`${filePath(fileUrl)}/links`),
  deleteFile: (fileUrl: string) => call<undefined>(filePath(fileUrl), { method: 'DELETE' }),
  askUpload: (ask: AskUpload) => call<UploadUrl>('/upload-url', jsonBody('POST', ask)),
  uploadState: (upload: string) => call<UploadState>(uploadPath(upload)),
  askParts: (upload: string, numbers: number[]) =>
    call<PartUrls>(uploadPath(upload, '/parts'), jsonBody('POST', { numbers })),
  completeUpload: (upload: string) =>
    call<undefined>(uploadPath(upload, '/complete'), { method: 'POST' }),
  cancelUpload: (upload: string) => call<undefined>(uploadPath(upload), { method: 'DELETE' }),

  /** All of the room as JSON lines. */
  exported: (room: RoomId) => by(httpBlob, roomPath(room, '/export')),
};
