//! Whether an effect was asked for. The task (what a person asked) may explain an effect;
//! claims (commit messages, names, documentation) are compared with it and never believed.
//!
//! Words only, no model: the same input gives the same answer, and the words that decided
//! are part of it.

pub mod lexicon;
mod names;
mod said;
mod words;

use lexicon::{Lexicon, Sense, Service};
use names::{first_host, host, library, mention, talks};
use rustc_hash::FxHashMap;
use said::{Phrases, Said};
use std::sync::OnceLock;
use tares_model::effect::{Asked, AskedVerdict, Effect, EffectKind, Label, LabelSet, Target};

/// Task, claims and base of one change, read once.
#[derive(Debug)]
pub struct AskedFor {
    has_task: bool,
    task: Said,
    claims: Said,
    base: FxHashMap<(EffectKind, String), LabelSet>,
}

/// The embedded lexicons and their phrases.
struct Words {
    senses: Vec<Sense>,
    services: Vec<Service>,
    phrases: Phrases,
}

impl Words {
    fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Words> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.postcard"));
            let lexicons: Vec<Lexicon> = postcard::from_bytes(bytes)
                .expect("the build wrote these bytes from the same types");
            let phrases = Phrases::new(&lexicons);
            let (mut senses, mut services) = (Vec::new(), Vec::new());
            for lexicon in lexicons {
                senses.extend(lexicon.sense);
                services.extend(lexicon.service);
            }
            Self {
                senses,
                services,
                phrases,
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
            .for_each(|claim| claimed.extend(Said::new(claim, &words.phrases)));
        let mut known: FxHashMap<(EffectKind, String), LabelSet> = FxHashMap::default();
        for effect in base {
            if let Some(place) = place(effect) {
                let labels = known.entry((effect.kind, place)).or_default();
                *labels = labels.union(effect.data);
            }
        }
        Self {
            has_task: task.is_some_and(|text| !text.trim().is_empty()),
            task: task.map_or_else(Said::default, |text| Said::new(text, &words.phrases)),
            claims: claimed,
            base: known,
        }
    }

    /// Decides for one effect. `doc` is what the enclosing function says of itself (name and
    /// documentation): a claim.
    pub fn decide(&self, effect: &Effect, doc: &str) -> Asked {
        if effect.is_new == Some(false) {
            return answer(AskedVerdict::NotStated, "it is not new");
        }
        let words = Words::embedded();
        let own = Said::new(doc, &words.phrases);
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
        if let Some(usual) = self.usual(effect) {
            return usual;
        }
        if !self.has_task {
            return answer(AskedVerdict::NotStated, "no task was given");
        }
        if let Some(elsewhere) = self.goes_elsewhere(effect, words) {
            return elsewhere;
        }
        if let Some(phrase) = words
            .senses_of(effect.kind)
            .find_map(|s| self.task.asked.get(&s))
        {
            return answer(AskedVerdict::Asked, format!("the task says `{phrase}`"));
        }
        if let Some(named) = library(&self.task, effect).filter(|named| !named.negated) {
            return answer(
                AskedVerdict::Asked,
                format!("the task names `{}`", named.name),
            );
        }
        self.claimed(effect, &own, words)
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
            let denied = words
                .senses_of(effect.kind)
                .find(|s| said.denied.contains_key(s));
            if let Some(sense) = denied
                && !said.asked.contains_key(&sense)
            {
                let phrase = &said.denied[&sense];
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
                .senses_of(effect.kind)
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
            .senses_of(effect.kind)
            .next()
            .map_or("this", |s| words.senses[s].what.as_str());
        answer(
            AskedVerdict::Unexplained,
            format!("nothing in the task asks for {what}"),
        )
    }
}

fn answer(verdict: AskedVerdict, because: impl Into<String>) -> Asked {
    Asked {
        verdict,
        because: because.into(),
    }
}

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
