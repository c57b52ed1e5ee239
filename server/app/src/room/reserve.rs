//! Places in a room, counted over all instances: a newcomer's place is claimed in the directory
//! before they come in, so that two instances do not give the last one away twice.

use super::{Entering, task::Task};
use studyrooms_domain::{
    Refusal, access,
    presence::{Listing, Place, Settled, Update},
};

impl Task {
    /// Whether a place must be claimed first: not for who is in the room, and not by an instance that
    /// is alone, or cannot reach the directory just now and so counts those it knows of.
    pub(super) fn must_reserve(&self, entering: &Entering) -> bool {
        self.coordination.relay.is_shared()
            && self.refused().is_none()
            && self.participants.get(&entering.socket_id).is_none()
            && entering.refused.is_none()
            && !self.listed.is_pausing()
    }

    /// Claims a place. What the directory answers is to be taken once the newcomer is in; when it does
    /// not answer, those that are known of are counted.
    ///
    /// # Errors
    /// `room_full`.
    pub(super) async fn reserve(&mut self, entering: &Entering) -> Result<Option<Settled>, Refusal> {
        access::fits(&self.room, self.participants.len())?;
        let place = Place::Room { participant: self.as_participant(entering), at_work_since: None };
        let mut update = self.update();
        update.claimed.push((entering.socket_id.clone(), place));
        let Some(settled) = self.settle_now(update).await else { return Ok(None) };
        let others = match &settled.listings {
            Some(listings) => {
                listings.iter().filter(|one| is_inside(one) && one.socket_id != entering.socket_id).count()
            }
            None => self.participants.len(),
        };
        if let Err(full) = access::fits(&self.room, others) {
            let mut update = self.update();
            update.gone.push(entering.socket_id.clone());
            if let Some(settled) = self.settle_now(update).await {
                self.take_list(settled);
            }
            return Err(full);
        }
        Ok(Some(settled))
    }

    async fn settle_now(&mut self, update: Update) -> Option<Settled> {
        let settled = self.coordination.directory.settle(&self.room.room_id, update).await;
        settled.inspect_err(|error| self.listed.pause(error)).ok()
    }
}

const fn is_inside(listing: &Listing) -> bool {
    matches!(listing.place, Place::Room { .. })
}
