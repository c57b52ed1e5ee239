//! Rights at the end of the room log, as far as this instance knows it, and behind what it still has to write.

use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, EntryBody},
    rights::{Claim, Rights},
    store::Recheck,
};
use studyrooms_protocol::{
    Seq,
    error::ErrorCode,
    ids::{EventId, UserId},
};

pub(super) struct Judged {
    /// The last entry that is known here: delivered, or written and about to be.
    end: Seq,
    /// There.
    rights: Rights,
    /// Behind all that is being written and waits.
    queued: Rights,
    /// What is being written and changes rights.
    in_flight: Vec<Draft>,
}

impl Judged {
    pub(super) fn new(end: Seq, rights: Rights) -> Self {
        Self { end, queued: rights.clone(), rights, in_flight: vec![] }
    }

    /// At the end of the log.
    pub(super) const fn rights(&self) -> &Rights {
        &self.rights
    }

    /// Behind all that waits: whatever is done now takes effect there.
    pub(super) const fn queued(&self) -> &Rights {
        &self.queued
    }

    /// Judges a draft that is to wait behind the others.
    pub(super) fn queue(&mut self, claim: Option<&Claim>, draft: &mut Draft) -> Result<(), Refusal> {
        if let Some(claim) = claim {
            self.queued.judge(claim, draft)?;
        }
        self.queued.foresee(draft);
        Ok(())
    }

    /// A write begins.
    pub(super) fn begin(&mut self, drafts: &[Draft], claims: Vec<Option<Claim>>) -> Again {
        self.in_flight = drafts.iter().filter(|draft| self.changes_rights(&draft.body)).cloned().collect();
        let pending = drafts.iter().zip(claims).map(|(draft, claim)| PendingDraft {
            user_id: draft.user_id.clone(),
            event_id: draft.event_id.clone(),
            claim,
            refused: None,
        });
        Again { rights: self.rights.clone(), known: self.end, ahead: None, pending: pending.collect() }
    }

    /// A write has ended; `place` is where the log ends behind it.
    pub(super) fn ended(&mut self, place: Option<(Seq, Rights)>) {
        self.in_flight.clear();
        if let Some((end, rights)) = place.filter(|(end, _)| *end > self.end) {
            self.end = end;
            self.rights = rights;
        }
    }

    /// An entry was delivered. True when it was new here, and says something of rights.
    pub(super) fn shown(&mut self, entry: &Entry) -> bool {
        if entry.seq <= self.end {
            return false;
        }
        self.end = entry.seq;
        self.rights.apply(entry);
        self.changes_rights(&entry.body)
    }

    /// Messages do so in slow mode.
    fn changes_rights(&self, body: &EntryBody) -> bool {
        let slow = self.queued.room().settings.slow_mode_sec > 0;
        slow && matches!(body, EntryBody::Message(_)) || EntryBody::PROJECTED.contains(&body.kind())
    }

    pub(super) fn note(&mut self, note: impl FnOnce(&mut Rights)) {
        note(&mut self.rights);
    }

    pub(super) fn foresee<'a>(&mut self, waiting: impl Iterator<Item = &'a Draft>) {
        self.queued = self.rights.clone();
        self.in_flight.iter().for_each(|draft| self.queued.foresee(draft));
        waiting.for_each(|draft| self.queued.foresee(draft));
    }
}

/// A draft of a write.
struct PendingDraft {
    user_id: UserId,
    event_id: EventId,
    claim: Option<Claim>,
    refused: Option<Refusal>,
}

/// Judges the drafts of one write again, by what other instances wrote before it.
pub(super) struct Again {
    rights: Rights,
    known: Seq,
    /// Behind those drafts that stand, of those asked about since something was missed.
    ahead: Option<Rights>,
    pending: Vec<PendingDraft>,
}

impl Recheck for Again {
    fn missed(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.rights.apply(entry);
            self.known = entry.seq;
        }
        self.ahead = None;
    }

    fn stands(&mut self, draft: &mut Draft) -> bool {
        let ahead = self.ahead.get_or_insert_with(|| self.rights.clone());
        let is_of =
            |pending: &&mut PendingDraft| pending.event_id == draft.event_id && pending.user_id == draft.user_id;
        if let Some(pending) = self.pending.iter_mut().find(is_of)
            && let Some(claim) = &pending.claim
            && let Err(refusal) = ahead.judge(claim, draft)
        {
            pending.refused = Some(refusal);
            return false;
        }
        ahead.foresee(draft);
        true
    }
}

impl Again {
    pub(super) const fn known(&self) -> Seq {
        self.known
    }

    /// What became of each draft.
    pub(super) fn outcomes(&mut self, appended: Vec<Option<Appended>>) -> Vec<Result<Appended, Refusal>> {
        for appended in appended.iter().flatten().filter(|appended| appended.fresh) {
            if appended.entry.seq > self.known {
                self.known = appended.entry.seq;
                self.rights.apply(&appended.entry);
            }
        }
        let lost = || Refusal::new(ErrorCode::Unavailable, "it was not written; try again");
        let outcome = |(pending, appended): (&PendingDraft, Option<Appended>)| {
            appended.ok_or_else(|| pending.refused.clone().unwrap_or_else(lost))
        };
        self.pending.iter().zip(appended).map(outcome).collect()
    }

    /// Where the log ends now, as far as is known, and who may do what there.
    pub(super) fn place(self) -> (Seq, Rights) {
        (self.known, self.rights)
    }
}
