//! What happened in a room, day by day, by HTTP (SPEC 8).

use super::{
    answer::Answer,
    caller::Caller,
    chat::page_limit,
    payload::{PathParams, QueryParams, RoomPath},
};
use crate::{app::App, membership};
use axum::{Json, extract::State};
use serde::Deserialize;
use studyrooms_domain::{
    access::Action,
    limits::Limited,
    summaries::{Day, valid_date},
};
use studyrooms_protocol::{ids::RoomRef, summaries::SummaryPage};
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DaysQuery {
    /// Only days before this one, `YYYY-MM-DD`.
    #[param(format = Date)]
    before: Option<String>,
    /// How many, at most; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// See what happened, day by day.
///
/// Days of UTC on which something did, counted by the worker a moment later.
#[utoipa::path(
    get,
    path = "/rooms/{room}/summaries",
    tag = "statistics",
    operation_id = "summaries_of_room",
    params(RoomPath, DaysQuery),
    responses((status = 200, body = SummaryPage, description = "A page of days"), (status = 429))
)]
pub(super) async fn of_room(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<DaysQuery>,
) -> Answer<Json<SummaryPage>> {
    let limit = page_limit(query.limit)?;
    let before = query.before.as_deref().map(|date| valid_date("before", date)).transpose()?;
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    let mut days = app.stores.summaries.days_before(&room.room_id, before.as_deref(), limit + 1).await?;
    let more = days.len() > limit;
    if more {
        days.remove(0);
    }
    let next = days.first().filter(|_| more).map(|day| day.date.clone());
    Ok(Json(SummaryPage { summaries: days.iter().map(Day::summary).collect(), next }))
}
