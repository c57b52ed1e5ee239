//! The names by which a machine is reached on its network.

use std::{collections::BTreeSet, io, net::IpAddr};

/// `localhost`, the machine's name, its name in the LAN, and all its addresses.
pub(super) fn names() -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::from(["localhost".to_owned()]);
    for interface in if_addrs::get_if_addrs()? {
        if !is_link_local(interface.ip()) {
            names.insert(interface.ip().to_string());
        }
    }
    // What is no name in a certificate is none of a machine's that others reach either.
    let host = gethostname::gethostname().to_string_lossy().to_ascii_lowercase();
    if !host.is_empty() && host.chars().all(|character| character.is_ascii_alphanumeric() || ".-".contains(character)) {
        if !host.contains('.') {
            names.insert(format!("{host}.local"));
        }
        names.insert(host);
    }
    Ok(names)
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}
