//! Uploads: from the signed address to the file shown in the room (DESIGN 9).

use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

/// What was asked for, and so what may be announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// For ever.
    pub upload_id: String,
    /// The room it is for.
    pub room_id: RoomId,
    /// Who uploads.
    pub user_id: UserId,
    /// The object's key: random, without the user's text.
    pub key: String,
    /// As shown; never a path.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// As signed.
    pub mime_type: String,
    /// When the address was signed.
    pub created_at: Timestamp,
    /// When it was shown in the room; none while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_at: Option<Timestamp>,
}
