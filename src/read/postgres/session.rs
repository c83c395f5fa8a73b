//! `Session`: a connection to a server, which a task of the event loop drives.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{CancelToken, Client, Config, NoTls};

use super::address::{Address, Host};
use super::cancel::Registered;
use super::coalesce::Coalesce;
use super::failure::Failure;
use super::tls::{self, SslMode};

/// A connection on which the user is logged in.
pub(crate) struct Session {
    pub(crate) client: Client,
    driver: JoinHandle<Result<(), tokio_postgres::Error>>,
    /// Lets a signal cancel the session's query.
    _registered: Registered,
}

/// How long the server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

impl Session {
    /// # Errors
    /// When there is no server, or it refuses the user.
    pub(crate) async fn open(address: &Address) -> Result<Self, Failure> {
        let opening = Self::try_open(address);
        match address.connect_timeout {
            None => opening.await,
            Some(limit) => timeout(limit, opening).await.unwrap_or_else(|_| {
                Err(Failure::new(format!("can't connect to {}: no answer in {limit:?}", server(address))))
            }),
        }
    }

    async fn try_open(address: &Address) -> Result<Self, Failure> {
        let stream = secured(address).await.map_err(|error| Failure::of_connecting(&server(address), &error))?;
        let mut config = Config::new();
        config.user(&address.user).dbname(&address.database).application_name(&address.application_name);
        // TLS is below, in the stream.
        config.ssl_mode(tokio_postgres::config::SslMode::Disable);
        if let Some(password) = &address.password {
            config.password(password);
        }
        if let Some(options) = &address.options {
            config.options(options);
        }
        let (client, connection) = config.connect_raw(Coalesce::new(stream), NoTls).await?;
        let registered = Registered::new(address, client.cancel_token());
        Ok(Self { client, driver: tokio::spawn(connection), _registered: registered })
    }

    /// The means to cancel this session's query from another connection.
    pub(super) fn cancel_token(&self) -> CancelToken {
        self.client.cancel_token()
    }

    /// Ends the session, so that the server need not find out by itself.
    pub(crate) async fn close(self) {
        drop(self.client);
        // A server that does not answer is no reason to wait.
        let _ = timeout(GOODBYE, self.driver).await;
    }
}

/// Asks the server to cancel a session's query. Such a request needs neither a login nor TLS.
pub(super) async fn cancel(address: &Address, token: CancelToken) {
    let request = async {
        let stream = connect(address).await?;
        token.cancel_query_raw(stream, NoTls).await.map_err(io::Error::other)
    };
    // The query ends all the same when the connection does, but later.
    let _ = timeout(GOODBYE, request).await;
}

/// A connection, plain or encrypted.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

async fn connect(address: &Address) -> io::Result<Box<dyn Stream>> {
    Ok(match &address.host {
        Host::Folder(folder) => Box::new(UnixStream::connect(folder.join(format!(".s.PGSQL.{}", address.port))).await?),
        Host::Name(name) => {
            let stream = TcpStream::connect((name.as_str(), address.port)).await?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
    })
}

/// A connection that is encrypted as the mode of TLS asks for.
async fn secured(address: &Address) -> io::Result<Box<dyn Stream>> {
    let mut stream = connect(address).await?;
    let (Host::Name(host), mode) = (&address.host, address.ssl_mode) else { return Ok(stream) };
    if mode == SslMode::Disable {
        return Ok(stream);
    }
    if !tls::is_offered(&mut stream).await? {
        return match mode {
            SslMode::Prefer => Ok(stream),
            _ => Err(io::Error::other("the server offers no TLS, and sslmode asks for it")),
        };
    }
    match tls::encrypt(stream, host, mode, address.ssl_root_cert.as_ref()).await {
        Ok(encrypted) => Ok(Box::new(encrypted)),
        Err(_) if mode == SslMode::Prefer => connect(address).await,
        Err(error) => Err(io::Error::new(error.kind(), format!("TLS: {error}"))),
    }
}

/// The server, for messages.
fn server(address: &Address) -> String {
    match &address.host {
        Host::Folder(folder) => format!("the server in {}, port {}", folder.display(), address.port),
        Host::Name(name) => format!("{name}:{}", address.port),
    }
}
