//! A small HTTP server, of the standard library alone, with bad manners on request.

use super::protocol::{self, Question, Reply};
use super::{Behaviour, Request, State, TestPackage};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

type Shared = Arc<Mutex<State>>;

/// Starts a server on a free port of the loopback.
pub(super) fn start() -> (SocketAddr, Shared, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port of the loopback");
    let address = listener
        .local_addr()
        .expect("a bound listener has an address");
    let (state, is_over) = (Shared::default(), Arc::new(AtomicBool::new(false)));
    let (shared, over) = (Arc::clone(&state), Arc::clone(&is_over));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let (shared, over) = (Arc::clone(&shared), Arc::clone(&over));
            std::thread::spawn(move || serve(&stream, &shared, &over));
        }
    });
    (address, state, is_over)
}

/// Answers the requests of one connection. Whatever breaks ends it.
fn serve(stream: &TcpStream, shared: &Shared, over: &AtomicBool) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let host = stream.local_addr().ok()?.to_string();
    let mut reader = BufReader::new(stream);
    while !over.load(Ordering::Relaxed) {
        let request = read(&mut reader)?;
        let question = protocol::question(&request.path);
        let (behaviour, reply) = {
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.requests.push(request.clone());
            let behaviour = behaviour(&mut state, &question, &request);
            let is_mirror = behaviour == Behaviour::Mirror;
            let reply = protocol::answer(&state, &question, &request, &host, is_mirror);
            (behaviour, reply)
        };
        send(stream, &request, &question, behaviour, reply, &host)?;
    }
    Some(())
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.take(16 * 1024).read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }
    let request = Request { path, headers };
    if let Some(length) = request.header("content-length") {
        let mut body = vec![0; length.parse().ok().filter(|length| *length < 1 << 20)?];
        reader.read_exact(&mut body).ok()?;
    }
    Some(request)
}

/// Returns how a question is answered now.
fn behaviour(state: &mut State, question: &Question, request: &Request) -> Behaviour {
    let Question::Name(ecosystem, name) = question else {
        return Behaviour::Honest;
    };
    let special = state.special.get(&(*ecosystem, ecosystem.normal(name)));
    let behaviour = special.or_else(|| state.general.get(ecosystem));
    let behaviour = behaviour.cloned().unwrap_or(Behaviour::Honest);
    if let Behaviour::Flaky(status, times) = behaviour {
        let failed = state.failed.entry(request.path.clone()).or_default();
        *failed += 1;
        return if *failed <= times {
            Behaviour::Status(status)
        } else {
            Behaviour::Honest
        };
    }
    behaviour
}

fn send(
    stream: &TcpStream,
    request: &Request,
    question: &Question,
    behaviour: Behaviour,
    mut reply: Reply,
    host: &str,
) -> Option<()> {
    let name = match question {
        Question::Name(ecosystem, name) => Some((*ecosystem, name.clone())),
        _ => None,
    };
    let mut extra = String::new();
    match behaviour {
        Behaviour::Honest | Behaviour::Mirror | Behaviour::Flaky(..) => {}
        Behaviour::Late(pause) => std::thread::sleep(pause),
        Behaviour::NothingThere => reply = Reply::new(404, "text/plain", "not here"),
        Behaviour::SoftNotFound => {
            reply = Reply::new(
                200,
                "text/html",
                "<html><title>Oops</title>Nothing found.</html>",
            );
        }
        Behaviour::CatchAll => {
            let (ecosystem, name) = name?;
            let package = TestPackage::seasoned(ecosystem, &name);
            reply = protocol::of_package(&package, request, host, false);
        }
        Behaviour::Status(status) => reply = Reply::new(status, "text/plain", "no"),
        Behaviour::Truncated => reply.body.truncate(reply.body.len() * 2 / 3),
        Behaviour::MediaType(media) => media.clone_into(&mut reply.media),
        Behaviour::OtherName => {
            let (_, name) = name?;
            let text = String::from_utf8_lossy(&reply.body).replace(&name, "another-name");
            reply.body = text.into_bytes();
        }
        Behaviour::Drip => return drip(stream, &reply),
        Behaviour::RedirectLoop => {
            reply = Reply::new(302, "text/plain", "");
            extra = format!("Location: {}\r\n", request.path);
        }
        Behaviour::RedirectTo(server) => {
            reply = Reply::new(302, "text/plain", "");
            extra = format!("Location: {server}{}\r\n", request.path);
        }
        Behaviour::GzipBomb(size) => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&vec![b' '; size]).ok()?;
            reply.body = encoder.finish().ok()?;
            extra = "Content-Encoding: gzip\r\n".to_owned();
        }
        Behaviour::Enormous(size) => reply.body = vec![b' '; size],
    }
    let etag = format!("\"{}\"", &super::archive::sha256_of(&reply.body)[..16]);
    if reply.status == 200 && request.header("if-none-match") == Some(&etag) {
        reply = Reply::new(304, &reply.media, "");
    }
    let mut stream = stream;
    let head = format!(
        "HTTP/1.1 {} X\r\nContent-Type: {}\r\nContent-Length: {}\r\nETag: {etag}\r\n{extra}\r\n",
        reply.status,
        reply.media,
        reply.body.len()
    );
    let bytes = [head.as_bytes(), &reply.body].concat();
    stream.write_all(&bytes).ok()
}

/// Sends an answer so slowly that it never ends.
fn drip(mut stream: &TcpStream, reply: &Reply) -> Option<()> {
    let head = format!(
        "HTTP/1.1 200 X\r\nContent-Type: {}\r\nContent-Length: 100000\r\n\r\n",
        reply.media
    );
    stream.write_all(head.as_bytes()).ok()?;
    loop {
        stream.write_all(b" ").ok()?;
        std::thread::sleep(Duration::from_millis(50));
    }
}
