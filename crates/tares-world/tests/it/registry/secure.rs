//! Encrypted places: a certificate counts when the user's client is told to trust it.

use super::{Stage, why};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tares_model::Ecosystem::Npm;
use tares_model::fact::Existence;
use tares_testkit::TestPackage;

/// Makes an authority and a certificate for the loopback.
fn certify(folder: &Path) {
    std::fs::write(folder.join("ext"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    for arguments in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2",
        "req -newkey rsa:2048 -nodes -keyout key.pem -out request -subj /CN=loopback",
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2 -extfile ext",
    ] {
        let made = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl is installed");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "openssl {arguments}: {said}");
    }
}

/// Starts a server that decrypts and hands on to another one.
fn decrypting(folder: &Path, behind: SocketAddr) -> SocketAddr {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let config = Arc::clone(&config);
            std::thread::spawn(move || hand_on(stream, config, behind));
        }
    });
    address
}

fn hand_on(stream: TcpStream, config: Arc<rustls::ServerConfig>, behind: SocketAddr) -> Option<()> {
    let connection = rustls::ServerConnection::new(config).ok()?;
    let mut stream = rustls::StreamOwned::new(connection, stream);
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
    }
    let mut behind = TcpStream::connect(behind).ok()?;
    behind.write_all(&request).ok()?;
    behind.shutdown(std::net::Shutdown::Write).ok()?;
    let mut answer = Vec::new();
    behind.read_to_end(&mut answer).ok()?;
    stream.write_all(&answer).ok()?;
    stream.conn.send_close_notify();
    stream.flush().ok()
}

#[test]
fn a_certificate_counts_when_the_client_is_told_to_trust_it() {
    let mut stage = Stage::new();
    let folder = stage.folder.path().to_owned();
    certify(&folder);
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    let url = stage.registry.url(Npm);
    let behind = url.trim_start_matches("http://").trim_end_matches("/npm/");
    let address = decrypting(&folder, behind.parse().unwrap());
    let secure = format!("https://{address}/npm/");
    stage
        .system
        .vars
        .insert("npm_config_registry".to_owned(), secure);
    let unknown = why(&stage.ask(Npm, "tool"));
    assert!(unknown.starts_with("failed: "), "{unknown}");
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
    let authority = std::fs::read(folder.join("ca.pem")).unwrap();
    stage.system.files.insert("/etc/corp.pem".into(), authority);
    stage
        .system
        .files
        .insert("/home/me/.npmrc".into(), b"cafile=/etc/corp.pem\n".to_vec());
    let known = stage.ask(Npm, "tool");
    assert_eq!(known.existence, Existence::Exists, "{}", why(&known));
}
