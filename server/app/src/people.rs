//! All people of a room, page by page.

use studyrooms_domain::{
    rooms::{Ban, Member},
    store::{Bans, Rooms, Stored},
};
use studyrooms_protocol::ids::RoomId;

/// People read at a time.
pub(crate) const PAGE: usize = 500;

/// Everyone who is banned, the newest first.
///
/// # Errors
/// Those of the store.
pub(crate) async fn all_bans(bans: &dyn Bans, room_id: &RoomId) -> Stored<Vec<Ban>> {
    let mut all: Vec<Ban> = vec![];
    loop {
        let after = all.last().map(|ban| (ban.at, ban.user_id.clone()));
        let page = bans.of_room(room_id, after.as_ref(), PAGE).await?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// All members, the first to join first.
///
/// # Errors
/// Those of the store.
pub(crate) async fn all_members(rooms: &dyn Rooms, room_id: &RoomId) -> Stored<Vec<Member>> {
    let mut all: Vec<Member> = vec![];
    loop {
        let after = all.last().map(|member| (member.joined_at, member.user_id.clone()));
        let page = rooms.members(room_id, after.as_ref(), PAGE).await?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}
