//! Places in a room, counted over all instances: a newcomer's place is claimed in the directory
//! before they come in, so that two instances do not give the last one away twice.

use super::{Entering, live::LiveRoom};
use studyrooms_domain::{
    Refusal, access,
    presence::{Listing, Place, Settled, Update},
};
use studyrooms_protocol::{ids::SocketId, presence::Participant};

/// A place that was claimed.
pub(super) struct Reserved {
    /// Who takes it.
    pub participant: Participant,
    /// As the directory was told.
    pub claimed: (SocketId, Place),
    /// What it answered.
    pub settled: Option<Settled>,
}

impl LiveRoom {
    /// Whether a place must be claimed first: not for who is here already, and not by an instance that
    /// is alone, or cannot reach the directory just now and so counts those it knows of.
    pub(super) fn must_reserve(&self, entering: &Entering) -> bool {
        self.coordination.pubsub.is_shared()
            && self.refused().is_none()
            && self.participants.get(&entering.socket_id).is_none_or(|present| present.here().is_none())
            && self.may_enter(entering).is_ok()
            && !self.listed.is_pausing()
    }

    /// Claims a place, so that no other instance takes the socket for gone or gives the place away. What
    /// the directory answers is to be taken once the newcomer is in; when it does not answer, those that
    /// are known of are counted.
    ///
    /// # Errors
    /// `room_full`, never for who comes from another instance; and those of [`LiveRoom::may_enter`].
    pub(super) async fn reserve(&mut self, entering: &Entering) -> Result<Reserved, Refusal> {
        let role = self.may_enter(entering)?;
        let moving = self.participants.get(&entering.socket_id);
        let moves = moving.is_some();
        let (participant, at_work_since) = match moving {
            Some(present) => {
                let Participant { joined_at, media, hand_raised, .. } = present.participant.clone();
                let said = self.as_participant(entering);
                (Participant { role, joined_at, media, hand_raised, ..said }, present.at_work_since)
            }
            None => (Participant { role, ..self.as_participant(entering) }, None),
        };
        let claimed = (entering.socket_id.clone(), Place::Room { participant: participant.clone(), at_work_since });
        let mut update = self.update();
        update.claimed.push(claimed.clone());
        let Some(mut settled) = self.settle_now(update).await else {
            return Ok(Reserved { participant, claimed, settled: None });
        };
        let others = match &settled.listings {
            Some(listings) => {
                listings.iter().filter(|one| is_inside(one) && one.socket_id != entering.socket_id).count()
            }
            None => self.participants.len(),
        };
        if !moves && let Err(full) = access::fits(&self.room, others) {
            let mut update = self.update();
            update.gone.push(entering.socket_id.clone());
            if let Some(undone) = self.settle_now(update).await {
                settled.lost.extend(undone.lost);
                settled = Settled { before: settled.before, lost: settled.lost, ..undone };
            }
            self.take_list(settled);
            return Err(full);
        }
        Ok(Reserved { participant, claimed, settled: Some(settled) })
    }

    async fn settle_now(&mut self, update: Update) -> Option<Settled> {
        let settled = self.coordination.directory.settle(&self.room.room_id, update).await;
        settled.inspect_err(|error| self.listed.pause(error)).ok()
    }
}

const fn is_inside(listing: &Listing) -> bool {
    matches!(listing.place, Place::Room { .. })
}
