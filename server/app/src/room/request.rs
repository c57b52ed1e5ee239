//! What can be done in a live room, each with the action that the table of `domain::access` judges.

use super::{BoardAt, Reply, Signal};
use studyrooms_domain::{Refusal, access::Action};
use studyrooms_protocol::{
    board::{BoardSaved, Draw, DrawAck, MoveCursor, RestoreBoard, SaveBoard},
    call::Media,
    chat::{DeleteMessage, EditMessage, MessageAck, PinMessage, PostMessage, React, ReadUpTo},
    control::{Admit, Kick, Mute, RemoveGuests, SetRole, Unban},
    events::{Done, Noted},
    files::{AnnounceFile, FileAck, FileList},
    presence::{RaiseHand, SendReaction, SetTyping},
    rooms::{PatchRoom, RoomPatched, SyncRoom, Synced},
    tasks::{DeleteTask, NewTask, TaskAck, TaskList, UpdateTask},
    timer::{TimerAck, TimerLengths},
};

/// What is done with the timer.
#[derive(Clone, Copy, Debug)]
pub enum TimerRequest {
    /// `timer:start`.
    Start(TimerLengths),
    /// `timer:pause`.
    Pause,
    /// `timer:resume`.
    Resume,
    /// `timer:skip`.
    Skip,
    /// `timer:stop`.
    Stop,
}

macro_rules! requests {
    ($($(#[doc = $doc:literal])* $variant:ident($payload:ty) -> $answer:ty, $action:ident;)*) => {
        /// Something to be done in a room, and where the answer goes.
        pub enum Request {
            $($(#[doc = $doc])* $variant($payload, Reply<$answer>),)*
        }

        impl Request {
            /// What the table of rights calls it.
            #[must_use]
            pub const fn action(&self) -> Action {
                match self {
                    $(Self::$variant(..) => Action::$action,)*
                }
            }

            /// Answers with a refusal in place of carrying it out.
            pub fn refuse(self, refusal: Refusal) {
                match self {
                    $(Self::$variant(_, reply) => reply.send(Err(refusal)),)*
                }
            }
        }
    };
}

requests! {
    /// Go out.
    Leave(()) -> Done, Read;
    /// Be a member no longer.
    Resign(()) -> Done, Read;
    /// Be here, in the room or by HTTP, as the room allows it now.
    Attend(()) -> Done, Read;
    /// Tell what came after.
    Sync(SyncRoom) -> Synced, Read;
    /// Say something.
    Post(PostMessage) -> MessageAck, Post;
    /// Give a message another text.
    Edit(EditMessage) -> MessageAck, Edit;
    /// Take a message away. Someone else's is judged again, as [`Action::DeleteOthers`].
    Delete(DeleteMessage) -> Noted, Delete;
    /// Put an emoji under a message.
    React(React) -> Noted, React;
    /// Keep a message in view.
    Pin(PinMessage) -> Noted, Pin;
    /// Say how far one has read.
    Read(ReadUpTo) -> Noted, BePresent;
    /// Start or stop typing.
    Typing(SetTyping) -> Done, BePresent;
    /// Change the board.
    Draw(Draw) -> DrawAck, Draw;
    /// Move the pointer.
    Cursor(MoveCursor) -> Done, BePresent;
    /// Save a version.
    Save(SaveBoard) -> BoardSaved, Draw;
    /// Bring a version back.
    Restore(RestoreBoard) -> DrawAck, Restore;
    /// See the board.
    Board(()) -> BoardAt, Read;
    /// See the files.
    Files(()) -> FileList, Read;
    /// Share a file.
    Announce(AnnounceFile) -> FileAck, Share;
    /// Take a file away. Someone else's is judged again, as [`Action::UnshareOthers`].
    Unshare(String) -> Noted, Unshare;
    /// Say what one sends.
    Media(Media) -> Done, BePresent;
    /// Speak to one socket; who is not in this room is `not_in_room`.
    Signal(Signal) -> Done, BePresent;
    /// Raise the hand.
    Hand(RaiseHand) -> Done, BePresent;
    /// Show an emoji.
    Reaction(SendReaction) -> Done, BePresent;
    /// Mute someone.
    Mute(Mute) -> Noted, Mute;
    /// Send someone out.
    Kick(Kick) -> Noted, Kick;
    /// Send all guests out.
    RemoveGuests(RemoveGuests) -> Noted, Kick;
    /// Let someone come back.
    Unban(Unban) -> Noted, Unban;
    /// Give a role.
    SetRole(SetRole) -> Noted, SetRole;
    /// Change title and settings.
    Change(PatchRoom) -> RoomPatched, ChangeSettings;
    /// Let someone in.
    Admit(Admit) -> Noted, Admit;
    /// Take the room away for ever.
    Remove(()) -> Done, Remove;
    /// Use the timer.
    Timer(TimerRequest) -> TimerAck, RunTimer;
    /// See the tasks.
    Tasks(()) -> TaskList, Read;
    /// Add a task.
    CreateTask(NewTask) -> TaskAck, ChangeTasks;
    /// Change a task.
    UpdateTask(UpdateTask) -> TaskAck, ChangeTasks;
    /// Take a task away.
    DeleteTask(DeleteTask) -> Noted, ChangeTasks;
}
