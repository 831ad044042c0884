//! Whether an effect was asked for. The task (what a person asked) may explain an effect;
//! claims (commit messages, names, documentation) are compared with it and never believed.
//!
//! Words only, no model: the same input gives the same answer, and the words that decided
//! are part of it.

mod control;
pub mod lexicon;
mod names;
mod said;
mod words;

pub use control::asked_of_control;
use lexicon::{Lexicon, Sense, Service};
use names::{first_host, host, library, mention, talks};
use rustc_hash::{FxHashMap, FxHashSet};
use said::{Phrases, Said};
use std::sync::OnceLock;
use tares_model::effect::{
    Asked, AskedVerdict, Effect, EffectKind, GuardClass, Label, LabelSet, Target,
};

/// Task, claims and base of one change, read once.
#[derive(Debug)]
pub struct AskedFor {
    has_task: bool,
    task: Said,
    claims: Said,
    base: FxHashMap<(EffectKind, String), LabelSet>,
    /// Kinds of what base does anywhere.
    kinds: FxHashSet<EffectKind>,
}

/// What stands around an effect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// What the code says of itself: name and documentation of the function, comments. A claim.
    pub words: &'a str,
    /// What the same file does in base.
    pub here: &'a [Effect],
    /// Whether it is test code.
    pub is_test: bool,
}

/// The embedded lexicons and their phrases.
struct Words {
    senses: Vec<Sense>,
    services: Vec<Service>,
    languages: Vec<Phrases>,
}

impl Words {
    fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Words> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.postcard"));
            let lexicons: Vec<Lexicon> = postcard::from_bytes(bytes)
                .expect("the build wrote these bytes from the same types");
            let (mut senses, mut services, mut languages) = (Vec::new(), Vec::new(), Vec::new());
            for lexicon in lexicons {
                let first = senses.len();
                senses.extend(lexicon.sense.iter().cloned());
                services.extend(lexicon.service.iter().cloned());
                languages.push(Phrases::new(lexicon, first));
            }
            Self {
                senses,
                services,
                languages,
            }
        })
    }

    /// Returns the indices of the senses that speak of a kind.
    fn senses_of(&self, kind: EffectKind) -> impl Iterator<Item = usize> {
        let senses = self.senses.iter().enumerate();
        senses
            .filter(move |(_, sense)| sense.kinds.contains(&kind))
            .map(|(i, _)| i)
    }
}

impl AskedFor {
    /// Reads the task, the claims and what base already does.
    pub fn new(task: Option<&str>, claims: &[&str], base: &[Effect]) -> Self {
        let words = Words::embedded();
        let mut claimed = Said::default();
        claims
            .iter()
            .for_each(|claim| claimed.extend(Said::new(claim, &words.languages)));
        let mut known: FxHashMap<(EffectKind, String), LabelSet> = FxHashMap::default();
        for effect in base {
            if let Some(place) = place(effect) {
                let labels = known.entry((effect.kind, place)).or_default();
                *labels = labels.union(effect.data);
            }
        }
        Self {
            has_task: task.is_some_and(|text| !text.trim().is_empty()),
            task: task.map_or_else(Said::default, |text| Said::new(text, &words.languages)),
            claims: claimed,
            base: known,
            kinds: base.iter().map(|effect| effect.kind).collect(),
        }
    }

    /// Decides for one effect. `doc` is what the enclosing function says of itself (name and
    /// documentation): a claim.
    pub fn decide(&self, effect: &Effect, doc: &str) -> Asked {
        let around = Around {
            words: doc,
            ..Around::default()
        };
        self.decide_in(effect, &around)
    }

    /// Decides for one effect by all that stands around it.
    pub fn decide_in(&self, effect: &Effect, around: &Around<'_>) -> Asked {
        if effect.is_new == Some(false) {
            return answer(AskedVerdict::NotStated, "it is not new");
        }
        let words = Words::embedded();
        let own = Said::new(around.words, &words.languages);
        let named = mention(&self.task, effect, &words.services);
        if let Some(contradicted) = self.contradiction(effect, &own, words) {
            return contradicted;
        }
        if let Some(named) = &named {
            return answer(
                AskedVerdict::Asked,
                format!("the task names `{}`", named.name),
            );
        }
        if let Some(usual) = self
            .usual(effect)
            .or_else(|| usual_here(effect, around.here))
        {
            return usual;
        }
        if !self.has_task {
            return answer(AskedVerdict::NotStated, "no task was given");
        }
        self.by_words(effect, around, words)
            .unwrap_or_else(|| self.claimed(effect, &own, words))
    }

    /// Decides for a control that base has and head has not: only a task that names its removal
    /// explains that.
    pub fn decide_removed(&self, control: &Effect) -> Asked {
        if !self.has_task {
            return answer(AskedVerdict::NotStated, "no task was given");
        }
        let names = format!("{} {}", control.target.text(), control.api).to_ascii_lowercase();
        match self.task.removal(control.kind, &names) {
            Some(words) => answer(AskedVerdict::Asked, format!("the task says `{words}`")),
            None => answer(
                AskedVerdict::Unexplained,
                "nothing in the task asks for this to go",
            ),
        }
    }

    /// What the words of the task say, where they neither name nor exclude the target.
    fn by_words(&self, effect: &Effect, around: &Around<'_>, words: &Words) -> Option<Asked> {
        if let Some(elsewhere) = self.goes_elsewhere(effect, words) {
            return Some(elsewhere);
        }
        if let Some(phrase) = self.task.tells(effect.kind) {
            return Some(answer(
                AskedVerdict::Asked,
                format!("the task says `{phrase}`"),
            ));
        }
        let said = |senses: &FxHashMap<usize, String>| {
            let mut found = words.senses_of(meant(effect));
            found.find_map(|sense| senses.get(&sense).cloned())
        };
        if let Some(phrase) = said(&self.task.asked) {
            return Some(answer(
                AskedVerdict::Asked,
                format!("the task says `{phrase}`"),
            ));
        }
        if let Some(phrase) = self.task.tests.as_ref().filter(|_| around.is_test) {
            return Some(answer(
                AskedVerdict::Asked,
                format!("the task says `{phrase}`"),
            ));
        }
        // To touch what is there brings nothing that is not there, and no new place.
        let is_placed = talks(effect.kind) && host(&effect.target).is_some();
        let is_known = self.kinds.contains(&meant(effect)) && !is_placed;
        if let Some(phrase) = said(&self.task.touched) {
            let (verdict, text) = if is_known {
                (AskedVerdict::Asked, format!("the task says `{phrase}`"))
            } else {
                (
                    AskedVerdict::Unexplained,
                    format!("the task only touches `{phrase}`"),
                )
            };
            return Some(answer(verdict, text));
        }
        let named = library(&self.task, effect).filter(|named| !named.negated)?;
        if is_placed {
            // Whoever asks for a library asks for no peer.
            let host = host(&effect.target).unwrap_or_default();
            let text = format!("the task names `{}`, but not `{host}`", named.name);
            return Some(answer(AskedVerdict::Unexplained, text));
        }
        Some(answer(
            AskedVerdict::Asked,
            format!("the task names `{}`", named.name),
        ))
    }

    /// The task, or the code's own words, say otherwise.
    fn contradiction(&self, effect: &Effect, own: &Said, words: &Words) -> Option<Asked> {
        let texts = [
            (&self.task, "the task"),
            (own, "its own documentation"),
            (&self.claims, "the change itself"),
        ];
        for (said, who) in texts {
            let named = mention(said, effect, &words.services);
            match named {
                Some(named) if named.negated => {
                    return Some(answer(
                        AskedVerdict::Contradicted,
                        format!("{who} excludes `{}`", named.name),
                    ));
                }
                Some(_) => continue,
                None => {}
            }
            // A person who says "no retries" means it; documentation says many things.
            let is_task = who == "the task";
            let is_whole = who == "the change itself";
            let denied = words.senses_of(effect.kind).find_map(|sense| {
                let refused = said.refused.get(&sense).filter(|_| is_task);
                let limited = said.limited.get(&sense).filter(|_| !is_whole);
                Some((sense, said.denied.get(&sense).or(limited).or(refused)?))
            });
            if let Some((sense, phrase)) = denied
                && !said.asked.contains_key(&sense)
            {
                return Some(answer(
                    AskedVerdict::Contradicted,
                    format!("{who} says `{phrase}`"),
                ));
            }
        }
        None
    }

    /// Base does the same kind of thing to the same host, folder or command. Sensitive data
    /// to a host is only usual where base sent sensitive data there.
    fn usual(&self, effect: &Effect) -> Option<Asked> {
        let place = place(effect)?;
        let before = self.base.get(&(effect.kind, place.clone()))?;
        let fresh = sensitive(effect).without(*before);
        if talks(effect.kind) && !fresh.is_empty() {
            return None;
        }
        Some(answer(
            AskedVerdict::Usual,
            format!("the base already does this with `{place}`"),
        ))
    }

    /// The task names hosts and this is another one, or sensitive data goes to a host that
    /// the task does not name: no word explains that.
    fn goes_elsewhere(&self, effect: &Effect, words: &Words) -> Option<Asked> {
        if !talks(effect.kind) {
            return None;
        }
        let host = host(&effect.target)?;
        // A bucket, a queue or the page's own origin is no other host than the one that is named.
        if host.contains('.')
            && let Some(named) = first_host(&self.task, &words.services)
        {
            let text = format!("the task names `{named}`, not `{host}`");
            return Some(answer(AskedVerdict::Unexplained, text));
        }
        let sensitive = sensitive(effect);
        (!sensitive.is_empty()).then(|| {
            let what: Vec<_> = sensitive
                .iter()
                .map(|l| l.as_str().replace('-', " "))
                .collect();
            let text = format!(
                "{} goes to `{host}`, which the task does not name",
                what.join(", ")
            );
            answer(AskedVerdict::Unexplained, text)
        })
    }

    fn claimed(&self, effect: &Effect, own: &Said, words: &Words) -> Asked {
        for (said, who) in [
            (&self.claims, "the change itself"),
            (own, "its own name or documentation"),
        ] {
            let phrase = words
                .senses_of(meant(effect))
                .find_map(|s| said.asked.get(&s));
            if let Some(phrase) = phrase {
                return answer(AskedVerdict::Claimed, format!("only {who} says `{phrase}`"));
            }
            if let Some(named) = mention(said, effect, &words.services) {
                return answer(
                    AskedVerdict::Claimed,
                    format!("only {who} names `{}`", named.name),
                );
            }
        }
        let what = words
            .senses_of(meant(effect))
            .next()
            .map_or("this", |s| words.senses[s].what.as_str());
        answer(
            AskedVerdict::Unexplained,
            format!("nothing in the task asks for {what}"),
        )
    }
}

/// The same file does such a thing in base already, by the same means: with files, data and
/// settings that is what the file is for. Nothing sensitive, hidden or dormant is explained so.
fn usual_here(effect: &Effect, here: &[Effect]) -> Option<Asked> {
    let is_everyday = matches!(
        effect.kind,
        EffectKind::FileRead
            | EffectKind::FileWrite
            | EffectKind::Environment
            | EffectKind::Sql
            | EffectKind::Query
            | EffectKind::Deserialise
    );
    let is_told = effect
        .guard
        .iter()
        .any(|guard| guard.class != GuardClass::Plain);
    let is_plain = sensitive(effect)
        .without(LabelSet::of(Label::Environment))
        .is_empty()
        && effect.concealment.devices.is_empty()
        && !is_told;
    if !is_everyday || !is_plain || matches!(effect.target, Target::Exact(_)) {
        return None;
    }
    let before = here.iter().find(|before| {
        before.kind == effect.kind
            && before.api == effect.api
            && !matches!(before.target, Target::Exact(_))
            && effect.data.carried().without(before.data).is_empty()
    })?;
    Some(answer(
        AskedVerdict::Usual,
        format!("the file already does this with `{}`", before.api),
    ))
}

fn answer(verdict: AskedVerdict, because: impl Into<String>) -> Asked {
    Asked {
        verdict,
        because: because.into(),
    }
}

/// Returns the kind that words have to speak of: to write what starts by itself is more than to
/// write a file, and `image` or `save` do not mean it.
fn meant(effect: &Effect) -> EffectKind {
    let text = effect.target.text();
    let starts = match effect.kind {
        EffectKind::FileWrite | EffectKind::FileMode => STARTUP.iter().any(|p| text.contains(p)),
        EffectKind::Process => text.contains("crontab") || text.starts_with("systemctl enable"),
        _ => false,
    };
    if starts {
        EffectKind::Persistence
    } else {
        effect.kind
    }
}

/// Parts of paths of what a system starts by itself, or lets in by itself.
const STARTUP: &[&str] = &[
    "/etc/cron",
    "/var/spool/cron",
    "/etc/profile",
    "/etc/rc.local",
    "/etc/init.d",
    "systemd/system/",
    "systemd/user/",
    "LaunchAgents/",
    "LaunchDaemons/",
    ".config/autostart",
    ".bashrc",
    ".bash_profile",
    ".zshrc",
    ".git/hooks/",
    "authorized_keys",
    "/etc/sudoers",
    "/etc/ld.so.preload",
    "sitecustomize.py",
];

/// Returns the labels that nobody may send to a new place unasked.
fn sensitive(effect: &Effect) -> LabelSet {
    let kept: LabelSet = [Label::Credential, Label::Session, Label::Environment]
        .into_iter()
        .collect();
    effect.data.intersection(kept)
}

/// Returns where an effect acts, as coarse as "the same place" is meant: host, folder, command.
fn place(effect: &Effect) -> Option<String> {
    if talks(effect.kind) {
        return host(&effect.target).map(str::to_ascii_lowercase);
    }
    let (Target::Exact(text) | Target::Pattern(text)) = &effect.target else {
        return None;
    };
    Some(match effect.kind {
        EffectKind::FileRead
        | EffectKind::FileWrite
        | EffectKind::FileDelete
        | EffectKind::FileMode => text
            .rsplit_once('/')
            .map_or_else(|| text.clone(), |(folder, _)| folder.to_owned()),
        EffectKind::Process => text.split_whitespace().next()?.to_owned(),
        _ => text.clone(),
    })
}
