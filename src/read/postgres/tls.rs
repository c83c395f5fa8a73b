//! TLS, as the parameter `sslmode` says. The modes are those of psql.
//!
//! | mode | encrypted | certificate |
//! |---|---|---|
//! | disable | no | - |
//! | allow, prefer | if the server can | not checked |
//! | require | yes | not checked, unless `sslrootcert` names a file |
//! | verify-ca | yes | signed by a known authority |
//! | verify-full | yes | signed by a known authority, for this host |
//!
//! Known authorities are those in `sslrootcert`, or in `~/.postgresql/root.crt`, or else those of the system.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};

use crate::printable::quoted;

/// How much of TLS a connection needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SslMode {
    Disable,
    /// If the server can, and without a check: for `allow`, too.
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl FromStr for SslMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "disable" => Self::Disable,
            "allow" | "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                let text = quoted(text.as_bytes());
                return Err(format!(
                    "expected sslmode to be disable, allow, prefer, require, verify-ca or verify-full, found {text}"
                ));
            }
        })
    }
}

/// The message by which a client asks for TLS: its length and a code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Asks the server whether it takes TLS.
pub(super) async fn is_offered(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<bool> {
    stream.write_all(&SSL_REQUEST).await?;
    match stream.read_u8().await? {
        b'S' => Ok(true),
        b'N' => Ok(false),
        _ => Err(io::Error::other("the server's answer is not PostgreSQL's protocol")),
    }
}

/// Encrypts a connection on which the server [offers](is_offered) TLS.
pub(super) async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: &str,
    mode: SslMode,
    root_cert: Option<&OsString>,
) -> io::Result<TlsStream<S>> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let verifier = Verifier::new(mode, root_cert, provider)?;
    let config = config.map_err(io::Error::other)?.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    TlsConnector::from(Arc::new(config.with_no_client_auth())).connect(name, stream).await
}

/// Checks the server's certificate as far as the mode asks for.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// The authorities; `None` to accept any certificate.
    authorities: Option<(Arc<WebPkiServerVerifier>, Vec<CertificateDer<'static>>)>,
    checks_name: bool,
}

impl Verifier {
    fn new(mode: SslMode, root_cert: Option<&OsString>, provider: Arc<CryptoProvider>) -> io::Result<Self> {
        let checks = matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull);
        let authorities = if checks || (mode == SslMode::Require && root_cert.is_some()) {
            let certificates = known_authorities(root_cert)?;
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(certificates.iter().cloned());
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
            Some((verifier.map_err(io::Error::other)?, certificates))
        } else {
            None
        };
        Ok(Self { provider, authorities, checks_name: mode == SslMode::VerifyFull })
    }
}

/// The certificates of the authorities that count.
fn known_authorities(root_cert: Option<&OsString>) -> io::Result<Vec<CertificateDer<'static>>> {
    let of_user = || std::env::home_dir().map(|home| home.join(".postgresql/root.crt")).filter(|file| file.exists());
    let file = match root_cert {
        Some(name) if name == "system" => None,
        Some(name) => Some(PathBuf::from(name)),
        None => of_user(),
    };
    let Some(file) = file else { return Ok(rustls_native_certs::load_native_certs().certs) };
    let wrong = |reason: String| io::Error::other(format!("sslrootcert {}: {reason}", file.display()));
    let certificates = CertificateDer::pem_file_iter(&file).map_err(|error| wrong(error.to_string()))?;
    certificates.collect::<Result<_, _>>().map_err(|error| wrong(error.to_string()))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some((authorities, certificates)) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        // A server's own certificate may stand among the authorities. The verifier refuses it, as its kind is another.
        if certificates.iter().any(|known| known == end_entity) {
            if self.checks_name {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
