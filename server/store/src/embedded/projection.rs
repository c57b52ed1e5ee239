//! What entries of the room log say to the records beside it. Each entry is projected whole, in one
//! transaction that notes how far it went, and one that was projected is left alone.

use super::{rooms::insert_member, to_json, to_word};
use rusqlite::{Connection, OptionalExtension, params};
use studyrooms_domain::{
    log::{Entry, EntryBody},
    rooms::Member,
};
use studyrooms_protocol::{
    Seq, Timestamp,
    rooms::{Role, RoomSettings},
};

pub(super) fn projected(connection: &Connection, room_id: &str) -> rusqlite::Result<Option<Seq>> {
    let found = connection
        .prepare_cached("SELECT projected FROM rooms WHERE room_id = ?")?
        .query_row([room_id], |row| row.get::<_, Option<Seq>>(0))
        .optional()?;
    Ok(found.flatten())
}

pub(super) fn note(connection: &Connection, room_id: &str, seq: Seq) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE rooms SET projected = max(coalesce(projected, 0), ?) WHERE room_id = ?")?
        .execute(params![seq, room_id])?;
    Ok(())
}

pub(super) fn project(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let room_id = entry.room_id.as_str();
    if projected(connection, room_id)?.is_some_and(|seq| seq >= entry.seq) {
        return Ok(());
    }
    match &entry.body {
        EntryBody::Kicked { target, ban: true, reason, .. } => {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO bans (room_id, user_id, by_user, reason, at) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![room_id, target.0, entry.user_id.0, reason, entry.timestamp])?;
            remove_member(connection, room_id, target.as_str())?;
        }
        EntryBody::Unbanned { target } => {
            connection
                .prepare_cached("DELETE FROM bans WHERE room_id = ? AND user_id = ?")?
                .execute([room_id, target.as_str()])?;
        }
        EntryBody::Role { target, role: Role::Owner } => hand_over(connection, room_id, target.as_str())?,
        EntryBody::Role { target, role } => {
            // The owner's role changes by handing over alone.
            connection
                .prepare_cached("UPDATE members SET role = ? WHERE room_id = ? AND user_id = ? AND role <> 'owner'")?
                .execute(params![to_word(role)?, room_id, target.0])?;
        }
        // Who came back since stays.
        EntryBody::Resigned { target } => {
            end_membership(connection, room_id, target.as_str(), entry.timestamp)?;
        }
        EntryBody::GuestsRemoved { .. } => {
            connection
                .prepare_cached("DELETE FROM members WHERE room_id = ? AND role = 'guest' AND joined_at <= ?")?
                .execute(params![room_id, entry.timestamp])?;
        }
        EntryBody::Admitted { target, admit: true, role: Some(role) } => {
            let (user_id, joined_at) = (target.clone(), entry.timestamp);
            let member = Member { room_id: entry.room_id.clone(), user_id, role: *role, joined_at };
            insert_member(connection, &member)?;
        }
        EntryBody::Settings { title, settings } => change(connection, room_id, title, settings)?,
        EntryBody::CodeRenewed { code } => {
            // Of two rooms with one code the first keeps it.
            connection
                .prepare_cached("UPDATE OR IGNORE rooms SET code = ? WHERE room_id = ?")?
                .execute([code.as_str(), room_id])?;
        }
        EntryBody::Unshared { upload_id } => {
            connection
                .prepare_cached("UPDATE uploads SET doomed = 1 WHERE upload_id = ? AND room_id = ?")?
                .execute([upload_id.as_str(), room_id])?;
        }
        _ => {}
    }
    note(connection, room_id, entry.seq)
}

/// Of a member who joined at `until` or before.
pub(super) fn end_membership(
    connection: &Connection,
    room_id: &str,
    user_id: &str,
    until: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM members WHERE room_id = ? AND user_id = ? AND role <> 'owner' AND joined_at <= ?")?
        .execute(params![room_id, user_id, until])?;
    Ok(())
}

fn remove_member(connection: &Connection, room_id: &str, user_id: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM members WHERE room_id = ? AND user_id = ? AND role <> 'owner'")?
        .execute([room_id, user_id])?;
    Ok(())
}

/// To a member; the one who had the room becomes a moderator in the same moment.
fn hand_over(connection: &Connection, room_id: &str, user_id: &str) -> rusqlite::Result<()> {
    let is_member = connection
        .prepare_cached("SELECT 1 FROM members WHERE room_id = ? AND user_id = ?")?
        .exists([room_id, user_id])?;
    if !is_member {
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE members SET role = 'mod' WHERE room_id = ? AND role = 'owner'")?
        .execute([room_id])?;
    connection
        .prepare_cached("UPDATE members SET role = 'owner' WHERE room_id = ? AND user_id = ?")?
        .execute([room_id, user_id])?;
    connection.prepare_cached("UPDATE rooms SET owner_id = ? WHERE room_id = ?")?.execute([user_id, room_id])?;
    Ok(())
}

fn change(connection: &Connection, room_id: &str, title: &str, settings: &RoomSettings) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE rooms SET title = ?, settings = ? WHERE room_id = ?")?.execute(params![
        title,
        to_json(settings)?,
        room_id
    ])?;
    Ok(())
}
