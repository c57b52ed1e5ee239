//! Pages of lists.

use serde::Deserialize;
use studyrooms_domain::{Refusal, store::PersonPlace};
use studyrooms_protocol::{Timestamp, ids::UserId};
use utoipa::IntoParams;

/// People of one page.
const PEOPLE: usize = 500;

/// How many an answer may hold: what was asked for, or all that a page holds.
///
/// # Errors
/// `bad_request` that names `limit`.
pub(super) fn limit_up_to(most: usize, limit: Option<usize>) -> Result<usize, Refusal> {
    let limit = limit.unwrap_or(most);
    if (1..=most).contains(&limit) { Ok(limit) } else { Err(Refusal::field("limit", format_args!("1 to {most}"))) }
}

/// A time and an id, as `next` of a page tells them.
///
/// # Errors
/// `bad_request` that names `after`.
pub(super) fn place_after<Id: From<String>>(after: Option<&str>) -> Result<Option<(Timestamp, Id)>, Refusal> {
    let Some(after) = after else { return Ok(None) };
    let place = after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, Id::from(id.to_owned()))));
    place.map(Some).ok_or_else(|| Refusal::field("after", "not the next of a page"))
}

/// As [`place_after`] reads it.
pub(super) fn next_of((at, id): (Timestamp, impl std::fmt::Display)) -> String {
    format!("{at}.{id}")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PeopleQuery {
    /// `next` of the page before; the first page when absent.
    after: Option<String>,
    /// How many, at most; 500 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

impl PeopleQuery {
    pub(super) fn limit(&self) -> Result<usize, Refusal> {
        limit_up_to(PEOPLE, self.limit)
    }

    pub(super) fn place(&self) -> Result<Option<PersonPlace>, Refusal> {
        place_after::<UserId>(self.after.as_deref())
    }
}

/// Of one more than the page holds, what is on the page, and where the next one begins.
pub(super) fn page_of<T>(
    mut found: Vec<T>,
    limit: usize,
    place: impl Fn(&T) -> PersonPlace,
) -> (Vec<T>, Option<String>) {
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|last| next_of(place(last)));
    (found, next)
}
