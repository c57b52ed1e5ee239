// Generated from server/protocol by `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`.

/**
 * Who may come in.
 */
export type Access = "link" | "members" | "waiting";

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
mimeType?: string, };

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
"media:state": Call<SetMedia, Done>, };

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
 * 1 to 200, applied together.
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
event?: string, };

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
 * What makes an entry unique for its user: the same id again is the same entry (DESIGN 5).
 */
export type EventId = string;

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
name: string, };

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
handRaised: boolean, };

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
 * Who made it.
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
rooms: Array<RoomListing>, };

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
joinedAt: number, };

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
 * What a client names a room by: its [`RoomId`] or its code (DESIGN 4).
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
 * the connection over (DESIGN 4).
 */
export type SocketId = string;

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
updates: Array<BoardUpdate>, };

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
 * A task of a room.
 */
export type TaskId = string;

/**
 * Whether a task is done.
 */
export type TaskStatus = "open" | "doing" | "done";

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
email: string | null, 
/**
 * True for a person without an account.
 */
guest: boolean, };

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
