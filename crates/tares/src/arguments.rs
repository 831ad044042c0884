//! The arguments. Everything here is read without touching the world.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use tares_report::Format;

/// Judges code that a model wrote before it is merged
///
/// tares runs a change abstractly, compares what it does with what the base did and with what
/// was asked for, and says what a reviewer has to look at. Nothing of the repository is executed.
#[derive(Debug, Parser)]
#[command(
    name = "tares",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Exit codes: 0 pass or review, 1 block, 2 usage or configuration, 3 nothing to check, \
4 something was not checked, 70 internal error.",
    after_long_help = "Exit codes:\n   \
0  pass, or review without `--fail-on review`\n   \
1  a finding at `block`, or at `review` with `--fail-on review`\n   \
2  wrong usage or configuration: nothing was judged\n   \
3  nothing to check: never read this as a pass\n   \
4  something that should have been judged was not\n  \
70  an error inside tares: never read this as a verdict\n\n\
Environment:\n  \
TARES_CACHE_DIR    folder for what is kept between runs\n  \
TARES_DATA_DIR     folder for data that cannot be computed again, such as advisories\n  \
NO_COLOR           no colours, where `--color` does not say otherwise\n  \
COLUMNS            width of the text\n  \
RAYON_NUM_THREADS  threads to work on; the result does not depend on it"
)]
pub(crate) struct Arguments {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) folder: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge one change: what it newly does, what it gets wrong, what it hides
    ///
    /// Without a selection, working tree, index and untracked files are judged against HEAD.
    #[command(
        after_help = "Examples:\n  tares check --task \"add an avatar upload\"\n  \
tares check --base origin/main --format sarif\n  git diff | tares check --patch -"
    )]
    Check(Check),
    /// Judge whole files or folders, without a change
    Scan(Scan),
    /// Show what a person sees of a text beside what an agent reads
    #[command(
        after_help = "Examples:\n  tares inputs CLAUDE.md --as claude-code\n  \
gh issue view 12 | tares inputs -\n  tares inputs --clean AGENTS.md > AGENTS.clean.md"
    )]
    Inputs(Inputs),
    /// List, pin and verify the AI tools of this machine and repository
    #[command(
        subcommand,
        after_help = "Examples:\n  tares tools list\n  tares tools lock\n  \
tares tools verify --only repository --fail-on review\n  tares tools list ~/Downloads/assistant.vsix"
    )]
    Tools(Tools),
    /// Keep advisory data: known flaws and malware, by package and version
    #[command(
        after_help = "Examples:\n  tares db update ../advisory-db ~/osv/npm.zip\n  tares db update\n  tares db status"
    )]
    Db(Db),
    /// Show the packages of a project, why they are there, and whether one can be trusted
    #[command(after_help = "Examples:\n  tares deps\n  tares deps why left-pad\n  \
tares deps verify left-pad@1.3.0 --ecosystem npm\n\n\
`verify` ends with 0 where the package exists and nothing speaks against it, 1 where it is \
blocked, 4 where nobody could tell.")]
    Deps(Deps),
    /// Print the page of a rule
    Explain(Explain),
    /// List the rules
    Rules(Rules),
    /// Check API models of your own, and run their examples
    Models(Models),
    /// Write a commented tares.toml into this folder
    Init,
    /// Judge a made-up change in a temporary repository, to show what tares is for
    Demo(Demo),
    /// Print a shell completion script
    Completions(Completions),
    /// Print the manual page, as roff
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Judge the index against HEAD: what a commit would hold
    #[arg(long, conflicts_with_all = ["base", "patch"])]
    pub(crate) staged: bool,
    /// Judge what the head adds since it parted from REV, as a pull request is seen
    #[arg(long, value_name = "REV", conflicts_with = "patch")]
    pub(crate) base: Option<String>,
    /// The proposed commit, with --base [default: HEAD]
    #[arg(long, value_name = "REV", requires = "base")]
    pub(crate) head: Option<String>,
    /// Judge a unified diff without a repository; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: Option<PathBuf>,
    /// What a person asked for, or @FILE to read it from a file; trusted
    #[arg(long, value_name = "TEXT|@FILE")]
    pub(crate) task: Option<String>,
    /// Keep and use nothing of earlier runs
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Ask no registry about packages that are new: no name leaves the machine
    #[arg(long)]
    pub(crate) offline: bool,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Files and folders; `-` reads standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The language of standard input, such as python, javascript, typescript, tsx
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<String>,
    /// Ask registries about the packages that are named
    #[arg(long, conflicts_with = "language")]
    pub(crate) online: bool,
    /// Let tares.toml and suppression comments of what is scanned count
    #[arg(long)]
    pub(crate) trust_config: bool,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How strictly to judge.
#[derive(Debug, Args)]
pub(crate) struct Judging {
    /// The lowest level that makes the program fail; the policy can only be stricter
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Block)]
    pub(crate) fail_on: FailOn,
    /// Judge by this configuration instead of the target's tares.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Use the API models in DIR instead of those that the configuration names; trusted
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
}

/// What is printed, and how.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = parse_format, hide_possible_values = false,
        help = "The output: text, json, sarif, github or markdown")]
    pub(crate) format: Format,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Show notes too
    #[arg(long)]
    pub(crate) notes: bool,
    /// Say more: claims, suppressed findings, all effects
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Say less: findings and the verdict
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// Files and folders; `-` reads standard input as Markdown
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The agent that reads: claude-code, codex, cursor, copilot, gemini, windsurf, amazon-q, any
    #[arg(long = "as", value_name = "AGENT")]
    pub(crate) agent: Option<String>,
    /// Show every line, and texts without a difference too
    #[arg(long)]
    pub(crate) all: bool,
    /// Print a copy of the text without what only an agent reads
    #[arg(long, conflicts_with_all = ["all", "format"])]
    pub(crate) clean: bool,
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tools {
    /// List editor extensions, agents, servers of tools, plugins, skills, commands and rules
    List(ToolsList),
    /// Accept the tools as they are: write digests, effects and instructions into the lock
    Lock(ToolsLock),
    /// Compare the tools with the lock: what a new version newly does or newly instructs
    Verify(ToolsVerify),
}

/// Which tools are looked at.
#[derive(Debug, Args)]
pub(crate) struct ToolsWhich {
    /// Archives and folders of tools to look at besides those that are installed
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only the tools of one of them
    #[arg(long, value_name = "WHOSE", value_enum)]
    pub(crate) only: Option<Whose>,
    /// Look at this user's folder instead of your own, and at nothing of the system
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct ToolsList {
    #[command(flatten)]
    pub(crate) which: ToolsWhich,
}

#[derive(Debug, Args)]
pub(crate) struct ToolsLock {
    #[command(flatten)]
    pub(crate) which: ToolsWhich,
    /// The lock [default: tares-tools.lock at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Start servers of tools in a sandbox without network, and pin what they offer
    #[arg(long)]
    pub(crate) start: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ToolsVerify {
    #[command(flatten)]
    pub(crate) which: ToolsWhich,
    /// The lock [default: tares-tools.lock at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Start servers of tools in a sandbox without network, and compare what they offer
    #[arg(long)]
    pub(crate) start: bool,
    /// The lowest level that makes the program fail
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Block)]
    pub(crate) fail_on: FailOn,
}

/// Whose tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Whose {
    /// Those of the machine and its user
    Machine,
    /// Those of the repository
    Repository,
}

#[derive(Debug, Args)]
pub(crate) struct Db {
    #[command(subcommand)]
    pub(crate) action: DbAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbAction {
    /// Build the data anew from sources on this machine; nothing is fetched
    ///
    /// Reads OSV records as JSON or YAML and RustSec advisories. The old data stays until the new
    /// is whole.
    Update(DbUpdate),
    /// Say what the data holds and how old it is
    Status(DbStatus),
}

#[derive(Debug, Args)]
pub(crate) struct DbUpdate {
    /// Folders, git repositories, `.zip`, `.tar` and `.tar.gz` archives [default: those of the last time]
    #[arg(value_name = "FROM")]
    pub(crate) from: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DbStatus {
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Deps {
    #[command(subcommand)]
    pub(crate) command: Option<DepsCommand>,
    #[command(flatten)]
    pub(crate) table: Table,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DepsCommand {
    /// Show which manifest, lock file or command brings a package
    Why(Why),
    /// Ask about one package before it is installed
    Verify(Verify),
    /// Vouch for a package that did not exist when it was asked for before
    Clear(Clear),
}

#[derive(Debug, Args)]
pub(crate) struct Table {
    /// The folder or file [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// Ask no registry: no name leaves the machine
    #[arg(long)]
    pub(crate) offline: bool,
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The package
    pub(crate) name: String,
    /// The folder or file [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The package, with its version if one is meant
    #[arg(value_name = "NAME[@VERSION]")]
    pub(crate) name: String,
    /// Where it comes from: pypi, npm, cargo, golang, maven, gem, composer or nuget
    #[arg(long, value_name = "ECOSYSTEM")]
    pub(crate) ecosystem: String,
    /// Fetch the archive too, and judge the code that runs when it is installed; it is not run
    #[arg(long, conflicts_with = "offline")]
    pub(crate) archive: bool,
    /// Ask no registry: no name leaves the machine
    #[arg(long)]
    pub(crate) offline: bool,
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Clear {
    /// The package
    pub(crate) name: String,
    /// Where it comes from: pypi, npm, cargo, golang, maven, gem, composer or nuget
    #[arg(long, value_name = "ECOSYSTEM")]
    pub(crate) ecosystem: String,
    /// Who vouches for it
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule, such as tls-check-off
    pub(crate) rule: String,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// The output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Models {
    /// The folder, with a folder for each language in it
    #[arg(value_name = "DIR")]
    pub(crate) models: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep the repository and say where it is
    #[arg(long)]
    pub(crate) keep: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command to describe [default: tares itself]
    pub(crate) command: Option<String>,
}

/// The lowest level that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Findings that no careful reviewer lets through
    Block,
    /// Also findings that a person has to look at
    Review,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The output of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

fn parse_format(word: &str) -> Result<Format, String> {
    let words: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
    let found = Format::ALL
        .into_iter()
        .find(|format| format.as_str() == word);
    found.ok_or_else(|| format!("none of {}", words.join(", ")))
}
