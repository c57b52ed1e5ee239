// Generated from server/protocol by `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`.

/**
 * Who may come in.
 */
export type Access = "link" | "members" | "waiting";

/**
 * Event `control:admit`.
 */
export type Admit = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Someone who waits.
 */
userId: UserId, 
/**
 * Let in, or sent away.
 */
admit: boolean, };

/**
 * Event `file:uploadMeta`: shows the room what was uploaded. It must be as it was asked for.
 */
export type AnnounceFile = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * As `POST /api/upload-url` gave it.
 */
uploadId: string, 
/**
 * As `POST /api/upload-url` gave it.
 */
fileUrl: string, 
/**
 * As it was asked for.
 */
name: string, 
/**
 * As it was asked for.
 */
size: number, 
/**
 * As it was asked for, where it is said.
 */
mimeType?: string, 
/**
 * Of a picture.
 */
picture?: PictureSize, };

/**
 * `POST /api/uploads/:id/parts`.
 */
export type AskParts = { 
/**
 * From 1; at most 100 at a time.
 */
numbers: Array<number>, };

/**
 * `POST /api/upload-url`.
 */
export type AskUpload = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Shown, never used as a path; 1 to 255 characters.
 */
name: string, 
/**
 * In bytes: no other size can be uploaded.
 */
size: number, 
/**
 * As `type/subtype`: no other type can be uploaded.
 */
mimeType: string, 
/**
 * A small picture that is uploaded too.
 */
thumbnail?: Thumbnail, 
/**
 * In parts, that can be gone on with after a break.
 */
inParts?: boolean, };

/**
 * A file shown with a message.
 */
export type Attachment = { 
/**
 * As `POST /api/upload-url` gave it.
 */
fileUrl: string, 
/**
 * Shown, never used as a path.
 */
name: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * The media type.
 */
mimeType?: string, 
/**
 * Of a picture, where it was said.
 */
picture?: PictureSize, };

/**
 * An entry of the room log as moderators see it.
 */
export type AuditEntry = { 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * What kind of entry it is, like `kicked` or `settings`.
 */
type: string, 
/**
 * Who did it.
 */
userId: UserId, 
/**
 * As in their profile now; none for one who is gone.
 */
name: string | null, 
/**
 * When.
 */
timestamp: number, 
/**
 * What was done; its fields depend on the type.
 */
payload: Record<string, unknown>, };

/**
 * `GET /api/rooms/:id/audit?before=&limit=`.
 */
export type AuditPage = { 
/**
 * Oldest to newest of the page.
 */
entries: Array<AuditEntry>, 
/**
 * What to pass as `before` for the next page.
 */
next: number | null, };

/**
 * A picture of oneself: for `POST /api/me/avatar`, which tells where to upload it, and for
 * `PUT /api/me/avatar`, which shows it once it is there.
 */
export type AvatarFacts = { 
/**
 * In bytes, at most 256 KiB: no other size can be uploaded.
 */
size: number, 
/**
 * `image/jpeg`, `image/png` or `image/webp`: no other type can be uploaded.
 */
mimeType: string, };

/**
 * Where to upload a picture of oneself.
 */
export type AvatarUrl = { 
/**
 * When the signature ends.
 */
expiresAt: number, 
/**
 * `PUT`.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * All of them must be sent. The length, which is signed too, is sent by itself.
 */
headers: { [key in string]: string }, };

/**
 * `GET /api/rooms/:id/bans`, for moderators: the newest first.
 */
export type BanList = { 
/**
 * One a person.
 */
bans: Array<BannedUser>, 
/**
 * To be passed as `after` for the next page; none when there is none.
 */
next: string | null, };

/**
 * Someone who may not come back.
 */
export type BannedUser = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * As in their profile.
 */
name: string, 
/**
 * The moderator.
 */
by: UserId, 
/**
 * As the moderator put it.
 */
reason?: string, 
/**
 * Since when.
 */
at: number, };

/**
 * `GET /api/rooms/:id/board`, and the same of a version with `?version=`.
 */
export type BoardElements = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Position of the board log that this is the fold of.
 */
seq: number, 
/**
 * In rising `z`.
 */
elements: Array<Element>, };

/**
 * One change of a board. An op on an element that is not there does nothing.
 */
export type BoardOp = { "type": "stroke", 
/**
 * The server gives one when it is absent.
 */
id?: ElementId, 
/**
 * At least one.
 */
points: Array<Point>, 
/**
 * `#rgb`, `#rrggbb` or `#rrggbbaa`.
 */
color: string, 
/**
 * In board units.
 */
width: number, } | { "type": "append", 
/**
 * The stroke.
 */
id: ElementId, 
/**
 * Index of the first of `points` in the stroke.
 */
offset: number, 
/**
 * What follows.
 */
points: Array<Point>, } | { "type": "put", 
/**
 * All of it.
 */
element: Element, } | { "type": "patch", 
/**
 * The element.
 */
id: ElementId, 
/**
 * What changes.
 */
set: ElementPatch, } | { "type": "erase", 
/**
 * Which.
 */
ids: Array<ElementId>, } | { "type": "clear" };

/**
 * The ack of `whiteboard:save`.
 */
export type BoardSaved = { 
/**
 * The version.
 */
version: BoardVersion, };

/**
 * Event `whiteboard:snapshot`: a part of the board at `seq`. Parts come in order and together
 * replace the board.
 */
export type BoardSnapshot = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Position of the board log that this is the fold of.
 */
seq: number, 
/**
 * In rising `z`.
 */
elements: Array<Element>, 
/**
 * 1 to `parts`.
 */
part: number, 
/**
 * How many there are.
 */
parts: number, };

/**
 * Event `whiteboard:update`: one entry of the board log.
 */
export type BoardUpdate = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the board log.
 */
seq: number, 
/**
 * As stored: every stroke has its id.
 */
ops: Array<BoardOp>, 
/**
 * Who drew.
 */
by: UserId, 
/**
 * As the one who drew gave it, or as the server did.
 */
opId: EventId, };

/**
 * A named version of a board.
 */
export type BoardVersion = { 
/**
 * For ever.
 */
versionId: VersionId, 
/**
 * Position of the board log that it is the fold of.
 */
boardSeq: number, 
/**
 * As its maker named it.
 */
title?: string, 
/**
 * Who saved it.
 */
by: UserId, 
/**
 * When.
 */
timestamp: number, 
/**
 * A small picture of it, in the ack of `whiteboard:save`.
 */
dataUrl?: string, 
/**
 * Whether it has a picture: `GET /api/rooms/:id/board/versions/:versionId/picture`.
 */
hasPicture?: boolean, };

/**
 * `GET /api/rooms/:id/board/versions`.
 */
export type BoardVersions = { 
/**
 * The newest first.
 */
versions: Array<BoardVersion>, 
/**
 * What to pass as `before` for those before them; null when there are none.
 */
next: VersionId | null, };

/**
 * What an event carries and what its ack says, as TypeScript sees it.
 */
export type Call<P, A> = { payload: P, ack: A, };

/**
 * Event `signal:ice` as the one addressed gets it.
 */
export type Candidate = { 
/**
 * Filled by the server, never by the sender.
 */
fromSocketId: SocketId, 
/**
 * As it came.
 */
candidate: RTCIceCandidateInit | null, 
/**
 * Who signals.
 */
user: SignalUser, };

/**
 * Event `control:settings`.
 */
export type ChangeSettings = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * What changes.
 */
settings: RoomSettingsPatch, };

/**
 * Payload and ack of every event a client may send, by name.
 */
export type ClientEvents = { 
/**
 * Into a room.
 */
joinRoom: Call<JoinRoom, Joined>, 
/**
 * Out of a room.
 */
leaveRoom: Call<LeaveRoom, Done>, 
/**
 * Ask for what came after.
 */
"room:sync": Call<SyncRoom, Synced>, 
/**
 * Say something; stored.
 */
"chat:message": Call<SendMessage, MessageAck>, 
/**
 * Give a message of one's own another text.
 */
"chat:edit": Call<EditMessage, MessageAck>, 
/**
 * Take a message away, text and all.
 */
"chat:delete": Call<DeleteMessage, Noted>, 
/**
 * Put an emoji under a message, or take it away.
 */
"chat:react": Call<React, Noted>, 
/**
 * Keep a message in view, or no longer.
 */
"chat:pin": Call<PinMessage, Noted>, 
/**
 * Say how far one has read; the ack says where the marker is.
 */
"chat:read": Call<ReadUpTo, Noted>, 
/**
 * Start or stop typing; never stored.
 */
"presence:typing": Call<SetTyping, Done>, 
/**
 * Change the board; stored.
 */
"whiteboard:draw": Call<Draw, DrawAck>, 
/**
 * Where the pointer is; volatile.
 */
"whiteboard:cursor": Call<MoveCursor, Done>, 
/**
 * Save the board as a version.
 */
"whiteboard:save": Call<SaveBoard, BoardSaved>, 
/**
 * Bring a version back, by ops.
 */
"whiteboard:restore": Call<RestoreBoard, DrawAck>, 
/**
 * Show what was uploaded; stored.
 */
"file:uploadMeta": Call<AnnounceFile, FileAck>, 
/**
 * An offer for one socket.
 */
"signal:offer": Call<SendDescription, Done>, 
/**
 * An answer for one socket.
 */
"signal:answer": Call<SendDescription, Done>, 
/**
 * A candidate for one socket.
 */
"signal:ice": Call<SendCandidate, Done>, 
/**
 * What this socket sends from now on.
 */
"media:state": Call<SetMedia, Done>, 
/**
 * Raise the hand, or lower it.
 */
"hand:raise": Call<RaiseHand, Done>, 
/**
 * Show an emoji on one's tile for a moment.
 */
"reaction:send": Call<SendReaction, Done>, 
/**
 * Mute someone, or take the mute back.
 */
"control:mute": Call<Mute, Noted>, 
/**
 * Send someone out, for now or for good.
 */
"control:kick": Call<Kick, Noted>, 
/**
 * Send all guests out.
 */
"control:removeGuests": Call<RemoveGuests, Noted>, 
/**
 * Let someone come back.
 */
"control:unban": Call<Unban, Noted>, 
/**
 * Give a member another role.
 */
"control:role": Call<SetRole, Noted>, 
/**
 * Change the room's settings.
 */
"control:settings": Call<ChangeSettings, RoomPatched>, 
/**
 * Let in, or send away, someone who waits.
 */
"control:admit": Call<Admit, Noted>, 
/**
 * Start the timer.
 */
"timer:start": Call<StartTimer, TimerAck>, 
/**
 * Stop the clock, keeping what is left.
 */
"timer:pause": Call<RunTimer, TimerAck>, 
/**
 * Go on after a pause.
 */
"timer:resume": Call<RunTimer, TimerAck>, 
/**
 * Go on to the next phase.
 */
"timer:skip": Call<RunTimer, TimerAck>, 
/**
 * End the timer.
 */
"timer:stop": Call<RunTimer, TimerAck>, 
/**
 * Add a task.
 */
"task:create": Call<CreateTask, TaskAck>, 
/**
 * Change a task.
 */
"task:update": Call<UpdateTask, TaskAck>, 
/**
 * Take a task away.
 */
"task:delete": Call<DeleteTask, Noted>, };

/**
 * `POST /api/rooms`.
 */
export type CreateRoom = { 
/**
 * 1 to 120 characters.
 */
title: string, 
/**
 * What differs from the defaults.
 */
settings?: RoomSettingsPatch, };

/**
 * Event `task:create`.
 */
export type CreateTask = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * 1 to 200 characters.
 */
title: string, 
/**
 * A member of the room.
 */
assigneeId?: UserId, 
/**
 * The same id again from the same person is the same task.
 */
eventId?: EventId, };

/**
 * Event `whiteboard:cursor` as the others get it.
 */
export type Cursor = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Whose.
 */
socketId: SocketId, 
/**
 * Whose.
 */
userId: UserId, 
/**
 * Board units.
 */
x: number, 
/**
 * Board units.
 */
y: number, 
/**
 * The tool in hand.
 */
tool?: string, };

/**
 * A room's day. Days are those of UTC, the same for everyone in the room.
 */
export type DaySummary = { 
/**
 * `YYYY-MM-DD` in UTC.
 */
date: string, 
/**
 * Messages said that day, without those that were deleted since.
 */
messages: number, 
/**
 * Files shared that day, also those that were taken away since.
 */
files: number, 
/**
 * People who came, said something, shared a file, worked on the tasks or while a focus phase ran.
 */
people: number, 
/**
 * People who came into the room.
 */
joined: number, 
/**
 * Whole minutes of focus, of all people together.
 */
focusMinutes: number, 
/**
 * Tasks marked as done that day, and not taken back on it.
 */
tasksDone: number, };

/**
 * Event `chat:delete`.
 */
export type DeleteMessage = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The caller's own, or anyone's for moderators.
 */
messageId: MessageId, };

/**
 * Event `task:delete`.
 */
export type DeleteTask = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The task.
 */
taskId: TaskId, };

/**
 * Events `signal:offer` and `signal:answer` as the one addressed gets them.
 */
export type Description = { 
/**
 * Filled by the server, never by the sender.
 */
fromSocketId: SocketId, 
/**
 * As it came.
 */
sdp: RTCSessionDescriptionInit, 
/**
 * Who signals.
 */
user: SignalUser, };

/**
 * The answer to [`StartDirect`]: the one room of these two.
 */
export type DirectRoom = { 
/**
 * For ever.
 */
roomId: RoomId, 
/**
 * All of it.
 */
room: Room, 
/**
 * The other one.
 */
peer: OnlineUser, };

/**
 * An ack that says no more than `ok`.
 */
export type Done = Record<never, never>;

/**
 * Event `whiteboard:draw`.
 */
export type Draw = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * 1 to 200 with 20,000 points at most, applied together.
 */
ops: Array<BoardOp>, 
/**
 * The same id again from the same person is the same batch.
 */
opId?: EventId, };

/**
 * The ack of `whiteboard:draw`.
 */
export type DrawAck = { 
/**
 * Place in the board log.
 */
seq: number, };

/**
 * Event `chat:edit`.
 */
export type EditMessage = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * A message of the caller's own.
 */
messageId: MessageId, 
/**
 * All of the new text, 1 to 4000 characters.
 */
text: string, };

/**
 * Something drawn. Which of the optional fields are there depends on `kind`.
 */
export type Element = { 
/**
 * Unique on its board.
 */
id: ElementId, 
/**
 * What it is.
 */
kind: ElementKind, 
/**
 * Of strokes, lines and arrows.
 */
points?: Array<Point>, 
/**
 * Left edge.
 */
x?: number, 
/**
 * Upper edge.
 */
y?: number, 
/**
 * Width of the box.
 */
w?: number, 
/**
 * Height of the box.
 */
h?: number, 
/**
 * Of texts and notes.
 */
text?: string, 
/**
 * Of images: a file of this room.
 */
src?: string, 
/**
 * `#rgb`, `#rrggbb` or `#rrggbbaa`.
 */
color: string, 
/**
 * Of the pen, in board units; the size of the letters for texts.
 */
width: number, 
/**
 * Higher is nearer. Given by the server when absent.
 */
z?: number, 
/**
 * Who drew it. Set by the server.
 */
by?: UserId, };

/**
 * An element of a board.
 */
export type ElementId = string;

/**
 * What an element is.
 */
export type ElementKind = "stroke" | "line" | "arrow" | "rect" | "ellipse" | "text" | "note" | "image";

/**
 * What `patch` sets; what is absent stays.
 */
export type ElementPatch = { 
/**
 * New points.
 */
points?: Array<Point>, 
/**
 * New left edge.
 */
x?: number, 
/**
 * New upper edge.
 */
y?: number, 
/**
 * New width of the box.
 */
w?: number, 
/**
 * New height of the box.
 */
h?: number, 
/**
 * New text.
 */
text?: string, 
/**
 * New colour.
 */
color?: string, 
/**
 * New width of the pen.
 */
width?: number, 
/**
 * New height in the pile.
 */
z?: number, };

/**
 * The body of every REST error.
 */
export type ErrorBody = { 
/**
 * What went wrong.
 */
error: ErrorInfo, };

/**
 * What went wrong, for programs.
 */
export type ErrorCode = "bad_request" | "unauthorized" | "token_expired" | "forbidden" | "not_found" | "not_in_room" | "conflict" | "too_large" | "rate_limited" | "room_full" | "room_locked" | "banned" | "waiting_for_admission" | "unavailable" | "internal";

/**
 * The `error` event: what an ack would have said, where none was asked for.
 */
export type ErrorEvent = { 
/**
 * For programs.
 */
code: ErrorCode, 
/**
 * For people who debug a client.
 */
message: string, 
/**
 * The client's event that failed; none when the server speaks by itself.
 */
event?: string, 
/**
 * Wait this many milliseconds before the next try.
 */
retryAfterMs?: number, };

/**
 * The error inside a refused ack and inside a REST error body.
 */
export type ErrorInfo = { 
/**
 * For programs.
 */
code: ErrorCode, 
/**
 * For people who debug a client; names the field where there is one.
 */
message: string, 
/**
 * Whether the same request may succeed later.
 */
retryable: boolean, 
/**
 * Wait this many milliseconds before the next try.
 */
retryAfterMs?: number, };

/**
 * What makes an entry unique for its user: the same id again is the same entry (SPEC 1.3).
 */
export type EventId = string;

/**
 * Ack of `file:uploadMeta`.
 */
export type FileAck = { 
/**
 * As everyone sees it.
 */
fileMeta: FileMeta, };

/**
 * Event `file:deleted`.
 */
export type FileDeleted = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Its place in the room log.
 */
seq: number, 
/**
 * Which file.
 */
uploadId: string, };

/**
 * `GET /api/files/:id/links`: addresses that work for a moment, without a token.
 */
export type FileLinks = { 
/**
 * To keep: never shown in place.
 */
download: string, 
/**
 * To show in place; only of pictures and PDF.
 */
inline?: string, 
/**
 * The small picture.
 */
thumbnail?: string, 
/**
 * When they end.
 */
expiresAt: number, };

/**
 * `GET /api/rooms/:id/files`.
 */
export type FileList = { 
/**
 * The newest first.
 */
files: Array<FileMeta>, };

/**
 * A file of a room.
 */
export type FileMeta = { 
/**
 * For ever.
 */
uploadId: string, 
/**
 * Its room.
 */
roomId: RoomId, 
/**
 * Members of the room get it from there.
 */
fileUrl: string, 
/**
 * Shown, never used as a path.
 */
name: string, 
/**
 * In bytes.
 */
size: number, 
/**
 * As it was uploaded; what may be shown in place, the server decides.
 */
mimeType: string, 
/**
 * A small picture of it.
 */
thumbnailUrl?: string, 
/**
 * Of a picture, where it was said.
 */
picture?: PictureSize, 
/**
 * Who shared it.
 */
userId: UserId, 
/**
 * The name shown when it was shared.
 */
userName: string, 
/**
 * When it was shared.
 */
timestamp: number, };

/**
 * Event `file:shared`.
 */
export type FileShared = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Its place in the room log.
 */
seq: number, 
/**
 * The file.
 */
fileMeta: FileMeta, };

/**
 * A day's work.
 */
export type FocusDay = { 
/**
 * `YYYY-MM-DD` in the person's time zone.
 */
date: string, 
/**
 * Whole minutes.
 */
minutes: number, };

/**
 * A person's work in a room.
 */
export type FocusPerson = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * As in their profile now.
 */
name: string, 
/**
 * Whole minutes of all days.
 */
totalMinutes: number, 
/**
 * Days in a row with work, up to today or yesterday.
 */
streakDays: number, 
/**
 * Days with work, the oldest first.
 */
days: Array<FocusDay>, };

/**
 * `POST /api/auth/guest`: a person without an account, for a room that allows guests.
 */
export type GuestLogin = { 
/**
 * Shown to others; 1 to 60 characters.
 */
name: string, 
/**
 * The room's id or code.
 */
roomId: RoomRef, };

/**
 * One entry of `RTCConfiguration.iceServers`.
 */
export type IceServer = { 
/**
 * `stun:`, `turn:` or `turns:` URLs.
 */
urls: Array<string>, 
/**
 * `expiry:userId`.
 */
username?: string, 
/**
 * base64(HMAC-SHA1(secret, username)).
 */
credential?: string, };

/**
 * `GET /api/ice-servers`.
 */
export type IceServers = { 
/**
 * For `RTCConfiguration`.
 */
iceServers: Array<IceServer>, 
/**
 * When the credentials end.
 */
expiresAt: number, };

/**
 * Event `joinRoom`.
 */
export type JoinRoom = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The name to be shown in this room instead of the profile's.
 */
name?: string, 
/**
 * Ignored: a role is given by the room, never claimed.
 */
role?: string, 
/**
 * The highest `seq` of the room log this client has: only what came later is sent.
 */
chatSeq?: number, 
/**
 * The highest `seq` of the board log this client has.
 */
boardSeq?: number, };

/**
 * Event `joined`, and the ack of `joinRoom`.
 */
export type Joined = { 
/**
 * The room at `chatSeq` and `boardSeq`; exactly what follows comes as events.
 */
roomState: RoomState, };

/**
 * Event `control:kick`.
 */
export type Kick = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Who must go.
 */
userId: UserId, 
/**
 * Whether they may not come back.
 */
ban?: boolean, 
/**
 * Shown to them; at most 200 characters.
 */
reason?: string, 
/**
 * With `ban`: nobody new comes in from the addresses of their sockets for so many seconds, 60 to 604,800.
 * Whoever is a member may.
 */
addressSec?: number, };

/**
 * Event `control:kicked`, to the room and to the one it is about.
 */
export type Kicked = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * Who must go.
 */
userId: UserId, 
/**
 * The moderator.
 */
by: UserId, 
/**
 * Whether they may not come back.
 */
ban: boolean, 
/**
 * As the moderator put it.
 */
reason?: string, };

/**
 * Why a socket left a room.
 */
export type LeaveReason = "left" | "lost" | "kicked";

/**
 * Event `leaveRoom`.
 */
export type LeaveRoom = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, };

/**
 * `POST /api/auth/login`.
 */
export type Login = { 
/**
 * As given at sign-up, in any case.
 */
email: string, 
/**
 * As given at sign-up.
 */
password: string, };

/**
 * What a socket sends.
 */
export type Media = { 
/**
 * A live microphone.
 */
audio: boolean, 
/**
 * A live camera.
 */
video: boolean, 
/**
 * A shared screen.
 */
screen: boolean, };

/**
 * One of the things a socket sends in a call.
 */
export type MediaKind = "audio" | "video" | "screen";

/**
 * `GET /api/rooms/:id/members`: the first to join first.
 */
export type MemberList = { 
/**
 * One a person.
 */
members: Array<RoomMember>, 
/**
 * To be passed as `after` for the next page; none when there is none.
 */
next: string | null, };

/**
 * A chat message.
 */
export type Message = { 
/**
 * For ever.
 */
id: MessageId, 
/**
 * Its room.
 */
roomId: RoomId, 
/**
 * Its place in the room log.
 */
seq: number, 
/**
 * Who wrote it.
 */
senderId: UserId, 
/**
 * The name shown when it was written.
 */
senderName: string, 
/**
 * Plain text.
 */
text: string, 
/**
 * Files shown with it.
 */
attachments: Array<Attachment>, 
/**
 * The message it answers.
 */
replyTo?: MessageId, 
/**
 * When the server took it.
 */
timestamp: number, 
/**
 * When it was last edited.
 */
editedAt?: number, 
/**
 * True when its text is gone.
 */
deleted?: boolean, 
/**
 * True while a moderator keeps it in view.
 */
pinned?: boolean, 
/**
 * In order of first use.
 */
reactions: Array<Reaction>, 
/**
 * As its sender gave it, so that the sender knows its own again.
 */
eventId?: EventId, };

/**
 * The ack of `chat:message`, and the answer to posting by HTTP.
 */
export type MessageAck = { 
/**
 * As it was stored.
 */
message: Message, };

/**
 * Event `chat:deleted`.
 */
export type MessageDeleted = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Whose text is gone.
 */
messageId: MessageId, 
/**
 * Place of the deletion in the room log.
 */
seq: number, };

/**
 * Event `chat:edited`.
 */
export type MessageEdited = { 
/**
 * Place of the edit in the room log.
 */
seq: number, 
/**
 * As it is now.
 */
message: Message, };

/**
 * A chat message.
 */
export type MessageId = string;

/**
 * `GET /api/rooms/:id/messages`.
 */
export type MessagePage = { 
/**
 * Oldest to newest of the page.
 */
messages: Array<Message>, 
/**
 * What to pass as `before` (or as `after`, when paging forward) for the next page.
 */
next: number | null, };

/**
 * Event `chat:pinned`.
 */
export type MessagePinned = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * The message.
 */
messageId: MessageId, 
/**
 * Who did it.
 */
userId: UserId, 
/**
 * Kept in view, or no longer.
 */
on: boolean, };

/**
 * Event `chat:message` as everyone gets it.
 */
export type MessageSent = { 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * The message.
 */
message: Message, };

/**
 * Event `whiteboard:cursor` as a client sends it. Volatile, never stored.
 */
export type MoveCursor = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Board units.
 */
x: number, 
/**
 * Board units.
 */
y: number, 
/**
 * The tool in hand.
 */
tool?: string, };

/**
 * Event `control:mute`.
 */
export type Mute = { 
/**
 * A socket of the person to mute, in a room of the caller's.
 */
targetSocketId: SocketId, 
/**
 * What they shall no longer send; `audio` when absent.
 */
kind?: MediaKind, 
/**
 * False takes the mute back: the person may send again.
 */
on?: boolean, };

/**
 * Event `control:muted`: the target stops sending, and every receiver drops the track.
 */
export type Muted = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * The socket the moderator pointed at. The mute holds for every socket of its person.
 */
targetSocketId: SocketId, 
/**
 * Who is muted.
 */
userId: UserId, 
/**
 * The moderator.
 */
by: UserId, 
/**
 * What is muted.
 */
kind: MediaKind, };

/**
 * `POST /api/rooms/:id/tasks`: [`CreateTask`] without the room, which the path names.
 */
export type NewTask = { 
/**
 * 1 to 200 characters.
 */
title: string, 
/**
 * A member of the room.
 */
assigneeId?: UserId, 
/**
 * The same id again from the same person is the same task.
 */
eventId?: EventId, };

/**
 * The ack of what became an entry of a log and needs no other answer.
 */
export type Noted = { 
/**
 * Its place there.
 */
seq: number, };

/**
 * A person online, however many sockets they have.
 */
export type OnlineUser = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * As shown in this room.
 */
name: string, 
/**
 * Where their picture is; absent when there is none, and of who waits at the door.
 */
avatarUrl?: string, };

/**
 * `GET /api/me/stats`: the caller's work in all their rooms. Time in two rooms at once counts once.
 */
export type OwnStats = { 
/**
 * Whole minutes of all days, listed here or not.
 */
totalMinutes: number, 
/**
 * Days in a row with work, up to today or yesterday.
 */
streakDays: number, 
/**
 * Days with work in the caller's time zone, the oldest of the page first.
 */
days: Array<FocusDay>, 
/**
 * To be passed as `before` for the page of earlier days; none when there is none.
 */
next: string | null, };

/**
 * How a file is cut.
 */
export type PartPlan = { 
/**
 * Bytes of each part but the last, which has what is left.
 */
size: number, 
/**
 * How many.
 */
count: number, };

/**
 * Where to upload parts.
 */
export type PartUrls = { 
/**
 * As asked for.
 */
parts: Array<SignedPart>, 
/**
 * When the signatures end.
 */
expiresAt: number, };

/**
 * One socket in a room.
 */
export type Participant = { 
/**
 * Public; signalling is addressed to it.
 */
socketId: SocketId, 
/**
 * Whose socket it is.
 */
userId: UserId, 
/**
 * As shown in this room.
 */
name: string, 
/**
 * Where their picture is; absent when there is none.
 */
avatarUrl?: string, 
/**
 * As the room gave it.
 */
role: Role, 
/**
 * When this socket joined.
 */
joinedAt: number, 
/**
 * What it sends.
 */
media: Media, 
/**
 * Whether the hand is up.
 */
handRaised: boolean, 
/**
 * What a moderator has muted of this person.
 */
muted: Array<MediaKind>, 
/**
 * Whether the name looks like that of a moderator of this room, who is someone else.
 */
resemblesModerator?: boolean, };

/**
 * `PATCH /api/me`; what is absent stays.
 */
export type PatchProfile = { 
/**
 * 1 to 60 characters.
 */
name?: string, 
/**
 * IANA name, like `Europe/Helsinki`.
 */
timeZone?: string, };

/**
 * `PATCH /api/rooms/:id`; what is absent stays.
 */
export type PatchRoom = { 
/**
 * 1 to 120 characters.
 */
title?: string, 
/**
 * What changes.
 */
settings?: RoomSettingsPatch, 
/**
 * True gives the room another code: links with the old one lead nowhere.
 */
renewCode?: boolean, };

/**
 * How large a picture is, as its owner's program says. What shows it keeps so much room.
 */
export type PictureSize = { 
/**
 * Pixels, 1 to 65,535.
 */
width: number, 
/**
 * Pixels, 1 to 65,535.
 */
height: number, };

/**
 * Event `chat:pin`.
 */
export type PinMessage = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The message.
 */
messageId: MessageId, 
/**
 * Kept in view, or no longer.
 */
on: boolean, };

/**
 * A point in board units, with the pen's pressure (0 to 1) where there is one. Travels as
 * `[x, y]` or `[x, y, pressure]`.
 */
export type Point = [number, number] | [number, number, number];

/**
 * `POST /api/rooms/:id/messages`: [`SendMessage`] without the room, which the path names.
 */
export type PostMessage = { 
/**
 * 1 to 4000 characters.
 */
text: string, 
/**
 * At most 10.
 */
attachments?: Array<Attachment>, 
/**
 * The message it answers.
 */
replyTo?: MessageId, 
/**
 * The same id again from the same person is the same message: nothing is stored twice.
 */
eventId?: EventId, };

/**
 * Event `presence:update`.
 */
export type PresenceUpdate = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Each person once, in order of coming.
 */
usersOnline: Array<OnlineUser>, };

/**
 * Event `hand:raise`.
 */
export type RaiseHand = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Up or down.
 */
raised: boolean, };

/**
 * Event `chat:react`.
 */
export type React = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The message.
 */
messageId: MessageId, 
/**
 * One emoji.
 */
emoji: string, 
/**
 * Put there, or taken away.
 */
on: boolean, };

/**
 * Event `chat:reaction`.
 */
export type Reacted = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * The message.
 */
messageId: MessageId, 
/**
 * Who.
 */
userId: UserId, 
/**
 * The emoji.
 */
emoji: string, 
/**
 * Put there, or taken away.
 */
on: boolean, };

/**
 * One emoji under a message, and who chose it.
 */
export type Reaction = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * In order of choosing.
 */
userIds: Array<UserId>, };

/**
 * Event `reaction:sent`.
 */
export type ReactionSent = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Whose tile.
 */
socketId: SocketId, 
/**
 * Who.
 */
userId: UserId, 
/**
 * The emoji.
 */
emoji: string, };

/**
 * Event `chat:read`.
 */
export type ReadUpTo = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The place of the newest entry that was seen; it moves forward only.
 */
seq: number, };

/**
 * Event `chat:receipt`: how far someone has read.
 */
export type Receipt = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Who.
 */
userId: UserId, 
/**
 * Up to this place in the room log.
 */
seq: number, };

/**
 * Event `control:removeGuests`: all guests leave, and are taken out of the members. Who has the link may come in
 * again where the room takes guests.
 */
export type RemoveGuests = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Shown to them; at most 200 characters.
 */
reason?: string, };

/**
 * Event `whiteboard:restore`.
 */
export type RestoreBoard = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * A version of this room's board.
 */
versionId: VersionId, };

/**
 * What a person is in a room, lowest first.
 */
export type Role = "guest" | "member" | "mod" | "owner";

/**
 * A room as its members see it.
 */
export type Room = { 
/**
 * For ever.
 */
roomId: RoomId, 
/**
 * Short, for people to pass on.
 */
code: string, 
/**
 * 1 to 120 characters.
 */
title: string, 
/**
 * Group or direct.
 */
kind: RoomKind, 
/**
 * Who it belongs to.
 */
ownerId: UserId, 
/**
 * How it behaves.
 */
settings: RoomSettings, 
/**
 * When it was made.
 */
createdAt: number, };

/**
 * The answer to [`CreateRoom`].
 */
export type RoomCreated = { 
/**
 * For ever.
 */
roomId: RoomId, 
/**
 * Short, for people to pass on.
 */
code: string, 
/**
 * The address that opens the room in a browser.
 */
joinLink: string, };

/**
 * A room, for ever. People type its `code` instead.
 */
export type RoomId = string;

/**
 * `POST /api/rooms/:id/join`: the caller is a member now.
 */
export type RoomJoined = { 
/**
 * The room.
 */
room: Room, 
/**
 * The caller's role there.
 */
role: Role, };

/**
 * Whether a room is for a group or for two.
 */
export type RoomKind = "group" | "direct";

/**
 * `GET /api/rooms`: the caller's rooms, the one joined last first.
 */
export type RoomList = { 
/**
 * One a room.
 */
rooms: Array<RoomListing>, 
/**
 * To be passed as `after` for the next page; none when there is none.
 */
next: string | null, };

/**
 * A room in the caller's list.
 */
export type RoomListing = { 
/**
 * The room.
 */
room: Room, 
/**
 * The caller's role there.
 */
role: Role, 
/**
 * When the caller first joined.
 */
joinedAt: number, 
/**
 * Messages of others after the caller's read marker, counted up to 100.
 */
unread: number, 
/**
 * The other one, in a room of kind `direct`.
 */
peer?: OnlineUser, };

/**
 * A member as other members see them.
 */
export type RoomMember = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * As in their profile.
 */
name: string, 
/**
 * Where their picture is; absent when there is none.
 */
avatarUrl?: string, 
/**
 * What they are here.
 */
role: Role, 
/**
 * When they first joined.
 */
joinedAt: number, };

/**
 * The answer to [`PatchRoom`].
 */
export type RoomPatched = { 
/**
 * As it is now.
 */
room: Room, };

/**
 * `GET /api/rooms/:id`: what one may know before joining. `room` and `role` are there for
 * members only, so that outsiders learn no private facts.
 */
export type RoomPreview = { 
/**
 * For ever.
 */
roomId: RoomId, 
/**
 * Short, for people to pass on.
 */
code: string, 
/**
 * The room's title.
 */
title: string, 
/**
 * Who may come in.
 */
access: Access, 
/**
 * Whether people without an account may.
 */
guests: boolean, 
/**
 * All of it, for members.
 */
room?: Room, 
/**
 * The caller's role, for members.
 */
role?: Role, };

/**
 * What a client names a room by: its [`RoomId`] or its code (docs/PROTOCOL.md).
 */
export type RoomRef = string;

/**
 * How a room behaves.
 */
export type RoomSettings = { 
/**
 * Who may come in.
 */
access: Access, 
/**
 * Whether people without an account may.
 */
guests: boolean, 
/**
 * Participants at one time, 1 to 1000.
 */
capacity: number, 
/**
 * While true no one comes in but moderators.
 */
locked: boolean, 
/**
 * Who may draw on the board.
 */
whoDraws: Whom, 
/**
 * Who may run the timer.
 */
whoRunsTimer: Whom, 
/**
 * Whether people muted by a moderator may unmute themselves.
 */
selfUnmute: boolean, 
/**
 * Whether the timer's phases mute and open the room.
 */
timerDrivesRoom: boolean, 
/**
 * Seconds a person waits between two messages; 0 for none, 3600 at most.
 */
slowModeSec: number, };

/**
 * Settings to change; what is absent stays.
 */
export type RoomSettingsPatch = { 
/**
 * See [`RoomSettings::access`].
 */
access?: Access, 
/**
 * See [`RoomSettings::guests`].
 */
guests?: boolean, 
/**
 * See [`RoomSettings::capacity`].
 */
capacity?: number, 
/**
 * See [`RoomSettings::locked`].
 */
locked?: boolean, 
/**
 * See [`RoomSettings::who_draws`].
 */
whoDraws?: Whom, 
/**
 * See [`RoomSettings::who_runs_timer`].
 */
whoRunsTimer?: Whom, 
/**
 * See [`RoomSettings::self_unmute`].
 */
selfUnmute?: boolean, 
/**
 * See [`RoomSettings::timer_drives_room`].
 */
timerDrivesRoom?: boolean, 
/**
 * See [`RoomSettings::slow_mode_sec`].
 */
slowModeSec?: number, };

/**
 * All one needs to show a room; the board follows as `whiteboard:snapshot`.
 */
export type RoomState = { 
/**
 * The room.
 */
room: Room, 
/**
 * The receiver.
 */
you: You, 
/**
 * Everyone in the room, the receiver too, in order of coming.
 */
participants: Array<Participant>, 
/**
 * The newest page, oldest first; with `chatSeq` given and near enough, only what is later.
 */
messages: Array<Message>, 
/**
 * True when `messages` replaces what the client has; false when it follows on.
 */
reset: boolean, 
/**
 * Messages the client has already, which changed after its `chatSeq`; empty with `reset`.
 */
amended: Array<Message>, 
/**
 * What moderators keep in view, the oldest first.
 */
pinned: Array<Message>, 
/**
 * How far people have read.
 */
receipts: Array<Receipt>, 
/**
 * Position of the room log that this state is at.
 */
chatSeq: number, 
/**
 * Position of the board log that the board parts and updates start from.
 */
boardSeq: number, 
/**
 * The study timer.
 */
timer: TimerState, 
/**
 * The room's tasks, in order.
 */
tasks: Array<Task>, 
/**
 * STUN and TURN servers with the receiver's own short-lived credentials.
 */
iceServers: Array<IceServer>, 
/**
 * The server's clock.
 */
serverTime: number, };

/**
 * `GET /api/rooms/:id/stats`.
 */
export type RoomStats = { 
/**
 * Who has worked most, first.
 */
people: Array<FocusPerson>, };

/**
 * Event `room:updated`: title, settings or a role changed; also to one who waited and was let in.
 */
export type RoomUpdated = { 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * As it is now.
 */
room: Room, };

/**
 * Events `timer:pause`, `timer:resume`, `timer:skip` and `timer:stop`.
 */
export type RunTimer = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, };

/**
 * Event `whiteboard:save`.
 */
export type SaveBoard = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * 1 to 120 characters.
 */
title?: string, 
/**
 * A small picture of it: `data:image/png;base64,…`, also JPEG or WebP, or its bytes; at most
 * 200,000 bytes as a data URL.
 */
dataUrl?: string | Uint8Array, };

/**
 * Event `signal:ice` as a client sends it.
 */
export type SendCandidate = { 
/**
 * Who shall get it; `to` is accepted too.
 */
toSocketId: SocketId, 
/**
 * An ICE candidate; null for the end of candidates.
 */
candidate: RTCIceCandidateInit | null, };

/**
 * Events `signal:offer` and `signal:answer` as a client sends them.
 */
export type SendDescription = { 
/**
 * Who shall get it; `to` is accepted too.
 */
toSocketId: SocketId, 
/**
 * A session description, or its `sdp` text alone.
 */
sdp: RTCSessionDescriptionInit, };

/**
 * Event `chat:message` as a client sends it.
 */
export type SendMessage = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * 1 to 4000 characters.
 */
text: string, 
/**
 * At most 10.
 */
attachments?: Array<Attachment>, 
/**
 * The message it answers.
 */
replyTo?: MessageId, 
/**
 * The same id again from the same person is the same message: nothing is stored twice.
 */
eventId?: EventId, };

/**
 * Event `reaction:send`: shown on the sender's tile for a moment, never stored.
 */
export type SendReaction = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * One emoji.
 */
emoji: string, };

/**
 * Payload of every event the server sends, by name.
 */
export type ServerEvents = { 
/**
 * The room at the moment of joining.
 */
joined: Joined, 
/**
 * A socket came.
 */
"user:joined": UserJoined, 
/**
 * A participant changed.
 */
"user:updated": UserUpdated, 
/**
 * A socket left.
 */
"user:left": UserLeft, 
/**
 * Who is online.
 */
"presence:update": PresenceUpdate, 
/**
 * Someone types, or no longer does.
 */
"presence:typing": Typing, 
/**
 * A message; from the room log.
 */
"chat:message": MessageSent, 
/**
 * A message has another text; from the room log.
 */
"chat:edited": MessageEdited, 
/**
 * A message is gone; from the room log.
 */
"chat:deleted": MessageDeleted, 
/**
 * An emoji came or went; from the room log.
 */
"chat:reaction": Reacted, 
/**
 * A message is kept in view, or no longer; from the room log.
 */
"chat:pinned": MessagePinned, 
/**
 * How far someone has read.
 */
"chat:receipt": Receipt, 
/**
 * The board, in parts.
 */
"whiteboard:snapshot": BoardSnapshot, 
/**
 * A change of the board; from the board log.
 */
"whiteboard:update": BoardUpdate, 
/**
 * Where someone's pointer is.
 */
"whiteboard:cursor": Cursor, 
/**
 * A file; from the room log.
 */
"file:shared": FileShared, 
/**
 * A file is gone; from the room log.
 */
"file:deleted": FileDeleted, 
/**
 * An offer for this socket.
 */
"signal:offer": Description, 
/**
 * An answer for this socket.
 */
"signal:answer": Description, 
/**
 * A candidate for this socket.
 */
"signal:ice": Candidate, 
/**
 * Someone's emoji, for a moment.
 */
"reaction:sent": ReactionSent, 
/**
 * A moderator muted someone; from the room log.
 */
"control:muted": Muted, 
/**
 * Someone must go; from the room log.
 */
"control:kicked": Kicked, 
/**
 * Who stands at the door; to moderators.
 */
"control:waiting": Waiting, 
/**
 * Title, settings or a role changed; from the room log.
 */
"room:updated": RoomUpdated, 
/**
 * The timer; from the room log.
 */
"timer:state": TimerChanged, 
/**
 * A task is new or changed; from the room log.
 */
"task:updated": TaskUpdated, 
/**
 * A task is gone; from the room log.
 */
"task:deleted": TaskDeleted, 
/**
 * What an ack would have said, where none was asked for.
 */
error: ErrorEvent, };

/**
 * Event `media:state`.
 */
export type SetMedia = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * A live microphone.
 */
audio: boolean, 
/**
 * A live camera.
 */
video: boolean, 
/**
 * A shared screen.
 */
screen: boolean, };

/**
 * Event `control:role`.
 */
export type SetRole = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * A member.
 */
userId: UserId, 
/**
 * `member`, `mod`, or `owner`, which hands the room over: the giver becomes a moderator.
 */
role: Role, };

/**
 * Event `presence:typing` as a client sends it.
 */
export type SetTyping = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Ends by itself 5 s after the last `true`.
 */
isTyping: boolean, };

/**
 * An identity provider to sign in at.
 */
export type SignInProvider = { 
/**
 * As in `/api/auth/oidc/:id`.
 */
id: string, 
/**
 * Shown on the button.
 */
name: string, };

/**
 * `GET /api/auth/providers`.
 */
export type SignInProviders = { 
/**
 * In the order of the configuration.
 */
providers: Array<SignInProvider>, };

/**
 * Who signals.
 */
export type SignalUser = { 
/**
 * Who.
 */
userId: UserId, 
/**
 * As shown in the room both are in.
 */
name: string, 
/**
 * As that room gave it.
 */
role: Role, };

/**
 * The answer to every way of signing in; the refresh token travels beside it, in a cookie.
 */
export type SignedIn = { 
/**
 * The JWT for `Authorization: Bearer` and for the socket's `auth.token`.
 */
accessToken: string, 
/**
 * Seconds until the access token ends.
 */
expiresIn: number, 
/**
 * Who is signed in.
 */
user: UserProfile, };

/**
 * The request that uploads a part.
 */
export type SignedPart = { 
/**
 * Which.
 */
number: number, 
/**
 * Bytes.
 */
size: number, 
/**
 * `PUT`.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * All of them must be sent. The length, which is signed too, is sent by itself.
 */
headers: { [key in string]: string }, };

/**
 * A request that is signed: sent as it is, with these headers, it is let through.
 */
export type SignedRequest = { 
/**
 * `PUT`.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * All of them must be sent. The length, which is signed too, is sent by itself.
 */
headers: { [key in string]: string }, };

/**
 * `POST /api/auth/signup`.
 */
export type Signup = { 
/**
 * Unique, compared without regard to case.
 */
email: string, 
/**
 * 8 to 256 characters.
 */
password: string, 
/**
 * Shown to others; 1 to 60 characters.
 */
name: string, };

/**
 * `auth` of the socket's CONNECT packet.
 */
export type SocketAuth = { 
/**
 * The access JWT.
 */
token: string, 
/**
 * Chosen at random by a client for as long as it lives in memory: a socket that comes back
 * with the same one keeps its `socketId`, so that calls go on.
 */
session?: string, };

/**
 * The public id of one socket. Never the engine.io session id, which would let others take
 * the connection over (SPEC 3.4).
 */
export type SocketId = string;

/**
 * `POST /api/dms`.
 */
export type StartDirect = { 
/**
 * The other one.
 */
userId: UserId, };

/**
 * Event `timer:start`.
 */
export type StartTimer = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Minutes of work, 1 to 180; 25 when absent.
 */
focusMin?: number, 
/**
 * Minutes of a short rest, 1 to 60; 5 when absent.
 */
breakMin?: number, 
/**
 * Minutes of the long rest, 1 to 120; 15 when absent.
 */
longBreakMin?: number, 
/**
 * How many times work comes before the long rest, 1 to 12; 4 when absent.
 */
cycles?: number, };

/**
 * `GET /api/rooms/:id/summaries`.
 */
export type SummaryPage = { 
/**
 * Days on which something happened, the oldest of the page first.
 */
summaries: Array<DaySummary>, 
/**
 * What to pass as `before` for the days before these; null when there are none.
 */
next: string | null, };

/**
 * Event `room:sync`: what came after the positions that a client has.
 */
export type SyncRoom = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The highest `seq` of the room log this client has.
 */
chatSeq: number, 
/**
 * The highest `seq` of the board log this client has.
 */
boardSeq?: number, };

/**
 * The ack of `room:sync`.
 */
export type Synced = { 
/**
 * True when the client is too far behind: `messages` is the newest page then, and replaces
 * what the client has.
 */
reset: boolean, 
/**
 * Position of the room log that this is at.
 */
chatSeq: number, 
/**
 * What came after, oldest first.
 */
messages: Array<Message>, 
/**
 * Messages the client has already, which changed after its `chatSeq`; empty with `reset`.
 */
amended: Array<Message>, 
/**
 * As it is now.
 */
room: Room, 
/**
 * As it is now.
 */
timer: TimerState, 
/**
 * As they are now, in order.
 */
tasks: Array<Task>, 
/**
 * What moderators keep in view, the oldest first.
 */
pinned: Array<Message>, 
/**
 * Position of the board log that this is at.
 */
boardSeq: number, 
/**
 * True when all of the board follows, as `whiteboard:snapshot`: the client asked for it and
 * is too far behind.
 */
boardReset: boolean, 
/**
 * What was drawn after `boardSeq`, oldest first; empty when the client did not ask for it.
 */
updates: Array<BoardUpdate>, 
/**
 * The server's clock.
 */
serverTime: number, };

/**
 * One task.
 */
export type Task = { 
/**
 * For ever.
 */
id: TaskId, 
/**
 * What is to be done.
 */
title: string, 
/**
 * How far it is.
 */
status: TaskStatus, 
/**
 * Who does it.
 */
assigneeId?: UserId, 
/**
 * Lower is higher up.
 */
order: number, };

/**
 * The ack of `task:create` and `task:update`, and the answer to both by HTTP.
 */
export type TaskAck = { 
/**
 * As it is now.
 */
task: Task, };

/**
 * Event `task:deleted`.
 */
export type TaskDeleted = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * Which.
 */
taskId: TaskId, };

/**
 * A task of a room.
 */
export type TaskId = string;

/**
 * `GET /api/rooms/:id/tasks`.
 */
export type TaskList = { 
/**
 * In order.
 */
tasks: Array<Task>, };

/**
 * What changes of a task; what is absent stays. Also `PATCH /api/rooms/:id/tasks/:taskId`.
 */
export type TaskPatch = { 
/**
 * 1 to 200 characters.
 */
title?: string, 
/**
 * How far it is.
 */
status?: TaskStatus, 
/**
 * A member of the room, or null for no one.
 */
assigneeId?: UserId | null, 
/**
 * Finite; lower is higher up.
 */
order?: number, };

/**
 * Whether a task is done.
 */
export type TaskStatus = "open" | "doing" | "done";

/**
 * Event `task:updated`: a new task, or one that changed.
 */
export type TaskUpdated = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * As it is now.
 */
task: Task, };

/**
 * A small picture of a file, made where the file is, and kept beside it.
 */
export type Thumbnail = { 
/**
 * In bytes, at most 256 KiB.
 */
size: number, 
/**
 * `image/jpeg`, `image/png` or `image/webp`.
 */
mimeType: string, };

/**
 * The ack of every `timer:*` event, and the answer to the same by HTTP.
 */
export type TimerAck = { 
/**
 * As it is now.
 */
state: TimerState, };

/**
 * Event `timer:state`.
 */
export type TimerChanged = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Place in the room log.
 */
seq: number, 
/**
 * As it is now.
 */
state: TimerState, };

/**
 * `POST /api/rooms/:id/pomodoro/start`: [`StartTimer`] without the room, which the path names.
 */
export type TimerLengths = { 
/**
 * Minutes of work, 1 to 180; 25 when absent.
 */
focusMin?: number, 
/**
 * Minutes of a short rest, 1 to 60; 5 when absent.
 */
breakMin?: number, 
/**
 * Minutes of the long rest, 1 to 120; 15 when absent.
 */
longBreakMin?: number, 
/**
 * How many times work comes before the long rest, 1 to 12; 4 when absent.
 */
cycles?: number, };

/**
 * What the timer counts.
 */
export type TimerPhase = "focus" | "break" | "longBreak" | "idle";

/**
 * Lengths of the phases.
 */
export type TimerSettings = { 
/**
 * Minutes of work.
 */
focusMin: number, 
/**
 * Minutes of a short rest.
 */
breakMin: number, 
/**
 * Minutes of the long rest.
 */
longBreakMin: number, 
/**
 * How many times work comes before the long rest.
 */
cycles: number, };

/**
 * The timer of a room.
 */
export type TimerState = { 
/**
 * What it counts.
 */
phase: TimerPhase, 
/**
 * False while paused or idle.
 */
running: boolean, 
/**
 * When the phase ends, by the server's clock; none while paused or idle.
 */
endsAt: number | null, 
/**
 * What was left when it was paused; none while running or idle.
 */
remainingMs: number | null, 
/**
 * 1 for the first; 0 while idle.
 */
cycle: number, 
/**
 * Lengths of the phases.
 */
settings: TimerSettings, 
/**
 * Who started it.
 */
startedBy: UserId | null, };

/**
 * Event `presence:typing` as the others get it.
 */
export type Typing = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Who types.
 */
userId: UserId, 
/**
 * On which socket.
 */
socketId: SocketId, 
/**
 * Whether they still do.
 */
isTyping: boolean, };

/**
 * Event `control:unban`.
 */
export type Unban = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * Who may come back.
 */
userId: UserId, };

/**
 * Event `task:update`.
 */
export type UpdateTask = { 
/**
 * The room's id or code.
 */
roomId: RoomRef, 
/**
 * The task.
 */
taskId: TaskId, 
/**
 * What changes.
 */
patch: TaskPatch, };

/**
 * An upload that is not announced yet, for who goes on with it.
 */
export type UploadState = { 
/**
 * Which.
 */
uploadId: string, 
/**
 * As asked for.
 */
name: string, 
/**
 * As asked for.
 */
size: number, 
/**
 * As asked for.
 */
mimeType: string, 
/**
 * What will name it.
 */
fileUrl: string, 
/**
 * How it is cut; none where it comes at once.
 */
parts?: PartPlan, 
/**
 * Numbers of the parts that are there, in order.
 */
stored: Array<number>, 
/**
 * Whether all of it is there, and put together.
 */
complete: boolean, };

/**
 * Where to upload a file.
 */
export type UploadUrl = { 
/**
 * For ever.
 */
uploadId: string, 
/**
 * What names the file in messages; what is behind it, members of the room get.
 */
fileUrl: string, 
/**
 * When the signatures end.
 */
expiresAt: number, 
/**
 * How it is cut, where parts were asked for; `POST /api/uploads/:id/parts` signs them.
 */
parts?: PartPlan, 
/**
 * The request that uploads the small picture.
 */
thumbnail?: SignedRequest, 
/**
 * `PUT`.
 */
method: string, 
/**
 * Where to.
 */
url: string, 
/**
 * All of them must be sent. The length, which is signed too, is sent by itself.
 */
headers: { [key in string]: string }, };

/**
 * A person, signed up or guest.
 */
export type UserId = string;

/**
 * Event `user:joined`.
 */
export type UserJoined = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * The socket that came.
 */
socketId: SocketId, 
/**
 * Who came.
 */
user: Participant, };

/**
 * Event `user:left`.
 */
export type UserLeft = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * The socket that left.
 */
socketId: SocketId, 
/**
 * Whose it was.
 */
userId: UserId, 
/**
 * Why.
 */
reason: LeaveReason, };

/**
 * A person, as that person sees it.
 */
export type UserProfile = { 
/**
 * For ever.
 */
userId: UserId, 
/**
 * Shown to others.
 */
name: string, 
/**
 * None for guests.
 */
email?: string, 
/**
 * True for a person without an account.
 */
guest: boolean, 
/**
 * IANA name, like `Europe/Helsinki`; `UTC` until it is set. Days of work are counted in it.
 */
timeZone: string, 
/**
 * Where one's picture is; absent until there is one.
 */
avatarUrl?: string, };

/**
 * Event `user:updated`.
 */
export type UserUpdated = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * The socket it is about.
 */
socketId: SocketId, 
/**
 * As it is now.
 */
user: Participant, };

/**
 * A saved version of a board.
 */
export type VersionId = string;

/**
 * Event `control:waiting`, to moderators: who stands at the door, in order of coming.
 */
export type Waiting = { 
/**
 * The room.
 */
roomId: RoomId, 
/**
 * Each person once.
 */
users: Array<OnlineUser>, };

/**
 * Who may do something that a room can leave to all or keep for its moderators.
 */
export type Whom = "everyone" | "mods";

/**
 * Who the receiver is in the room.
 */
export type You = { 
/**
 * The receiver's own public socket id.
 */
socketId: SocketId, 
/**
 * The receiver.
 */
userId: UserId, 
/**
 * As others see it.
 */
name: string, 
/**
 * As the room gave it.
 */
role: Role, };
