//! Rooms and members in the embedded store.

use super::{Embedded, following, from_json, from_word, to_json, to_word};
use crate::messages::pair_key;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use studyrooms_domain::{
    rooms::{Member, Room},
    store::{Rooms, StoreError, Stored},
};
use studyrooms_protocol::{
    ids::{RoomId, RoomRef, UserId},
    rooms::Role,
};

const ROOM: &str = "rooms.room_id, code, title, kind, owner_id, settings, created_at";
const MEMBER: &str = "members.room_id, members.user_id, role, joined_at";

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

fn insert_member(connection: &Connection, member: &Member) -> rusqlite::Result<()> {
    let Member { room_id, user_id, role, joined_at } = member;
    connection
        .prepare_cached("INSERT OR IGNORE INTO members (room_id, user_id, role, joined_at) VALUES (?, ?, ?, ?)")?
        .execute(params![room_id.0, user_id.0, to_word(role)?, joined_at])?;
    Ok(())
}

/// Every table whose rows go with a room beside what workers keep, the room itself last. Uploads stay until
/// their objects are gone.
const TABLES: [&str; 9] =
    ["members", "bans", "read_markers", "snapshots", "kept_snapshots", "versions", "tokens", "entries", "rooms"];

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

    async fn update(&self, room: Room) -> Stored<bool> {
        self.write(move |connection| {
            let mut update = connection.prepare_cached("UPDATE rooms SET title = ?, settings = ? WHERE room_id = ?")?;
            Ok(update.execute(params![room.title, to_json(&room.settings)?, room.room_id.0])? == 1)
        })
        .await
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
                .prepare_cached(&format!("SELECT {MEMBER} FROM members WHERE room_id = ? AND user_id = ?"))?
                .query_row(key, |row| member(row, 0))
                .optional()
        })
        .await
    }

    async fn add_member(&self, member: Member) -> Stored<()> {
        self.write(move |connection| insert_member(connection, &member)).await
    }

    async fn set_role(&self, room_id: &RoomId, user_id: &UserId, role: Role) -> Stored<bool> {
        let (room_id, user_id) = (room_id.0.clone(), user_id.0.clone());
        self.write(move |connection| {
            let mut update =
                connection.prepare_cached("UPDATE members SET role = ? WHERE room_id = ? AND user_id = ?")?;
            Ok(update.execute(params![to_word(&role)?, room_id, user_id])? == 1)
        })
        .await
    }

    async fn members(&self, room_id: &RoomId) -> Stored<Vec<Member>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("SELECT {MEMBER} FROM members WHERE room_id = ? ORDER BY joined_at, user_id"))?
                .query_map([room_id], |row| member(row, 0))?
                .collect()
        })
        .await
    }

    async fn remove_member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<()> {
        let key = [room_id.0.clone(), user_id.0.clone()];
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM members WHERE room_id = ? AND user_id = ?")?.execute(key)?;
            Ok(())
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

    async fn of_user(&self, user_id: &UserId) -> Stored<Vec<(Room, Member)>> {
        let user_id = user_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {ROOM}, {MEMBER} FROM members JOIN rooms USING (room_id)
                     WHERE members.user_id = ? ORDER BY joined_at DESC, rooms.room_id"
                ))?
                .query_map([user_id], |row| Ok((room(row)?, member(row, 7)?)))?
                .collect()
        })
        .await
    }
}
