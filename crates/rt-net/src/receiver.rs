//! A server: takes C-ECHO, C-STORE and the answers to storage commitment.
//!
//! An instance is answered with success when it is in its file and the file is on the disk, not before.
//!
//! Units: bytes. Frame: none.

mod negotiate;
mod serve;
mod store;

use crate::address::AddressRange;
use crate::ae::AeTitle;
use crate::commitment::CommitmentResult;
use crate::connection::Connection;
use crate::error::{NetError, NetErrorKind};
use crate::node::{Limits, Timeouts};
use crate::status::Status;
use crate::tls::TlsServer;
use rt_model::uid::Uid;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct ReceiverOptions {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// Its AE title; a client that calls another one is refused.
    pub ae: AeTitle,
    /// The AE titles that may call; none is any.
    pub callers: Vec<AeTitle>,
    /// The addresses that may connect; none is any.
    pub addresses: Vec<AddressRange>,
    /// The folder for instances, one file each; `None` takes no instances.
    pub folder: Option<PathBuf>,
    /// Associations at the same time.
    pub associations: usize,
    /// The largest data set that is taken.
    pub largest: u64,
    /// Encryption; `None` is plain text.
    pub tls: Option<TlsServer>,
    /// How long clients are waited for.
    pub timeouts: Timeouts,
    /// What is accepted from them.
    pub limits: Limits,
}

impl ReceiverOptions {
    /// A server in plain text that takes no instances, with the usual limits.
    #[must_use]
    pub fn new(address: SocketAddr, ae: AeTitle) -> Self {
        Self {
            address,
            ae,
            callers: Vec::new(),
            addresses: Vec::new(),
            folder: None,
            associations: 16,
            largest: 8 << 30,
            tls: None,
            timeouts: Timeouts::default(),
            limits: Limits::default(),
        }
    }
}

/// A C-STORE request before its data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRequest {
    /// Who sends it.
    pub calling: String,
    /// SOP class.
    pub sop_class: Uid,
    /// SOP instance.
    pub sop_instance: Uid,
    /// Transfer syntax.
    pub transfer_syntax: Uid,
}

/// An instance in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInstance {
    /// The request.
    pub request: StoreRequest,
    /// The file.
    pub path: PathBuf,
    /// Length of the data set.
    pub bytes: u64,
}

/// What a program does about what comes in. Called on the server's threads: it must not take long.
pub trait Handler: Send + Sync + 'static {
    /// Whether an instance is wanted; anything but success is the answer to its sender.
    fn admit(&self, request: &StoreRequest) -> Status {
        let _ = request;
        Status::SUCCESS
    }

    /// An instance is in its file. The answer to its sender.
    fn stored(&self, instance: &StoredInstance) -> Status {
        let _ = instance;
        Status::SUCCESS
    }

    /// A peer answers to storage commitment. The answer to it.
    fn committed(&self, result: CommitmentResult) -> Status {
        let _ = result;
        Status::NO_SUCH_INSTANCE
    }

    /// An association ended before its time, or a client was refused.
    fn failed(&self, error: &NetError) {
        let _ = error;
    }
}

/// A server that listens.
pub struct Receiver {
    listener: TcpListener,
    shared: Arc<Shared>,
}

struct Shared {
    options: ReceiverOptions,
    handler: Arc<dyn Handler>,
    store: store::Store,
    open: AtomicUsize,
}

impl Receiver {
    /// Listens.
    ///
    /// # Errors
    /// [`NetErrorKind::Configuration`] where the address is taken or not ours, or the folder can't be written
    /// to.
    pub async fn bind(options: ReceiverOptions, handler: Arc<dyn Handler>) -> Result<Self, NetError> {
        let address = options.address;
        if let Some(folder) = &options.folder {
            std::fs::create_dir_all(folder).map_err(|error| {
                NetError::configuration(format!(
                    "{}: expected a folder to write to, found otherwise: {error}",
                    folder.display()
                ))
            })?;
        }
        let listener = TcpListener::bind(address).await.map_err(|error| {
            NetError::configuration(format!(
                "expected {address} to be free for listening, found otherwise: {error}"
            ))
        })?;
        let store = store::Store::new(options.folder.clone());
        Ok(Self { listener, shared: Arc::new(Shared { options, handler, store, open: AtomicUsize::new(0) }) })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// Where the system does not tell.
    pub fn address(&self) -> Result<SocketAddr, NetError> {
        self.listener.local_addr().map_err(|error| NetError::caused(NetErrorKind::Broken, error))
    }

    /// Serves until `stop` is ready; associations that are open then are cut.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let mut associations = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => accepted,
                Some(_) = associations.join_next(), if !associations.is_empty() => continue,
            };
            match accepted {
                Ok((socket, address)) => {
                    associations.spawn(Arc::clone(&self.shared).client(socket, address));
                }
                // Out of descriptors: the next client may find some.
                Err(error) => {
                    self.shared.handler.failed(&NetError::caused(NetErrorKind::Broken, error));
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }
}

impl Shared {
    async fn client(self: Arc<Self>, socket: TcpStream, address: SocketAddr) {
        let allowed = &self.options.addresses;
        if !allowed.is_empty() && !allowed.iter().any(|range| range.contains(address.ip())) {
            self.handler.failed(
                &NetError::protocol("expected an address of the list, found another")
                    .at_peer(&address.to_string()),
            );
            return;
        }
        let others = self.open.fetch_add(1, Ordering::Relaxed);
        let outcome = self.connected(socket, address, others).await;
        self.open.fetch_sub(1, Ordering::Relaxed);
        if let Err(error) = outcome {
            self.handler.failed(&error);
        }
    }

    async fn connected(&self, socket: TcpStream, address: SocketAddr, others: usize) -> Result<(), NetError> {
        let options = &self.options;
        let tls = options.tls.as_ref();
        let connection =
            Connection::accept(socket, tls, address.to_string(), options.timeouts, options.limits).await?;
        serve::serve(self, connection, others).await
    }
}
