//! Encoded DICOM instances to and from the nodes of a network, with the outcome of each.
//!
//! As a client: [`echo`], [`probe`], [`find`], [`send`], [`request_commitment`]. As a server: [`Receiver`],
//! which stores what it is sent and hears the answers to storage commitment. Which presentation contexts are
//! proposed ([`context`]), what a status means ([`status`]) and what is tried again ([`retry`]) are pure
//! functions; [`send`] alone drives them.
//!
//! Knows nothing of what is inside a stored data set, of SQL or of the command line. What it reads from a
//! peer is bounded before anything is allocated, and everything it waits for has an end.
//!
//! Units: bytes and [`std::time::Duration`]. Frame: none.

mod address;
mod ae;
mod association;
mod client;
mod commitment;
mod connection;
pub mod context;
pub mod data_set;
mod element;
mod error;
mod find;
pub mod message;
mod node;
pub mod pdu;
mod probe;
mod receiver;
pub mod retry;
mod send;
pub mod status;
mod tls;
pub mod uids;

pub use address::AddressRange;
pub use ae::AeTitle;
pub use client::echo;
pub use commitment::{Commitment, CommitmentResult, Reference, UncommittedReference, request_commitment};
pub use error::{Aborted, NetError, NetErrorKind, Rejection, Waited};
pub use find::{FIND_LIMIT, Level, Match, Query, find};
pub use node::{Limits, Node, Timeouts};
pub use probe::{Support, probe};
pub use receiver::{Handler, Receiver, ReceiverOptions, StoreRequest, StoredInstance};
pub use send::{Event, Item, Outcome, SendOptions, SendReport, Supply, send};
pub use tls::{TlsClient, TlsClientOptions, TlsServer, TlsServerOptions};
