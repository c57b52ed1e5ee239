//! How a membership begins. A membership is a record beside the room log, and the log ends memberships: what is
//! written to both at the same moment must agree.

use crate::app::Stores;
use studyrooms_domain::{
    Refusal, access,
    log::{EntryBody, LogName},
    rooms::Member,
    system::Clock,
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
    rooms::Role,
};

/// Entries that end memberships and are looked at in one read.
const PAGE: usize = 100;

/// Makes someone a member, for whom all that was said before is read, and gives since when. The membership
/// begins behind the log, also by its times: an entry that ends it and is written meanwhile would leave a
/// member who is listed and refused, so it begins again behind that entry.
///
/// # Errors
/// `banned` for who is banned at this moment, `unavailable`.
pub async fn become_member(
    stores: &Stores,
    clock: &dyn Clock,
    room_id: &RoomId,
    user_id: &UserId,
    role: Role,
) -> Result<Timestamp, Refusal> {
    let mut seen = stores.logs.last_seq(room_id, LogName::Room).await?;
    // Clocks of instances are apart: the newest entry may bear a time that is still to come.
    let newest = stores.logs.after(room_id, LogName::Room, seen.saturating_sub(1), 1).await?;
    let mut joined_at = newest.iter().map(|entry| entry.timestamp + 1).fold(clock.now(), Timestamp::max);
    stores.read_markers.advance(room_id, user_id, seen).await?;
    loop {
        let member = Member { room_id: room_id.clone(), user_id: user_id.clone(), role, joined_at };
        if !stores.rooms.add_member(member).await? {
            let ban = stores.bans.lookup(room_id, user_id).await?;
            return Err(access::banned(ban.and_then(|ban| ban.reason).as_deref()));
        }
        let Some((seq, at)) = ended_after(stores, room_id, seen, (user_id, role)).await? else {
            return Ok(joined_at);
        };
        seen = seq;
        if at >= joined_at {
            stores.rooms.end_membership(room_id, user_id, joined_at).await?;
            joined_at = at + 1;
        }
    }
}

/// The last entry above `seq` that ends someone's membership: its position, and its time.
async fn ended_after(
    stores: &Stores,
    room_id: &RoomId,
    mut seq: u64,
    (user_id, role): (&UserId, Role),
) -> Result<Option<(u64, Timestamp)>, Refusal> {
    let mut ended = None;
    loop {
        let page = stores.logs.page_after(room_id, LogName::Room, EntryBody::ENDS_MEMBERSHIP, seq, PAGE).await?;
        for entry in &page {
            seq = entry.seq;
            if ends(&entry.body, user_id, role) {
                ended = Some((entry.seq, entry.timestamp));
            }
        }
        if page.len() < PAGE {
            return Ok(ended);
        }
    }
}

/// Bans are not among them: the records keep whom they mean out.
fn ends(body: &EntryBody, user_id: &UserId, role: Role) -> bool {
    match body {
        EntryBody::Resigned { target } => target == user_id,
        EntryBody::GuestsRemoved { .. } => role == Role::Guest,
        _ => false,
    }
}
