//! HTTP with every bound that an untrusted server calls for: time, size, redirects, retries.
//!
//! It has never heard of a package. Credentials go to the server they were configured for,
//! encrypted or on this machine, and nowhere else.

use super::address::Address;
use crate::System;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tares_model::fact::Ignorance;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// Times that a question is repeated when the server is busy or broken.
const RETRIES: u32 = 2;
/// Pause before the first repetition; the second waits three times as long.
const PAUSE: Duration = Duration::from_millis(200);
/// The largest file of certificates.
const CERTIFICATES: u64 = 4 * 1024 * 1024;

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one whole answer, redirects apart.
    pub answer: Duration,
    /// For everything that is asked at once.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// How a server is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// Proxy in between.
    pub(super) proxy: Option<String>,
    /// Files with further certificates to trust.
    pub(super) certificates: Vec<PathBuf>,
}

/// What a client sends to prove who asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credential(String);

impl Credential {
    /// Makes it of the value of the header `Authorization`.
    pub(super) fn new(header: String) -> Option<Self> {
        let is_header = header.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        (!header.is_empty() && is_header).then_some(Self(header))
    }

    /// Makes it of name and password.
    pub(super) fn basic(user: &str, password: &str) -> Option<Self> {
        use base64::Engine as _;
        let coded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        Self::new(format!("Basic {coded}"))
    }
}

/// Shows nothing of it.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential")
    }
}

/// One question to a server.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Where.
    pub(super) address: Address,
    /// Forms of the answer that are understood.
    pub(super) accept: &'static str,
    /// Proof for the server of the address.
    pub(super) credential: Option<Credential>,
    /// What the server called the answer that is at hand.
    pub(super) etag: Option<String>,
    /// The largest answer, unpacked, in bytes.
    pub(super) limit: usize,
    /// Whether the answer may come packed; an archive is taken as it is.
    pub(super) may_pack: bool,
}

/// What a server answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// Status.
    pub(super) status: u16,
    /// Media type in lower case, without parameters.
    pub(super) media: String,
    /// What the server calls this answer.
    pub(super) etag: Option<String>,
    /// The answer, unpacked.
    pub(super) body: Vec<u8>,
    /// Where it came from, after redirects.
    pub(super) from: Option<Address>,
}

/// The way out.
#[derive(Debug)]
pub(super) struct Http {
    agents: Mutex<BTreeMap<(Line, bool), Agent>>,
    patience: Patience,
}

impl Http {
    /// Returns a way out that has opened nothing yet.
    pub(super) fn new(patience: Patience) -> Self {
        Self {
            agents: Mutex::default(),
            patience,
        }
    }

    /// Asks, repeats while the server is busy, follows redirects.
    pub(super) fn ask(
        &self,
        system: &dyn System,
        line: &Line,
        ask: &Ask,
        end: Instant,
    ) -> Result<Answer, Ignorance> {
        let mut pause = PAUSE;
        for _ in 0..RETRIES {
            let answer = self.follow(system, line, ask, end)?;
            let is_busy = answer.status == 429 || answer.status >= 500;
            if !is_busy || Instant::now() + pause >= end {
                return Ok(answer);
            }
            std::thread::sleep(pause);
            pause *= 3;
        }
        self.follow(system, line, ask, end)
    }

    fn follow(
        &self,
        system: &dyn System,
        line: &Line,
        ask: &Ask,
        end: Instant,
    ) -> Result<Answer, Ignorance> {
        let end = end.min(Instant::now() + self.patience.answer);
        let mut address = ask.address.clone();
        for _ in 0..=REDIRECTS {
            match self.once(system, line, ask, &address, end)? {
                Step::Done(mut answer) => {
                    answer.from = Some(address);
                    return Ok(answer);
                }
                Step::Elsewhere(link) => {
                    let next = address
                        .join(&link)
                        .ok_or_else(|| Ignorance::Malformed("redirect to no address".to_owned()))?;
                    if !address.may_lead_to(&next) {
                        let why = "redirect to where it must not lead".to_owned();
                        return Err(Ignorance::Malformed(why));
                    }
                    address = next;
                }
            }
        }
        let why = format!("more than {REDIRECTS} redirects");
        Err(Ignorance::Malformed(why))
    }

    fn once(
        &self,
        system: &dyn System,
        line: &Line,
        ask: &Ask,
        address: &Address,
        end: Instant,
    ) -> Result<Step, Ignorance> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Ignorance::Failed("no time left".to_owned()));
        }
        let agent = self.agent(system, line, address)?;
        let mut call = request(&agent, ask, address, left).call();
        if let Err(ureq::Error::Io(error)) = &call
            && is_stale(error)
        {
            // The server had closed a connection that was kept open.
            call = request(&agent, ask, address, left).call();
        }
        let mut response = call.map_err(|error| failed(&error))?;
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.trim().to_owned())
        };
        let status = response.status().as_u16();
        if matches!(status, 301 | 302 | 303 | 307 | 308)
            && let Some(link) = header("location")
        {
            return Ok(Step::Elsewhere(link));
        }
        let media = header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        let is_packed = ask.may_pack
            && header("content-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        let mut answer = Answer {
            status,
            media: media.to_ascii_lowercase(),
            etag: header("etag").filter(|etag| etag.len() < 256),
            ..Answer::default()
        };
        answer.body = read(&mut response, is_packed, ask.limit)?;
        Ok(Step::Done(answer))
    }

    fn agent(
        &self,
        system: &dyn System,
        line: &Line,
        address: &Address,
    ) -> Result<Agent, Ignorance> {
        let key = (line.clone(), address.is_secure());
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&key) {
            return Ok(agent.clone());
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(self.patience.connect))
            .max_idle_connections_per_host(super::THREADS)
            .max_idle_connections(4 * super::THREADS)
            .user_agent(concat!("tares/", env!("CARGO_PKG_VERSION")))
            .proxy(match &line.proxy {
                Some(proxy) => Some(ureq::Proxy::new(proxy).map_err(|_| {
                    Ignorance::Failed("the proxy's address cannot be read".to_owned())
                })?),
                None => None,
            });
        if address.is_secure() {
            config = config.tls_config(tls(system, &line.certificates)?);
        }
        let agent = config.build().new_agent();
        agents.insert(key, agent.clone());
        Ok(agent)
    }
}

fn request(
    agent: &Agent,
    ask: &Ask,
    address: &Address,
    left: Duration,
) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
    let coding = if ask.may_pack { "gzip" } else { "identity" };
    let mut request = agent
        .get(address.to_string())
        .config()
        .timeout_global(Some(left))
        .build()
        .header("accept", ask.accept)
        .header("accept-encoding", coding);
    if let Some(Credential(value)) = &ask.credential
        && address.is_same_server(&ask.address)
        && address.is_private()
    {
        request = request.header("authorization", value);
    }
    if let Some(etag) = &ask.etag {
        request = request.header("if-none-match", etag);
    }
    request
}

fn is_stale(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
    )
}

/// What one answer leads to.
enum Step {
    Done(Answer),
    Elsewhere(String),
}

fn read(
    response: &mut ureq::http::Response<ureq::Body>,
    is_packed: bool,
    limit: usize,
) -> Result<Vec<u8>, Ignorance> {
    let raw = response.body_mut().as_reader();
    let mut body = Vec::new();
    let bound = limit as u64 + 1;
    let read = if is_packed {
        let packed = flate2::read::MultiGzDecoder::new(raw);
        packed.take(bound).read_to_end(&mut body)
    } else {
        raw.take(bound).read_to_end(&mut body)
    };
    if body.len() > limit {
        return Err(Ignorance::Malformed(format!("answer above {limit} bytes")));
    }
    read.map_err(|error| Ignorance::Failed(format!("the answer broke off: {error}")))?;
    Ok(body)
}

/// Trusts what the system trusts, and what the user's client is told to trust besides.
fn tls(system: &dyn System, files: &[PathBuf]) -> Result<TlsConfig, Ignorance> {
    let native = rustls_native_certs::load_native_certs();
    let mut certificates: Vec<Certificate<'static>> = native
        .certs
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    for file in files {
        let pem = system.read(file, CERTIFICATES).map_err(|error| {
            Ignorance::Failed(format!("certificates that a client names: {error}"))
        })?;
        certificates.extend(ureq::tls::parse_pem(&pem).filter_map(|item| match item {
            Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        }));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&certificates))
        .unversioned_rustls_crypto_provider(provider)
        .build())
}

/// Says what went wrong without showing an address, which could hold a secret.
fn failed(error: &ureq::Error) -> Ignorance {
    Ignorance::Failed(match error {
        ureq::Error::Timeout(_) => "no whole answer in time".to_owned(),
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::Protocol(_) => return Ignorance::Malformed("no answer in HTTP".to_owned()),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "no address that can be asked".to_owned(),
        error if error.to_string().to_lowercase().contains("tls") => {
            "no encrypted connection".to_owned()
        }
        _ => "the connection failed".to_owned(),
    })
}
