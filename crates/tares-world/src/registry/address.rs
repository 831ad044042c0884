//! Addresses of places: parsed once, joined by hand, shown without secrets.

use std::fmt;
use std::net::IpAddr;

/// The longest address that is followed, in bytes; registries stay far below.
const LONGEST: usize = 4096;

/// Where something is asked for over HTTP.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    is_secure: bool,
    host: String,
    port: u16,
    /// Path with a leading `/`, and the query.
    path: String,
    /// Name and password in front of the host, as written.
    user: Option<String>,
}

impl Address {
    /// Reads an address with scheme and host; a fragment is dropped.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let is_clean =
            |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`');
        if text.len() > LONGEST || !rest.chars().all(is_clean) {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user.to_owned()), place),
            None => (None, authority),
        };
        let (host, port) = host_and_port(place, if is_secure { 443 } else { 80 })?;
        let path = match path.chars().next() {
            None => "/".to_owned(),
            Some('/') => path.to_owned(),
            Some(_) => format!("/{path}"),
        };
        Some(Self {
            is_secure,
            host,
            port,
            path,
            user,
        })
    }

    /// Returns the address that a link found at this one means. Secrets do not go along.
    pub(super) fn join(&self, link: &str) -> Option<Self> {
        let link = link.trim().split('#').next().unwrap_or_default();
        if link.contains("://") {
            return Self::parse(link);
        }
        let scheme = if self.is_secure { "https" } else { "http" };
        if let Some(rest) = link.strip_prefix("//") {
            return Self::parse(&format!("{scheme}://{rest}"));
        }
        let file = self.path.split('?').next().unwrap_or_default();
        let path = if link.starts_with('/') {
            link.to_owned()
        } else {
            let folder = file.rfind('/').map_or("", |end| &file[..end]);
            format!("{folder}/{link}")
        };
        Self::parse(&format!(
            "{scheme}://{}{}",
            self.authority(),
            flatten(&path)
        ))
    }

    /// Returns the address of something below this one.
    pub(super) fn below(&self, path: &str) -> Self {
        let mut below = self.clone();
        below.path = format!("{}/{path}", self.path.trim_end_matches('/'));
        below
    }

    /// Takes name and password out of the address.
    pub(super) fn take_user(&mut self) -> Option<String> {
        self.user.take()
    }

    /// Returns whether nobody between here and there can read along.
    pub(super) fn is_private(&self) -> bool {
        self.is_secure || self.is_loopback()
    }

    /// Returns whether it is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let ip: Option<IpAddr> = self.host.trim_matches(['[', ']']).parse().ok();
        self.host == "localhost" || ip.is_some_and(|ip| ip.is_loopback())
    }

    /// Returns whether this server may send a question on to another: not out of an encrypted
    /// connection, and not to this machine or its closest neighbours from outside, where what
    /// listens takes every question for the user's.
    pub(super) fn may_lead_to(&self, other: &Self) -> bool {
        let ip: Option<IpAddr> = other.host.trim_matches(['[', ']']).parse().ok();
        let is_near = other.is_loopback()
            || ip.is_some_and(|ip| match ip {
                IpAddr::V4(ip) => ip.is_link_local() || ip.is_unspecified(),
                IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unspecified(),
            });
        (other.is_secure || !self.is_secure) && (self.is_loopback() || !is_near)
    }

    /// Returns whether both are the same server.
    pub(super) fn is_same_server(&self, other: &Self) -> bool {
        (self.is_secure, &self.host, self.port) == (other.is_secure, &other.host, other.port)
    }

    /// Returns whether the connection is encrypted.
    pub(super) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Returns the host.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the path and the query.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the host, with its port where that is not the usual one.
    pub(super) fn authority(&self) -> String {
        if self.port == if self.is_secure { 443 } else { 80 } {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// Shows it without name and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn host_and_port(place: &str, usual: u16) -> Option<(String, u16)> {
    let bracket = place.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match place[bracket..].find(':') {
        Some(colon) => {
            let colon = bracket + colon;
            (&place[..colon], place[colon + 1..].parse().ok()?)
        }
        None => (place, usual),
    };
    let is_host =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':');
    if host.is_empty() || !host.chars().all(is_host) {
        return None;
    }
    Some((host.to_ascii_lowercase(), port))
}

/// Takes `.` and `..` out of a path.
fn flatten(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (path, String::new()),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}{query}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_send_on_to_their_like() {
        let leads = |from: &str, to: &str| {
            let [from, to] = [from, to].map(|text| Address::parse(text).unwrap());
            from.may_lead_to(&to)
        };
        assert!(leads("https://one.example/", "https://two.example/"));
        assert!(leads("http://one.example/", "https://two.example/"));
        assert!(leads("http://127.0.0.1:1/", "http://localhost:2/"));
        for (from, to) in [
            ("https://one.example/", "http://one.example/"),
            ("https://one.example/", "https://127.0.0.1/"),
            ("http://one.example/", "http://[::1]:8080/"),
            ("http://one.example/", "http://169.254.1.1/"),
            ("http://one.example/", "http://0.0.0.0/"),
        ] {
            assert!(!leads(from, to), "{from} {to}");
        }
    }

    #[test]
    fn links_are_joined_and_secrets_stay_behind() {
        let base = Address::parse("https://me:pw@One.example/simple/a/?x").unwrap();
        let joined = |link: &str| base.join(link).map(|address| address.to_string());
        assert_eq!(base.to_string(), "https://one.example/simple/a/?x");
        assert_eq!(
            joined("../../f/a.whl#sha256=1").as_deref(),
            Some("https://one.example/f/a.whl")
        );
        assert_eq!(joined("/f").as_deref(), Some("https://one.example/f"));
        assert_eq!(
            joined("//two.example:8443/f").as_deref(),
            Some("https://two.example:8443/f")
        );
        assert_eq!(
            joined("http://two.example").as_deref(),
            Some("http://two.example/")
        );
        assert_eq!(joined("file:///etc/passwd"), None);
        assert_eq!(joined("/a b"), None);
        assert_eq!(base.join("x").unwrap().take_user(), None);
        assert!(Address::parse("http://[::1]:80/").unwrap().is_loopback());
        assert!(
            !Address::parse("http://127.0.0.1.example/")
                .unwrap()
                .is_private()
        );
    }
}
