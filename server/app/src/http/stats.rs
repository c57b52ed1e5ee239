//! What the focus ledger tells, by HTTP (SPEC 8).

use super::{
    answer::Answer,
    caller::Caller,
    pages::limit_up_to,
    payload::{PathParams, QueryParams, RoomPath},
};
use crate::{app::App, history, membership};
use axum::{Json, extract::State};
use serde::Deserialize;
use std::collections::HashMap;
use studyrooms_domain::{
    access::Action,
    auth::User,
    limits::{self, Limited},
    log::EntryBody,
    stats::{Ledger, Work, work_everywhere, zone_of},
    summaries::valid_date,
};
use studyrooms_protocol::{
    ids::{RoomRef, UserId},
    stats::{FocusPerson, OwnStats, RoomStats},
};
use utoipa::IntoParams;

/// Stretches of focus that are counted of a room, the newest: two years of ten a day.
const STRETCHES: usize = 7_300;

/// Count focus minutes.
///
/// By person and day, each in their own time zone.
#[utoipa::path(
    get,
    path = "/rooms/{room}/stats",
    tag = "statistics",
    operation_id = "stats_of_room",
    params(RoomPath),
    responses((status = 200, body = RoomStats, description = "The minutes"), (status = 429))
)]
pub(super) async fn of_room(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<RoomStats>> {
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Search).await?;
    let mut ledger = Ledger::default();
    for entry in history::newest_of(&app.stores.logs, &room.room_id, &[EntryBody::FOCUSED], STRETCHES).await? {
        if let EntryBody::Focused(stretch) = &entry.body {
            ledger.add(stretch);
        }
    }
    let ids: Vec<UserId> = ledger.people().cloned().collect();
    let users = app.stores.users.lookup_all(&ids).await?;
    let users: HashMap<UserId, User> = users.into_iter().map(|user| (user.user_id.clone(), user)).collect();
    let now = app.system.clock.now();
    let person = |user_id: &UserId| {
        let user = users.get(user_id);
        let zone = zone_of(user.and_then(|user| user.time_zone.as_deref()));
        let work = ledger.work(user_id, &zone, now);
        FocusPerson {
            user_id: user_id.clone(),
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            total_minutes: work.total_minutes,
            streak_days: work.streak_days,
            days: work.days,
        }
    };
    let mut people: Vec<FocusPerson> = ids.iter().map(person).collect();
    people.sort_by(|a, b| b.total_minutes.cmp(&a.total_minutes).then_with(|| a.user_id.cmp(&b.user_id)));
    Ok(Json(RoomStats { people }))
}

/// Parts of a person's work that are counted, the newest: years of work, and the most one can have had a timer note.
const PARTS: usize = 20_000;
/// Days of one page.
const DAYS: usize = 366;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OwnStatsQuery {
    /// `next` of the page before; the newest days when absent.
    #[param(format = Date)]
    before: Option<String>,
    /// How many days, at most; 366 when absent.
    #[param(minimum = 1, maximum = 366)]
    limit: Option<usize>,
}

/// Count one's own focus minutes, in all rooms.
///
/// By day in one's own time zone, counted by the worker a moment later. The newest days first, a page at a time.
#[utoipa::path(
    get,
    path = "/me/stats",
    tag = "statistics",
    operation_id = "stats_own",
    params(OwnStatsQuery),
    responses((status = 200, body = OwnStats, description = "The minutes"), (status = 429))
)]
pub(super) async fn own(
    State(app): State<App>,
    Caller(bearer): Caller,
    QueryParams(query): QueryParams<OwnStatsQuery>,
) -> Answer<Json<OwnStats>> {
    let (limit, before) =
        (limit_up_to(DAYS, query.limit)?, query.before.as_deref().map(|date| valid_date("before", date)).transpose()?);
    limits::take(&*app.limits, Limited::Request, bearer.user_id.as_str()).await?;
    let user = membership::user(&app, &bearer).await?;
    let work = app.stores.focus.work_of(&user.user_id, PARTS).await?;
    let zone = zone_of(user.time_zone.as_deref());
    let Work { total_minutes, streak_days, mut days } = work_everywhere(&work, &zone, app.system.clock.now());
    if let Some(before) = before {
        days.retain(|day| day.date < before);
    }
    let earlier = days.len().saturating_sub(limit);
    let days = days.split_off(earlier);
    let next = days.first().filter(|_| earlier > 0).map(|day| day.date.clone());
    Ok(Json(OwnStats { total_minutes, streak_days, days, next }))
}
