//! Rooms and members in the embedded store.

use super::{Embedded, following, from_json, from_word, projection, store_error, to_json, to_word};
use crate::messages::pair_key;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use studyrooms_domain::{
    log::Entry,
    rooms::{Member, Room},
    store::{MemberPlace, MemberRooms, PersonPlace, Rooms, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, RoomRef, UserId},
};

const ROOM: &str = "rooms.room_id, code, title, kind, owner_id, settings, created_at";
const MEMBER: &str = "members.room_id, members.user_id, role, joined_at";
/// Who is banned is no member.
const NOT_BANNED: &str = "NOT EXISTS (SELECT 1 FROM bans WHERE bans.room_id = members.room_id
     AND bans.user_id = members.user_id)";

/// Reads a room from the columns of [`ROOM`].
fn room(row: &Row<'_>) -> rusqlite::Result<Room> {
    Ok(Room {
        room_id: RoomId(row.get(0)?),
        code: row.get(1)?,
        title: row.get(2)?,
        kind: from_word(3, row.get_ref(3)?.as_str()?)?,
        owner_id: UserId(row.get(4)?),
        settings: from_json(5, row.get_ref(5)?.as_str()?)?,
        created_at: row.get(6)?,
    })
}

/// Reads a member from the columns of [`MEMBER`], the first of them at `first`.
fn member(row: &Row<'_>, first: usize) -> rusqlite::Result<Member> {
    Ok(Member {
        room_id: RoomId(row.get(first)?),
        user_id: UserId(row.get(first + 1)?),
        role: from_word(first + 2, row.get_ref(first + 2)?.as_str()?)?,
        joined_at: row.get(first + 3)?,
    })
}

/// False, and nothing stored, when they are banned.
pub(super) fn insert_member(connection: &Connection, member: &Member) -> rusqlite::Result<bool> {
    let Member { room_id, user_id, role, joined_at } = member;
    let is_banned = connection
        .prepare_cached("SELECT 1 FROM bans WHERE room_id = ? AND user_id = ?")?
        .exists(params![room_id.0, user_id.0])?;
    if !is_banned {
        connection
            .prepare_cached("INSERT OR IGNORE INTO members (room_id, user_id, role, joined_at) VALUES (?, ?, ?, ?)")?
            .execute(params![room_id.0, user_id.0, to_word(role)?, joined_at])?;
    }
    Ok(!is_banned)
}

/// Rooms of a person from a place on, by the index that has them in this order.
fn of_user_sql() -> String {
    format!(
        "SELECT {ROOM}, {MEMBER} FROM members INDEXED BY members_by_user CROSS JOIN rooms USING (room_id)
         WHERE members.user_id = ?1 AND {NOT_BANNED} AND joined_at <= ?2 AND (joined_at < ?2 OR members.room_id > ?3)
         ORDER BY joined_at DESC, members.room_id LIMIT ?4"
    )
}

/// Members of a room from a place on, by the index that has them in this order.
fn members_sql() -> String {
    format!(
        "SELECT {MEMBER} FROM members INDEXED BY members_in_order
         WHERE room_id = ?1 AND (joined_at, user_id) > (?2, ?3) AND {NOT_BANNED}
         ORDER BY joined_at, user_id LIMIT ?4"
    )
}

/// Every table whose rows go with a room beside what workers keep, the room itself last. Uploads stay until
/// their objects are gone.
const TABLES: [&str; 11] = [
    "members",
    "bans",
    "address_bans",
    "read_markers",
    "snapshots",
    "kept_snapshots",
    "versions",
    "room_folds",
    "tokens",
    "entries",
    "rooms",
];

fn insert_room(connection: &Connection, room: &Room, pair: Option<&str>) -> rusqlite::Result<bool> {
    let Room { room_id, code, title, kind, owner_id, settings, created_at } = room;
    let mut insert = connection.prepare_cached(
        "INSERT INTO rooms (room_id, code, title, kind, owner_id, settings, created_at, pair)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING",
    )?;
    let (kind, settings) = (to_word(kind)?, to_json(settings)?);
    Ok(insert.execute(params![room_id.0, code, title, kind, owner_id.0, settings, created_at, pair])? == 1)
}

#[async_trait]
impl Rooms for Embedded {
    async fn add(&self, room: Room, owner: Member) -> Stored<bool> {
        self.write(move |connection| {
            let added = insert_room(connection, &room, None)?;
            if added {
                insert_member(connection, &owner)?;
            }
            Ok(added)
        })
        .await
    }

    async fn direct(&self, new: Room, pair: [Member; 2]) -> Stored<Room> {
        let direct = self.write(move |connection| {
            let key = pair_key(&pair);
            let found = connection
                .prepare_cached(&format!("SELECT {ROOM} FROM rooms WHERE pair = ?"))?
                .query_row([&key], room)
                .optional()?;
            let direct = match found {
                Some(found) => found,
                None if insert_room(connection, &new, Some(&key))? => new,
                None => return Ok(None),
            };
            for member in pair {
                insert_member(connection, &Member { room_id: direct.room_id.clone(), ..member })?;
            }
            Ok(Some(direct))
        });
        direct.await?.ok_or_else(|| StoreError::Unavailable("the room's code is taken; try another".into()))
    }

    async fn lookup(&self, reference: &RoomRef) -> Stored<Option<Room>> {
        let reference = reference.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("SELECT {ROOM} FROM rooms WHERE room_id = ?1 OR code = ?1"))?
                .query_row([reference], room)
                .optional()
        })
        .await
    }

    async fn project(&self, entry: &Entry) -> Stored<()> {
        let entry = entry.clone();
        self.write(move |connection| projection::project(connection, &entry)).await
    }

    async fn projected(&self, room_id: &RoomId) -> Stored<Option<Seq>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| projection::projected(connection, &room_id)).await
    }

    async fn note_projected(&self, room_id: &RoomId, seq: Seq) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| projection::note(connection, &room_id, seq)).await
    }

    async fn remove(&self, room_id: &RoomId) -> Stored<bool> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            let mut doom = connection.prepare_cached("UPDATE uploads SET doomed = 1 WHERE room_id = ?")?;
            doom.execute([&room_id])?;
            let mut removed = 0;
            for table in following::TABLES.into_iter().chain(TABLES) {
                removed = connection
                    .prepare_cached(&format!("DELETE FROM {table} WHERE room_id = ?"))?
                    .execute([&room_id])?;
            }
            Ok(removed == 1)
        })
        .await
    }

    async fn member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Member>> {
        let key = [room_id.0.clone(), user_id.0.clone()];
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {MEMBER} FROM members WHERE room_id = ? AND user_id = ? AND {NOT_BANNED}"
                ))?
                .query_row(key, |row| member(row, 0))
                .optional()
        })
        .await
    }

    async fn add_member(&self, member: Member) -> Stored<bool> {
        self.write(move |connection| insert_member(connection, &member)).await
    }

    async fn end_membership(&self, room_id: &RoomId, user_id: &UserId, until: Timestamp) -> Stored<()> {
        let (room_id, user_id) = (room_id.clone(), user_id.clone());
        self.write(move |connection| projection::end_membership(connection, room_id.as_str(), user_id.as_str(), until))
            .await
    }

    async fn members(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Member>> {
        let room_id = room_id.0.clone();
        // No id is empty.
        let (joined_at, user_id) = after.map_or((0, String::new()), |(at, id)| (*at, id.0.clone()));
        self.read(move |connection| {
            connection
                .prepare_cached(&members_sql())?
                .query_map(params![room_id, joined_at, user_id, limit], |row| member(row, 0))?
                .collect()
        })
        .await
    }

    async fn moderators(&self, room_id: &RoomId) -> Stored<Vec<Member>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {MEMBER} FROM members INDEXED BY members_moderating
                     WHERE room_id = ? AND role IN ('mod', 'owner') AND {NOT_BANNED}"
                ))?
                .query_map([room_id], |row| member(row, 0))?
                .collect()
        })
        .await
    }

    async fn page(&self, after: Option<&RoomId>, limit: usize) -> Stored<Vec<RoomId>> {
        // No id is empty.
        let after = after.map(|room_id| room_id.0.clone()).unwrap_or_default();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT room_id FROM rooms WHERE room_id > ? ORDER BY room_id LIMIT ?")?
                .query_map(params![after, limit], |row| Ok(RoomId(row.get(0)?)))?
                .collect()
        })
        .await
    }

    async fn of_user(&self, user_id: &UserId, after: Option<&MemberPlace>, limit: usize) -> Stored<MemberRooms> {
        let user_id = user_id.0.clone();
        let (joined_at, room_id) =
            after.map_or((i64::MAX, ""), |(at, id)| (i64::try_from(*at).unwrap_or(i64::MAX), id.as_str()));
        let room_id = room_id.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&of_user_sql())?;
            let found = select
                .query_map(params![user_id, joined_at, room_id, limit], |row| Ok((room(row)?, member(row, 7)?)))?;
            let rooms = found.collect::<rusqlite::Result<Vec<_>>>()?;
            let last = rooms.last().filter(|_| rooms.len() == limit);
            let next = last.map(|(_, member)| (member.joined_at, member.room_id.clone()));
            Ok(MemberRooms { rooms, next })
        })
        .await
    }

    async fn others(&self, room_ids: &[RoomId], except: &UserId) -> Stored<Vec<Member>> {
        let (room_ids, except) = (to_json(&room_ids).map_err(|error| store_error(&error))?, except.0.clone());
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {MEMBER} FROM json_each(?) AS wanted CROSS JOIN members
                     ON members.room_id = wanted.value AND members.user_id <> ?"
                ))?
                .query_map([room_ids, except], |row| member(row, 0))?
                .collect()
        })
        .await
    }
}
