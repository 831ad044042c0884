//! What clients' configuration leads to, from memory; and the installed clients' own defaults.

use super::super::Settings;
use super::super::http::Credential;
use super::{Ground, Places, defaults};
use crate::{Cache, InMemory, Os, System};
use std::path::PathBuf;
use std::sync::Arc;
use tares_model::fact::{Ignorance, PackageName};
use tares_model::{Ecosystem, RepoPath};

/// A machine with files and variables.
fn machine(files: &[(&str, &str)], vars: &[(&str, &str)]) -> InMemory {
    let mut system = InMemory::default();
    let files = files
        .iter()
        .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()));
    system.files.extend(files);
    let vars = [("HOME", "/home/me")].iter().chain(vars);
    system
        .vars
        .extend(vars.map(|&(name, value)| (name.to_owned(), value.to_owned())));
    system
}

fn with_ground<T>(system: InMemory, settings: &Settings, act: impl FnOnce(&Ground<'_>) -> T) -> T {
    let system: Arc<dyn System> = Arc::new(system);
    let cache = Cache::none();
    act(&Ground {
        system: &system,
        settings,
        cache: &cache,
    })
}

/// Where a name is looked up, with how the client proves who asks.
fn places(system: InMemory, settings: &Settings, ecosystem: Ecosystem, name: &str) -> Vec<String> {
    let name = PackageName {
        ecosystem,
        name: name.to_owned(),
    };
    let found = with_ground(system, settings, |ground| {
        Places::default().of(ground, &name)
    });
    match found {
        Ok(places) => places
            .iter()
            .map(|place| match &place.credential {
                None => place.base.to_string(),
                Some(_) => format!("{} with secret", place.base),
            })
            .collect(),
        Err(why) => vec![format!("{why:?}")],
    }
}

fn plain(
    files: &[(&str, &str)],
    vars: &[(&str, &str)],
    ecosystem: Ecosystem,
    name: &str,
) -> Vec<String> {
    places(machine(files, vars), &Settings::default(), ecosystem, name)
}

#[test]
fn pip_looks_where_its_strongest_level_says() {
    use Ecosystem::PyPi;
    let global = (
        "/etc/pip.conf",
        "[global]\nindex-url = https://global.example/simple/\n",
    );
    let user = (
        "/home/me/.config/pip/pip.conf",
        "# mine\n[global]\nindex_url: https://me:pw@user.example/simple\nextra-index-url =\n  https://one.example/simple\n  https://two.example/simple\n[install]\nindex-url=https://install.example/s\n",
    );
    assert_eq!(
        plain(&[global], &[], PyPi, "a"),
        ["https://global.example/simple"]
    );
    assert_eq!(
        plain(&[global, user], &[], PyPi, "a"),
        [
            "https://install.example/s",
            "https://one.example/simple",
            "https://two.example/simple"
        ]
    );
    let var = ("PIP_INDEX_URL", "https://u:p@var.example/simple");
    let extra = (
        "PIP_EXTRA_INDEX_URL",
        "https://x.example/a https://y.example/b",
    );
    assert_eq!(
        plain(&[global], &[var, extra], PyPi, "a"),
        [
            "https://var.example/simple with secret",
            "https://x.example/a",
            "https://y.example/b"
        ]
    );
    assert_eq!(
        plain(&[global], &[("PIP_NO_INDEX", "1")], PyPi, "a"),
        ["NoPlace"]
    );
    assert_eq!(
        plain(&[global], &[("PIP_CONFIG_FILE", "/dev/null")], PyPi, "a"),
        ["NoPlace"]
    );
    let named = (
        "/x/pip.conf",
        "[global]\nindex-url=https://named.example/\n",
    );
    assert_eq!(
        plain(
            &[global, named],
            &[("PIP_CONFIG_FILE", "/x/pip.conf")],
            PyPi,
            "a"
        ),
        ["https://named.example/"]
    );
}

#[test]
fn uv_and_the_project_name_further_indexes() {
    let file = (
        "/home/me/.config/uv/uv.toml",
        "[[index]]\nurl = \"https://main.example/simple\"\ndefault = true\n[[index]]\nname = \"torch\"\nurl = \"https://torch.example/whl\"\nexplicit = true\n[[index]]\nurl = \"https://more.example/simple\"\n",
    );
    assert_eq!(
        plain(&[file], &[], Ecosystem::PyPi, "a"),
        [
            "https://main.example/simple",
            "https://torch.example/whl",
            "https://more.example/simple"
        ]
    );
    let settings = Settings {
        base_config: [
            ("requirements-dev.txt", "-i https://listed.example/simple\nrequests==1\n--extra-index-url=https://extra.example/simple\n"),
            ("pyproject.toml", "[[tool.poetry.source]]\nname='p'\nurl='https://poetry.example/simple/'\n[tool.uv]\nextra-index-url=['https://uv.example/simple']\n"),
            ("Pipfile", "[[source]]\nurl='https://pipfile.example/simple'\n"),
        ]
        .map(|(path, text)| (RepoPath::from_bytes(path.as_bytes()), text.as_bytes().to_vec()))
        .to_vec(),
        ..Settings::default()
    };
    assert_eq!(
        places(machine(&[], &[]), &settings, Ecosystem::PyPi, "a"),
        ["listed", "extra", "uv", "poetry", "pipfile"]
            .map(|name| format!("https://{name}.example/simple"))
    );
    let mirror = machine(&[], &[("PIP_INDEX_URL", "https://mirror.example/simple")]);
    assert_eq!(
        places(mirror, &settings, Ecosystem::PyPi, "a")[..3],
        ["mirror", "listed", "extra"].map(|name| format!("https://{name}.example/simple"))
    );
    let var = ("UV_DEFAULT_INDEX", "corp=https://corp.example/simple");
    assert_eq!(
        plain(&[], &[var], Ecosystem::PyPi, "a"),
        ["https://corp.example/simple"]
    );
}

#[test]
fn npm_looks_by_scope_and_binds_secrets_to_servers() {
    use Ecosystem::Npm;
    let npmrc = (
        "/home/me/.npmrc",
        "registry=https://main.example/npm/\n@corp:registry = https://corp.example/api/npm/\n//corp.example/api/:_authToken=${CORP}\n//main.example/:_authToken=\"x\"\n//main.example.evil.example/:_authToken=y\n",
    );
    let corp = ("CORP", "t");
    assert_eq!(
        plain(&[npmrc], &[corp], Npm, "a"),
        ["https://main.example/npm/ with secret"]
    );
    assert_eq!(
        plain(&[npmrc], &[corp], Npm, "@corp/a"),
        ["https://corp.example/api/npm/ with secret"]
    );
    assert_eq!(
        plain(
            &[npmrc],
            &[("npm_config_registry", "https://var.example")],
            Npm,
            "a"
        ),
        ["https://var.example/"]
    );
    assert_eq!(
        plain(&[npmrc], &[("NPM_CONFIG_USERCONFIG", "/none")], Npm, "a"),
        ["NoPlace"]
    );
    let password = (
        "/home/me/.npmrc",
        "registry=https://main.example/\n//main.example/:username=me\n//main.example/:_password=cHc=\n",
    );
    let found = with_ground(machine(&[password], &[]), &Settings::default(), |ground| {
        super::npm::Npmrc::read(ground).place(ground, "a").unwrap()
    });
    assert_eq!(found.credential, Credential::basic("me", "pw"));
}

#[test]
fn cargo_looks_where_its_source_is_replaced() {
    use Ecosystem::Cargo;
    let config = "[source.crates-io]\nreplace-with = \"corp\"\n[registries.corp]\nindex = \"sparse+https://corp.example/index/\"\n";
    let home = ("/home/me/.cargo/config.toml", config);
    assert_eq!(
        plain(&[home], &[], Cargo, "a"),
        ["https://corp.example/index/"]
    );
    let token = ("CARGO_REGISTRIES_CORP_TOKEN", "t");
    assert_eq!(
        plain(&[home], &[token], Cargo, "a"),
        ["https://corp.example/index/ with secret"]
    );
    let secrets = (
        "/home/me/.cargo/credentials.toml",
        "[registries.corp]\ntoken = \"t\"\n",
    );
    assert_eq!(
        plain(&[home, secrets], &[], Cargo, "a"),
        ["https://corp.example/index/ with secret"]
    );
    let git = (
        "/home/me/.cargo/config.toml",
        "[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry = \"https://git.example/index\"\n",
    );
    assert_eq!(plain(&[git], &[], Cargo, "a"), ["NoPlace"]);
    let folder = (
        "/home/me/.cargo/config.toml",
        "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"\n",
    );
    assert_eq!(plain(&[folder], &[], Cargo, "a"), ["NoPlace"]);
    let circle = (
        "/home/me/.cargo/config.toml",
        "[source.crates-io]\nreplace-with = \"b\"\n[source.b]\nreplace-with = \"crates-io\"\n",
    );
    assert_eq!(plain(&[circle], &[], Cargo, "a"), ["NoPlace"]);
}

#[test]
fn cargo_heeds_folders_above_the_repository_and_what_is_trusted_in_it() {
    let config = |host: &str| {
        format!(
            "[source.crates-io]\nreplace-with='x'\n[source.x]\nregistry='sparse+https://{host}/'\n"
        )
    };
    let (above, inside, home) = (
        config("above.example"),
        config("inside.example"),
        config("home.example"),
    );
    let files = [
        ("/w/.cargo/config.toml", above.as_str()),
        ("/w/repo/.cargo/config.toml", inside.as_str()),
        ("/home/me/.cargo/config.toml", home.as_str()),
    ];
    let mut settings = Settings {
        root: Some("/w/repo".into()),
        ..Settings::default()
    };
    let ask = |settings: &Settings| places(machine(&files, &[]), settings, Ecosystem::Cargo, "a");
    assert_eq!(ask(&Settings::default()), ["https://home.example/"]);
    assert_eq!(ask(&settings), ["https://above.example/"]);
    let trusted = config("trusted.example").into_bytes();
    settings
        .base_config
        .push((RepoPath::from_bytes(b".cargo/config.toml"), trusted));
    assert_eq!(ask(&settings), ["https://trusted.example/"]);
}

#[test]
fn go_keeps_private_modules_to_itself() {
    use Ecosystem::Go;
    let file = (
        "/home/me/.config/go/env",
        "GOPROXY=https://file.example|direct\nGOPRIVATE=*.corp.example,git.example/team\n",
    );
    assert_eq!(
        plain(&[file], &[], Go, "git.example/x"),
        ["https://file.example/"]
    );
    assert_eq!(plain(&[file], &[], Go, "git.example/team/x"), ["Private"]);
    assert_eq!(plain(&[file], &[], Go, "a.corp.example/x"), ["Private"]);
    for none in ["off", "direct"] {
        assert_eq!(
            plain(&[file], &[("GOPROXY", none)], Go, "git.example/x"),
            ["NoPlace"]
        );
    }
}

#[test]
fn maven_looks_at_the_mirror_of_its_central_repository() {
    let settings = "<settings><servers><server><id>m</id><username>u</username><password>p&amp;w</password></server></servers>\
        <mirrors><!-- <mirror><mirrorOf>*</mirrorOf><url>https://no.example/</url></mirror> -->\
        <mirror><id>o</id><mirrorOf>other</mirrorOf><url>https://other.example/</url></mirror>\
        <mirror><id>m</id><mirrorOf>external:*,!x</mirrorOf><url>https://mirror.example/maven</url></mirror></mirrors></settings>";
    let file = ("/home/me/.m2/settings.xml", settings);
    let found = plain(&[file], &[], Ecosystem::Maven, "g:a");
    assert_eq!(found, ["https://mirror.example/maven with secret"]);
    let closed = settings.replace("p&amp;w", "{aGVsbG8=}");
    let file = ("/home/me/.m2/settings.xml", closed.as_str());
    let found = plain(&[file], &[], Ecosystem::Maven, "g:a");
    assert_eq!(found, ["https://mirror.example/maven"]);
}

#[test]
fn a_proxy_is_used_but_not_for_this_machine() {
    let vars = [
        ("HTTPS_PROXY", "http://proxy.example:3128"),
        ("NO_PROXY", "internal.example, .corp.example"),
    ];
    let proxy = |url: &str| {
        let vars = [vars[0], vars[1], ("PIP_INDEX_URL", url)];
        with_ground(machine(&[], &vars), &Settings::default(), |ground| {
            super::pip::places(ground).unwrap()[0].line.proxy.clone()
        })
    };
    assert_eq!(
        proxy("https://out.example/").as_deref(),
        Some("http://proxy.example:3128")
    );
    assert_eq!(
        proxy("https://notinternal.example/").as_deref(),
        Some("http://proxy.example:3128")
    );
    assert_eq!(proxy("https://internal.example/"), None);
    assert_eq!(proxy("https://a.corp.example/"), None);
    assert_eq!(proxy("http://127.0.0.1:1/"), None);
}

#[test]
fn a_client_that_is_told_nothing_is_asked() {
    let help = "  -i, --index-url <url>       Base URL (default https://default.example/simple). This should\n  --extra-index-url <url>";
    let mut system = machine(&[], &[("PATH", "/bin")]);
    let programs = [
        ("/bin/python3", help),
        ("/bin/npm", "npm warn old\nhttps://npm.example/\n"),
        (
            "/bin/cargo",
            "error: download of config.json failed\n  failed to download from `https://cargo.example/config.json`\n",
        ),
        ("/bin/go", "https://go.example,direct\n"),
    ];
    for (path, printed) in programs {
        system.programs.insert(path.into(), printed.to_owned());
    }
    let ask = |ecosystem, name| places(system.clone(), &Settings::default(), ecosystem, name);
    assert_eq!(
        ask(Ecosystem::PyPi, "a"),
        ["https://default.example/simple"]
    );
    assert_eq!(ask(Ecosystem::Npm, "a"), ["https://npm.example/"]);
    assert_eq!(ask(Ecosystem::Cargo, "a"), ["https://cargo.example/"]);
    assert_eq!(ask(Ecosystem::Go, "g.example/a"), ["https://go.example/"]);
    let offline = Settings {
        offline: true,
        ..Settings::default()
    };
    for ecosystem in [Ecosystem::PyPi, Ecosystem::Npm, Ecosystem::Cargo] {
        assert_eq!(
            places(system.clone(), &offline, ecosystem, "a"),
            ["Offline"]
        );
    }
    // What prints no address names no place.
    for text in system.programs.values_mut() {
        "Usage: what?".clone_into(text);
    }
    assert_eq!(
        places(system, &Settings::default(), Ecosystem::Npm, "a"),
        ["NoPlace"]
    );
}

#[test]
fn a_client_that_lies_in_the_repository_is_not_run() {
    let path = "/w/repo/node_modules/.bin:/w/repo/.venv/bin:/bin";
    let mut system = machine(&[("/w/repo/.git/HEAD", "")], &[("PATH", path)]);
    for (program, printed) in [
        ("/w/repo/node_modules/.bin/npm", "https://evil.example/\n"),
        (
            "/w/repo/.venv/bin/python3",
            "--index-url (default https://evil.example/)",
        ),
        ("/bin/npm", "https://npm.example/\n"),
    ] {
        system.programs.insert(program.into(), printed.to_owned());
    }
    for root in ["/w/repo", "/w/repo/packages/one"] {
        let settings = Settings {
            root: Some(root.into()),
            ..Settings::default()
        };
        let ask = |ecosystem| places(system.clone(), &settings, ecosystem, "a");
        assert_eq!(ask(Ecosystem::Npm), ["https://npm.example/"], "{root}");
        assert_eq!(ask(Ecosystem::PyPi), ["NoPlace"], "{root}");
    }
}

#[test]
fn an_environment_in_the_repository_configures_nothing() {
    let text = "[global]\nindex-url=https://venv.example/\n";
    let found = |root: &str| {
        let files = [("/w/repo/.venv/pip.conf", text), ("/w/repo/.git/HEAD", "")];
        let settings = Settings {
            root: Some(root.into()),
            ..Settings::default()
        };
        let system = machine(&files, &[("VIRTUAL_ENV", "/w/repo/.venv")]);
        places(system, &settings, Ecosystem::PyPi, "a")
    };
    assert_eq!(found("/w/repo/src"), ["NoPlace"]);
    assert_eq!(found("/w/other"), ["https://venv.example/"]);
}

#[test]
fn installed_clients_name_their_default() {
    let system: Arc<dyn System> = Arc::new(Os);
    let (settings, cache) = (Settings::default(), Cache::none());
    let ground = Ground {
        system: &system,
        settings: &settings,
        cache: &cache,
    };
    type Ask = fn(&Ground<'_>) -> Option<String>;
    let asks: [(&str, Ask); 3] = [
        ("npm", defaults::npm),
        ("pip3", defaults::pip),
        ("cargo", defaults::cargo),
    ];
    for (program, ask) in asks {
        if !system.programs(program).is_empty() {
            let address = ask(&ground).unwrap_or_default();
            let address = address.strip_prefix("sparse+").unwrap_or(&address);
            let parsed = super::Address::parse(address);
            assert!(
                parsed.is_some_and(|one| one.host().contains('.')),
                "{program}: {address}"
            );
        }
    }
    assert_eq!(
        places(InMemory::default(), &settings, Ecosystem::RubyGems, "rails"),
        [format!("{:?}", Ignorance::NoPlace)]
    );
}
