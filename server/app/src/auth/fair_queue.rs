//! A queue that serves addresses in turn, and the accounts of an address in turn: whoever sends many
//! requests waits behind their own, and not before everyone else's. At each address accounts that are known there
//! come first.

use std::collections::VecDeque;

/// How many may wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Requests for one account from one address.
    pub account: usize,
    /// Requests from one address.
    pub address: usize,
    /// All requests.
    pub all: usize,
}

/// What a request is queued by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    pub address: &'a str,
    pub account: &'a str,
    /// Whether the account was signed in to from this address before.
    pub is_known: bool,
}

/// Which bound refused a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// That of its account or address.
    Own,
    /// That of all.
    All,
}

/// Names a place in the queue, by which it can be given up.
pub(super) type Ticket = u64;

/// The queue. Its length is bounded, so it is searched from end to end.
pub(super) struct FairQueue<T> {
    bounds: Bounds,
    addresses: VecDeque<Address<T>>,
    len: usize,
    next_ticket: Ticket,
}

struct Address<T> {
    name: String,
    accounts: VecDeque<Account<T>>,
}

struct Account<T> {
    name: String,
    is_known: bool,
    waiting: VecDeque<(Ticket, T)>,
}

impl<T> Address<T> {
    fn len(&self) -> usize {
        self.accounts.iter().map(|account| account.waiting.len()).sum()
    }

    /// The account that gives way to others: an unknown one, if there is any, with the most that wait.
    fn longest(&self) -> Option<usize> {
        let rank = |at: &usize| (!self.accounts[*at].is_known, self.accounts[*at].waiting.len());
        (0..self.accounts.len()).max_by_key(rank)
    }

    /// The account whose turn it is.
    fn next(&self) -> usize {
        self.accounts.iter().position(|account| account.is_known).unwrap_or(0)
    }

    fn len_of(&self, account: &str) -> usize {
        self.accounts.iter().find(|found| found.name == account).map_or(0, |found| found.waiting.len())
    }
}

impl<T> FairQueue<T> {
    pub(super) const fn new(bounds: Bounds) -> Self {
        Self { bounds, addresses: VecDeque::new(), len: 0, next_ticket: 0 }
    }

    /// Adds `item` at the end of its account's. Where an address has as many as it may, or all have, the
    /// newest of who has the most gives way to who has fewer: that one is dropped.
    ///
    /// # Errors
    /// The bound that is reached, when nobody has more than this origin.
    pub(super) fn push(&mut self, origin: Origin<'_>, item: T) -> Result<Ticket, Full> {
        let own = self.addresses.iter().position(|address| address.name == origin.address);
        let (of_address, of_account) =
            own.map(|at| &self.addresses[at]).map_or((0, 0), |address| (address.len(), address.len_of(origin.account)));
        if of_account >= self.bounds.account {
            return Err(Full::Own);
        }
        if of_address >= self.bounds.address {
            let most = own.and_then(|at| Some((at, self.addresses[at].longest()?)));
            let gives_way =
                |account: &Account<T>| account.waiting.len() > of_account + 1 || (origin.is_known && !account.is_known);
            match most.filter(|(at, account)| gives_way(&self.addresses[*at].accounts[*account])) {
                Some((at, account)) => self.drop_newest(at, account),
                None => return Err(Full::Own),
            }
        } else if self.len >= self.bounds.all {
            let most = (0..self.addresses.len()).max_by_key(|at| self.addresses[*at].len());
            let most = most.filter(|at| self.addresses[*at].len() > of_address + 1);
            let most = most.and_then(|at| Some((at, self.addresses[at].longest()?)));
            let Some((at, account)) = most else { return Err(Full::All) };
            self.drop_newest(at, account);
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.account(origin).waiting.push_back((ticket, item));
        self.len += 1;
        Ok(ticket)
    }

    /// Takes the next: the oldest of the account whose turn it is, at the address whose turn it is.
    pub(super) fn pop(&mut self) -> Option<T> {
        let mut address = self.addresses.pop_front()?;
        let mut account = address.accounts.remove(address.next())?;
        let (_, item) = account.waiting.pop_front()?;
        self.len -= 1;
        if !account.waiting.is_empty() {
            address.accounts.push_back(account);
        }
        if !address.accounts.is_empty() {
            self.addresses.push_back(address);
        }
        Some(item)
    }

    /// Gives a place up; nothing happens when it was served or dropped already.
    pub(super) fn remove(&mut self, ticket: Ticket) {
        for at in 0..self.addresses.len() {
            for account in 0..self.addresses[at].accounts.len() {
                let waiting = &self.addresses[at].accounts[account].waiting;
                if let Some(found) = waiting.iter().position(|(waits, _)| *waits == ticket) {
                    return self.take_out(at, account, found);
                }
            }
        }
    }

    /// The account's own queue, made where there is none.
    fn account(&mut self, origin: Origin<'_>) -> &mut Account<T> {
        let at = self.addresses.iter().position(|address| address.name == origin.address).unwrap_or_else(|| {
            self.addresses.push_back(Address { name: origin.address.to_owned(), accounts: VecDeque::new() });
            self.addresses.len() - 1
        });
        let accounts = &mut self.addresses[at].accounts;
        let account = accounts.iter().position(|account| account.name == origin.account).unwrap_or_else(|| {
            let (name, is_known) = (origin.account.to_owned(), origin.is_known);
            accounts.push_back(Account { name, is_known, waiting: VecDeque::new() });
            accounts.len() - 1
        });
        &mut accounts[account]
    }

    fn drop_newest(&mut self, address: usize, account: usize) {
        let newest = self.addresses[address].accounts[account].waiting.len().saturating_sub(1);
        self.take_out(address, account, newest);
    }

    fn take_out(&mut self, address: usize, account: usize, at: usize) {
        let accounts = &mut self.addresses[address].accounts;
        if accounts[account].waiting.remove(at).is_some() {
            self.len -= 1;
        }
        if accounts[account].waiting.is_empty() {
            accounts.remove(account);
        }
        if accounts.is_empty() {
            self.addresses.remove(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { account: 3, address: 6, all: 10 };

    fn queue() -> FairQueue<String> {
        FairQueue::new(BOUNDS)
    }

    fn push(queue: &mut FairQueue<String>, address: &str, account: &str, item: &str) -> Result<Ticket, Full> {
        queue.push(Origin { address, account, is_known: account == "known" }, item.to_owned())
    }

    fn rest(queue: &mut FairQueue<String>) -> Vec<String> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    // SPEC 10.3
    #[test]
    fn one_account_holds_up_no_other_of_its_address() {
        let mut queue = queue();
        for item in ["e1", "e2", "e3"] {
            push(&mut queue, "a", "eve", item).unwrap();
        }
        assert_eq!(push(&mut queue, "a", "eve", "e4"), Err(Full::Own));
        push(&mut queue, "a", "ann", "a1").unwrap();
        assert_eq!(rest(&mut queue), ["e1", "a1", "e2", "e3"]);
    }

    // SPEC 10.3
    #[test]
    fn one_address_holds_up_no_other() {
        let mut queue = queue();
        for account in ["e", "f", "g", "h"] {
            push(&mut queue, "a", account, account).unwrap();
        }
        push(&mut queue, "b", "ann", "ann").unwrap();
        assert_eq!(rest(&mut queue), ["e", "ann", "f", "g", "h"]);
    }

    #[test]
    fn at_a_full_address_the_newest_of_the_longest_gives_way_to_who_has_fewer() {
        let mut queue = queue();
        for (account, item) in [("e", "e1"), ("e", "e2"), ("e", "e3"), ("f", "f1"), ("f", "f2"), ("f", "f3")] {
            push(&mut queue, "a", account, item).unwrap();
        }
        push(&mut queue, "a", "ann", "ann").unwrap();
        assert_eq!(rest(&mut queue), ["e1", "f1", "ann", "e2", "f2", "e3"]);
    }

    #[test]
    fn an_account_that_is_known_at_its_address_comes_before_a_crowd_of_others() {
        let mut queue = queue();
        for account in ["1", "2", "3", "4", "5", "6"] {
            push(&mut queue, "a", account, account).unwrap();
        }
        push(&mut queue, "b", "bob", "bob").unwrap();
        push(&mut queue, "a", "known", "known").unwrap();
        assert_eq!(push(&mut queue, "a", "7", "7"), Err(Full::Own));
        let rest = rest(&mut queue);
        assert_eq!((rest.len(), &rest[..2]), (7, &["known".to_owned(), "bob".to_owned()][..]));
    }

    #[test]
    fn a_full_queue_takes_who_has_fewer_and_refuses_who_has_not() {
        let mut queue = queue();
        for (address, account) in [("a", "1"), ("a", "2"), ("a", "3"), ("a", "4"), ("a", "5"), ("a", "6")] {
            push(&mut queue, address, account, account).unwrap();
        }
        for account in ["7", "8", "9", "10"] {
            push(&mut queue, "b", account, account).unwrap();
        }
        push(&mut queue, "b", "11", "11").unwrap();
        assert_eq!(push(&mut queue, "b", "12", "12"), Err(Full::All));
        push(&mut queue, "c", "ann", "ann").unwrap();
        assert_eq!(queue.len, BOUNDS.all);
        assert_eq!(rest(&mut queue).len(), BOUNDS.all);
    }

    #[test]
    fn who_gives_up_leaves_room() {
        let mut queue = queue();
        let places: Vec<_> = (0..3).map(|_| push(&mut queue, "a", "ann", "ann").unwrap()).collect();
        assert_eq!(push(&mut queue, "a", "ann", "ann"), Err(Full::Own));
        for ticket in places {
            queue.remove(ticket);
            queue.remove(ticket);
        }
        assert!(queue.addresses.is_empty() && queue.len == 0);
        assert!(push(&mut queue, "a", "ann", "ann").is_ok());
    }
}
