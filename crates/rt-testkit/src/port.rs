//! A port that nobody listens at.
//!
//! Units: none. Frame: none.

use std::net::TcpListener;

/// A free port of the loopback address. Between finding it and taking it another program may be faster: a
/// server that can not take it is started again with the next one.
///
/// # Panics
/// Where the system has none.
#[must_use]
pub fn free_port() -> u16 {
    let [port] = free_ports();
    port
}

/// So many free ports, each another one.
///
/// # Panics
/// Where the system has no more.
#[must_use]
pub fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
