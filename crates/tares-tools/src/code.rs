//! What the code of a tool does, by the interpreter.

use crate::body::Item;
use crate::tool::Evidence;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use tares_effects::{Program, Worker};
use tares_lang::Language;
use tares_model::effect::{Effect, EffectKind, Label, Target};
use tares_model::{Level, LineIndex, RepoPath};

/// Stack of one thread: what the bounds of parser and interpreter need, several times over.
const STACK: usize = 64 << 20;

/// Bytes of code that are judged of one tool.
const CODE: usize = 24 << 20;

/// What flows in and is told.
const CARRIED: [Label; 6] = [
    Label::Credential,
    Label::Session,
    Label::PersonalData,
    Label::SourceCode,
    Label::Environment,
    Label::FileContent,
];

/// Most lines that are kept of one tool.
const MOST: usize = 2_000;

thread_local! {
    static WORKER: RefCell<Worker> = RefCell::new(Worker::default());
}

/// The texts of a tool, for imports among them.
struct Texts<'a>(BTreeMap<&'a str, &'a Arc<str>>);

impl Program for Texts<'_> {
    fn exists(&self, path: &RepoPath) -> bool {
        self.0.contains_key(path.as_str())
    }

    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        self.0.get(path.as_str()).map(|text| Arc::clone(text))
    }

    fn is_thorough(&self) -> bool {
        false
    }
}

/// What the code of a tool does.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) does: Vec<Evidence>,
    pub(crate) unread: Vec<String>,
}

/// Runs the code of a tool abstractly.
pub(crate) fn run(items: &[Item]) -> Done {
    let mut code: Vec<(&str, Language, &Arc<str>)> = items
        .iter()
        .filter_map(|item| {
            let text = item.text.as_ref()?;
            let first = text.lines().next().unwrap_or("");
            let language = Language::detect(&item.path, clip(first))?;
            Some((item.path.as_str(), language, text))
        })
        .collect();
    let mut done = Done::default();
    // What the tool itself is made of comes before the packages that it brings.
    code.sort_by_key(|(path, _, _)| (path.contains("node_modules/"), *path));
    let mut room = CODE;
    let judged = code.iter().take_while(|(_, _, text)| {
        room = room.saturating_sub(text.len());
        room > 0
    });
    let judged = judged.count();
    if judged < code.len() {
        done.unread.push(format!(
            "`{}` and {} more files of code: more than is judged of one tool",
            code[judged].0,
            code.len() - judged - 1
        ));
    }
    let texts = Texts(
        items
            .iter()
            .filter_map(|item| Some((item.path.as_str(), item.text.as_ref()?)))
            .collect(),
    );
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let Ok(pool) = pool else {
        done.unread.push("no thread could be started".to_owned());
        return done;
    };
    let found: Vec<Done> = pool.install(|| {
        code[..judged]
            .to_vec()
            .into_par_iter()
            .map(|(path, language, text)| one(&texts, path, language, text))
            .collect()
    });
    for one in found {
        done.does.extend(one.does);
        done.unread.extend(one.unread);
    }
    done.does.sort();
    done.does.dedup_by(|next, kept| next.text == kept.text);
    if done.does.len() > MOST {
        done.does.truncate(MOST);
        done.unread.push(format!("it does more than {MOST} things"));
    }
    done
}

fn clip(line: &str) -> &str {
    line.get(..200).unwrap_or(line)
}

fn one(texts: &Texts<'_>, path: &str, language: Language, text: &Arc<str>) -> Done {
    let place = RepoPath::from(path);
    let run = std::panic::AssertUnwindSafe(|| {
        WORKER
            .with_borrow_mut(|worker| tares_effects::analyse(worker, texts, &place, language, text))
    });
    // An error of ours in one file must not keep the others from being judged.
    let Ok(analysis) = std::panic::catch_unwind(run) else {
        WORKER.with_borrow_mut(|worker| *worker = Worker::default());
        return Done {
            does: Vec::new(),
            unread: vec![format!("`{path}` could not be judged")],
        };
    };
    let lines = LineIndex::new(text);
    let does = analysis
        .effects
        .iter()
        .filter(|effect| effect.kind.is_capability() && !effect.is_plain_read())
        .map(|effect| {
            let line = effect
                .site
                .as_ref()
                .map_or(1, |site| lines.line(site.span.start));
            Evidence {
                text: words(effect),
                level: level(effect),
                place: format!("{path}:{line}"),
            }
        })
        .collect();
    let was_cut = analysis
        .unchecked
        .iter()
        .any(|(_, why)| *why != tares_effects::Unchecked::Syntax);
    let unread = if was_cut {
        vec![format!("`{path}` was judged in part")]
    } else {
        Vec::new()
    };
    Done { does, unread }
}

/// Says what an effect is so that a packer that renames everything changes nothing: an unknown
/// target is named by the API and not by the expression.
fn words(effect: &Effect) -> String {
    let kind = effect.kind.as_str();
    let mut words = match &effect.target {
        Target::Exact(target) | Target::Pattern(target) => {
            let target: String = target.chars().take(160).collect();
            format!("{kind} `{}`", shown(&target))
        }
        Target::Unknown(_) => format!("{kind} by {}, unknown where", shown(&effect.api)),
        Target::None => format!("{kind} by {}", shown(&effect.api)),
    };
    for label in CARRIED.into_iter().filter(|label| has(effect, *label)) {
        words.push_str(", with ");
        words.push_str(&label.as_str().replace('-', " "));
    }
    if is_concealed(effect) {
        words.push_str(", written so that it does not show");
    }
    words
}

fn has(effect: &Effect, label: Label) -> bool {
    effect.data.iter().any(|found| found == label)
}

/// Whether text was decoded, or run as code, to get there.
fn is_concealed(effect: &Effect) -> bool {
    effect.concealment.grade() >= 3
        && matches!(
            effect.kind,
            EffectKind::Process | EffectKind::Network | EffectKind::DynamicCode
        )
}

fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c == '`' { '\'' } else { c })
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

/// How much something new of a kind weighs.
fn level(effect: &Effect) -> Level {
    match effect.kind {
        EffectKind::FileRead
        | EffectKind::Environment
        | EffectKind::NameLookup
        | EffectKind::Identity
        | EffectKind::TempFile
        | EffectKind::Log => Level::Note,
        EffectKind::Network if has(effect, Label::Credential) => Level::Block,
        _ if is_concealed(effect) => Level::Block,
        _ => Level::Review,
    }
}
