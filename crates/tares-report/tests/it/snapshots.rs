//! The golden stream through every output.

use crate::fixture::{clean, excerpt, finding, place};
use crate::{fixture, render};
use insta::assert_snapshot;
use tares_model::finding::Related;
use tares_model::message::FindingReport;
use tares_model::{Level, Message, Place};
use tares_report::{Format, TextOptions, Verbosity};

fn narrow() -> TextOptions {
    TextOptions {
        width: 80,
        ..TextOptions::default()
    }
}

#[test]
fn text_at_80_columns() {
    assert_snapshot!(render(Format::Text, narrow(), &fixture::everything()), @r#"
    tares check  working tree against HEAD
      task    Add an upload form; no network calls of its own

    New in this change
      src/client/send.py
        14 + network     telemetry.example            contradicted
                         with credential, environment
                         if clock: date.today() > date(2031, 1, 1)
                         errors are swallowed; nobody waits for it; written as
                         character codes, decoded text
      src/upload.py
         8 + network     https://*.upload.example/v1  asked
        31 + process     unknown: cmd + suffix        unexplained
        22 ~ file-write  /tmp/out                     usual
                         with user-input (was none)
        12 - check       requests.post

    block[shell-from-user-input]: user input reaches a shell
      --> src/upload.py:31:5
       |
    27 | def run(cmd, suffix):
       |         --- 2. becomes the parameter `cmd`
    ...
    31 |     os.system(cmd + " " + suffix)#go
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 3. runs in a shell
       |
      ::: src/views.py:4:12
       |
     4 |     return request.args["cmd"]
       |            ------------------- 1. a remote user sends this
       |
       = why: Whoever sends the request runs commands on this machine.
       = fix: Pass a list of arguments and no `shell=True`.
       = asked: contradicted ("no network" in the task)
       = rated: high severity, high confidence, CWE-78

    review[direction-of-text-changed]: text is shown in another order than it runs
                                       in
     --> src/caf�.js:2:13
      |
    2 |     if (user != <U+202E>"admin"<U+202C>) { // ```` ::error::x …
      |                ^^^^^^^^^^^^^^^
      |
      = why: @everyone: see [this](https://evil.example) <U+001B>[31m| now
      = fix: Pass a list of arguments and no `shell=True`.
      = rated: high severity, medium confidence

    to look at   src/client/send.py:14 (a person who owns src/client): new network
                 target

    block        1 to block, 1 to review, 1 note not shown, 1 suppressed, 2 in base
                 already
    judged       12 files, 3,400 lines (JavaScript 3, Python 9); 14 texts read as an
                 agent reads them
    not checked  vendor/all.js: larger than 2 MB; exclude it or raise
                 `max-file-size`
                 src/odd.py:40-52: syntax that cannot be recovered
                 the base commit is missing from this shallow clone; fetch it with
                 --unshallow
    not judged   image 2, minified data 1
    not seen     what is fetched and run later; what a build script does
    "#);
}

#[test]
fn text_at_120_columns_says_more_when_asked() {
    let options = TextOptions {
        width: 120,
        show_notes: true,
        verbosity: Verbosity::Verbose,
        color: false,
    };
    assert_snapshot!(render(Format::Text, options, &fixture::everything()), @r#"
    tares check  working tree against HEAD
      task    Add an upload form; no network calls of its own
      policy  tares.toml at origin/main
      claims  commit 1a2b3c4: Small clean-up

    New in this change
      src/client/send.py
        14 + network     telemetry.example            contradicted ("no network" in the task)
                         with credential, environment
                         if clock: date.today() > date(2031, 1, 1)
                         errors are swallowed; nobody waits for it; written as character codes, decoded text
      src/upload.py
         8 + network     https://*.upload.example/v1  asked ("upload" in the task)
        31 + process     unknown: cmd + suffix        unexplained
        22 ~ file-write  /tmp/out                     usual  with user-input (was none)
        12 - check       requests.post

    block[shell-from-user-input]: user input reaches a shell
      --> src/upload.py:31:5
       |
    27 | def run(cmd, suffix):
       |         --- 2. becomes the parameter `cmd`
    ...
    31 |     os.system(cmd + " " + suffix)#go
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 3. runs in a shell
       |
      ::: src/views.py:4:12
       |
     4 |     return request.args["cmd"]
       |            ------------------- 1. a remote user sends this
       |
       = why: Whoever sends the request runs commands on this machine.
       = fix: Pass a list of arguments and no `shell=True`.
       = asked: contradicted ("no network" in the task)
       = rated: high severity, high confidence, CWE-78

    review[direction-of-text-changed]: text is shown in another order than it runs in
     --> src/caf�.js:2:13
      |
    2 |     if (user != <U+202E>"admin"<U+202C>) { // ```` ::error::x <U+001B>]0;t<U+0007>
      |                ^^^^^^^^^^^^^^^
      |
      = why: @everyone: see [this](https://evil.example) <U+001B>[31m| now
      = fix: Pass a list of arguments and no `shell=True`.
      = rated: high severity, medium confidence

    note[broad-except]: errors are swallowed
    --> src/upload.py:40:1
     = why: Whoever sends the request runs commands on this machine.
     = fix: Pass a list of arguments and no `shell=True`.
     = rated: high severity, high confidence, CWE-78

    review[tls-check-off]: user input reaches a shell
     --> src/dev.py:3:1
      |
    3 | get(url, verify=False)
      | ^^^^^^^^
      |
      = why: Whoever sends the request runs commands on this machine.
      = fix: Pass a list of arguments and no `shell=True`.
      = rated: high severity, high confidence, CWE-78
      = suppressed: only against the local test server

    to look at   src/client/send.py:14 (a person who owns src/client): new network target

    block        1 to block, 1 to review, 1 note, 1 suppressed, 2 in base already
    judged       12 files, 3,400 lines (JavaScript 3, Python 9); 14 texts read as an agent reads them
    not checked  vendor/all.js: larger than 2 MB; exclude it or raise `max-file-size`
                 src/odd.py:40-52: syntax that cannot be recovered
                 the base commit is missing from this shallow clone; fetch it with --unshallow
    not judged   image 2, minified data 1
    not seen     what is fetched and run later; what a build script does
    "#);
}

#[test]
fn text_of_long_far_and_missing_places() {
    let mut messages = clean();
    let sink = Place {
        end_line: 5,
        end_column: 6,
        ..place("a.py", 3, (5, 9))
    };
    let mut f = finding("some-rule", Level::Review, sink.clone());
    f.message = "a long message that has to be wrapped because there are many words in it and the terminal has only eighty columns to show them".into();
    f.related = vec![
        Related { place: place("a.py", 1, (1, 60)), message: "this is a long label that does not fit beside its mark and so has to go to a footnote".into() },
        Related { place: place("a.py", 3, (9, 12)), message: "the middle".into() },
        Related { place: place("gone.py", 300, (9, 12)), message: "a place without lines".into() },
        Related { place: place("a.py", 900, (3, 5)), message: "far away".into() },
        Related { place: sink, message: "the end".into() },
    ];
    let e = vec![
        excerpt(
            "a.py",
            1,
            &[
                &"x = ".repeat(15),
                "",
                "    foo(bar,",
                "      baz,",
                "    )",
                "after",
            ],
        ),
        excerpt("a.py", 899, &["y", "  zz = 1"]),
    ];
    messages.insert(
        2,
        Message::Finding(Box::new(FindingReport {
            finding: f,
            excerpts: e,
        })),
    );
    let long = format!("{}eval(x){}", "a".repeat(500), "b".repeat(500));
    let mut f = finding("other-rule", Level::Block, place("b.js", 7, (501, 508)));
    f.related = vec![Related {
        place: place("b.js", 7, (2, 5)),
        message: "start".into(),
    }];
    messages.insert(
        2,
        Message::Finding(Box::new(FindingReport {
            finding: f,
            excerpts: vec![excerpt("b.js", 7, &[&long])],
        })),
    );
    assert_snapshot!(render(Format::Text, narrow(), &messages), @r#"
    tares check  working tree against HEAD
    No new effects.

    block[other-rule]: user input reaches a shell
     --> b.js:7:501
      |
    7 | …aaaaaaaaaaaaaaaaaaaaaaaaaaeval(x)bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
      |  - start                   ^^^^^^^
      |
      = why: Whoever sends the request runs commands on this machine.
      = fix: Pass a list of arguments and no `shell=True`.
      = rated: high severity, high confidence, CWE-78

    review[some-rule]: a long message that has to be wrapped because there are many
                       words in it and the terminal has only eighty columns to show
                       them
       --> a.py:3:5
        |
      1 |   x = x = x = x = x = x = x = x = x = x = x = x = x = x = x =
        |   ----------------------------------------------------------- 1
      2 |
      3 |       foo(bar,
        |       ^   --- 2. the middle
        |  _____|
        | |
      4 | |       baz,
      5 | |     )
        | |_____^ 5. the end
        |
       ::: gone.py:300:9
        |
       ::: a.py:900:3
        |
    900 |     zz = 1
        |     -- 4. far away
        |
        = 1: this is a long label that does not fit beside its mark and so has to go
             to a footnote
        = 3: a place without lines
        = why: Whoever sends the request runs commands on this machine.
        = fix: Pass a list of arguments and no `shell=True`.
        = rated: high severity, high confidence, CWE-78

    pass         nothing found
    judged       2 files, 120 lines (Python 2); 2 texts read as an agent reads them
    not seen     what is fetched and run later
    "#);
}

#[test]
fn text_of_a_clean_run_is_short() {
    let text = render(Format::Text, narrow(), &clean());
    assert!(text.lines().count() <= 6, "{text}");
    assert_snapshot!(text, @r#"
    tares check  working tree against HEAD
    No new effects.

    pass         nothing found
    judged       2 files, 120 lines (Python 2); 2 texts read as an agent reads them
    not seen     what is fetched and run later
    "#);
}

#[test]
fn github() {
    assert_snapshot!(render(Format::Github, narrow(), &fixture::everything()), @r#"
    ::error file=src/upload.py,line=31,endLine=31,col=5,endColumn=36,title=block[shell-from-user-input]::user input reaches a shell%0Awhy: Whoever sends the request runs commands on this machine.%0Afix: Pass a list of arguments and no `shell=True`.
    ::warning file=src/caf�.js,line=2,endLine=2,col=13,endColumn=21,title=review[direction-of-text-changed]::text is shown in another order than it runs in%0Awhy: @everyone: see [this](https://evil.example) <U+001B>[31m| now%0Afix: Pass a list of arguments and no `shell=True`.
    ::notice file=src/upload.py,line=40,endLine=40,col=1,endColumn=8,title=note[broad-except]::errors are swallowed%0Awhy: Whoever sends the request runs commands on this machine.%0Afix: Pass a list of arguments and no `shell=True`.
    ::notice title=tares%3A block::1 to block, 1 to review, 1 at note, 1 suppressed; judged 12 files, 3,400 lines.%0APlaces where somebody has to look: 1.%0ANot checked: vendor/all.js larger than 2 MB; exclude it or raise `max-file-size`%0ANot checked: src/odd.py syntax that cannot be recovered%0ANot checked: the base commit is missing from this shallow clone; fetch it with --unshallow
    "#);
}

#[test]
fn markdown() {
    assert_snapshot!(render(Format::Markdown, narrow(), &fixture::everything()), @r#"
    ### tares: block – 1 to block, 1 to review

    Judged: working tree against HEAD, 12 files, 3,400 lines (JavaScript 3, Python 9). Task: Add an upload form; no network calls of its own

    #### New in this change

    | | where | effect | on | data | condition | how | asked for |
    |---|---|---|---|---|---|---|---|
    | <code>+</code> | <code>src/client/send.py&#58;&#8203;14</code> | network | <code>telemetry.example</code> | credential, environment | <code>clock&#58;&#8203; date.today() &#62; date(2031, 1, 1)</code> | errors are swallowed; nobody waits for it; written as character codes, decoded text | **contradicted**: "no network" in the task |
    | <code>+</code> | <code>src/upload.py&#58;&#8203;8</code> | network | <code>https&#58;&#8203;//&#42;.upload.example/v1</code> |  |  |  | asked: "upload" in the task |
    | <code>+</code> | <code>src/upload.py&#58;&#8203;31</code> | process | <code>unknown&#58;&#8203; cmd + suffix</code> |  |  |  | **unexplained** |
    | <code>&#126;</code> | <code>src/upload.py&#58;&#8203;22</code> | file-write | <code>/tmp/out</code> | user-input (was none) |  |  | usual |
    | <code>-</code> | <code>src/upload.py&#58;&#8203;12</code> | check | <code>requests.post</code> |  |  |  |  |

    #### To block

    **<code>shell-from-user-input</code>** at <code>src/upload.py&#58;&#8203;31</code> <sub>high severity, high confidence, CWE-&#8203;78</sub>
    user input reaches a shell

    <details><summary>why, fix and evidence</summary>

    Why: Whoever sends the request runs commands on this machine.

    Fix: Pass a list of arguments and no &#96;shell=True&#96;.

    1. <code>src/views.py&#58;&#8203;4</code> a remote user sends this
    2. <code>src/upload.py&#58;&#8203;27</code> becomes the parameter &#96;cmd&#96;
    3. <code>src/upload.py&#58;&#8203;31</code> runs in a shell

    <code>src/upload.py</code>

    ```text
      26 | 
    > 27 | def run(cmd, suffix):
      28 |     log.info("run")
    ```

    <code>src/upload.py</code>

    ```text
      30 |     # start
    > 31 |     os.system(cmd + " " + suffix)#go
      32 | 
    ```

    <code>src/views.py</code>

    ```text
       3 | def upload():
    >  4 |     return request.args["cmd"]
    ```

    </details>

    #### To review

    **<code>direction-of-text-changed</code>** at <code>src/caf�.js&#58;&#8203;2</code> <sub>high severity, medium confidence</sub>
    text is shown in another order than it runs in

    <details><summary>why, fix and evidence</summary>

    Why: &#64;&#8203;everyone&#58;&#8203; see &#91;this&#93;(https&#58;&#8203;//evil.example) &#60;U+001B&#62;&#91;31m&#124; now

    Fix: Pass a list of arguments and no &#96;shell=True&#96;.


    <code>src/caf�.js</code>

    `````text
       1 | // role
    >  2 |     if (user != <U+202E>"admin"<U+202C>) { // ```` ::error::x <U+001B>]0;t<U+0007>
       3 |   long long long long long long long long long long long long long long long long long long long l…
    `````

    </details>

    #### Notes

    **<code>broad-except</code>** at <code>src/upload.py&#58;&#8203;40</code> <sub>high severity, high confidence, CWE-&#8203;78</sub>
    errors are swallowed

    <details><summary>why, fix and evidence</summary>

    Why: Whoever sends the request runs commands on this machine.

    Fix: Pass a list of arguments and no &#96;shell=True&#96;.


    </details>

    #### Who has to look

    - <code>src/client/send.py&#58;&#8203;14</code>: a person who owns src/client: new network target

    #### Not looked at

    - <code>vendor/all.js</code>: larger than 2 MB; exclude it or raise &#96;max-file-size&#96;
    - <code>src/odd.py&#58;&#8203;40-&#8203;52</code>: syntax that cannot be recovered
    - the base commit is missing from this shallow clone; fetch it with --unshallow
    - Nothing to judge: image 2, minified data 1

    <sub>what is fetched and run later; what a build script does; 1 suppressed; 2 in base already</sub>
    "#);
}

#[test]
fn colours_change_nothing_but_the_colour() {
    let plain = render(Format::Text, narrow(), &fixture::everything());
    let painted = render(
        Format::Text,
        TextOptions {
            color: true,
            ..narrow()
        },
        &fixture::everything(),
    );
    assert!(!plain.contains('\u{1b}'));
    let stripped: String = painted
        .split('\u{1b}')
        .enumerate()
        .map(|(i, part)| {
            if i == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            }
        })
        .collect();
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(trimmed.join("\n"), plain.trim_end());
    let block = painted.lines().find(|l| l.contains("block")).unwrap();
    assert!(block.starts_with("\u{1b}[1m\u{1b}[91mblock["), "{block:?}");
}

#[test]
fn quiet_text_says_what_was_not_checked() {
    let options = TextOptions {
        verbosity: Verbosity::Quiet,
        ..narrow()
    };
    let text = render(Format::Text, options, &fixture::everything());
    assert!(
        text.contains("not checked") && !text.contains("New in this change"),
        "{text}"
    );
}
