//! Names found by a search, constants that nobody decodes here, containers lent out, and looks.

use crate::run;
use tares_lang::Language::{self, Go, Python, TypeScript};
use tares_model::effect::{Device, Effect, EffectKind, Label, LabelSet};

fn all(language: Language, code: &str, kind: EffectKind) -> Vec<Effect> {
    let mut effects = run(language, code).effects;
    effects.retain(|effect| effect.kind == kind);
    effects
}

fn code_labels(language: Language, code: &str) -> LabelSet {
    let effects = all(language, code, EffectKind::DynamicCode);
    let role = effects.first().and_then(|effect| effect.role("code"));
    role.map_or(LabelSet::EMPTY, |role| role.labels)
}

#[test]
fn a_function_that_is_searched_for_by_name_is_found() {
    for search in [
        "cp[Object.keys(cp).find((name) => name === 'spawn')]('ls')",
        "cp[Object.getOwnPropertyNames(cp).find((name) => name === 'spawn')].call(cp, 'ls')",
        "Object.entries(cp).find(([name]) => name === 'spawn')[1]('ls')",
        "Object.entries(cp).filter(([name]) => name === 'spawn')[0][1]('ls')",
        "Object.getOwnPropertyDescriptor(cp, 'spawn').value('ls')",
    ] {
        let code = format!("const cp = require('child_process');\n{search};");
        let effects = all(TypeScript, &code, EffectKind::Process);
        assert_eq!(effects.len(), 1, "{search}");
        assert!(!effects[0].concealment.devices.is_empty(), "{search}");
    }
    let none =
        "const cp = require('child_process');\nObject.keys(cp).find((name) => name.length > 9);";
    assert!(all(TypeScript, none, EffectKind::Process).is_empty());
}

#[test]
fn a_quoted_name_is_a_device_of_the_lowest_grade() {
    let code = "const cp = require('child_process');\ncp['spawn']('ls');";
    let effects = all(TypeScript, code, EffectKind::Process);
    assert_eq!(effects[0].concealment.devices, [Device::Quoted]);
    let plain = "const cp = require('child_process');\ncp.spawn('ls');";
    assert_eq!(
        all(TypeScript, plain, EffectKind::Process)[0]
            .concealment
            .grade(),
        0
    );
}

#[test]
fn a_constant_in_a_coding_that_is_not_undone_is_decoded_all_the_same() {
    for code in [
        "import lzma\nexec(lzma.decompress(b'abc'))",
        "exec(b'\\x85\\xa5'.decode('cp1026'))",
        "exec('cHJpbnQoMSk='.decode('base64'))",
        "import base64\nexec(base64.b64decode('bar'))",
    ] {
        assert!(code_labels(Python, code).has(Label::Decoded), "{code}");
    }
    for code in [
        "exec(open('a.py', 'rb').read().decode('utf-8'))",
        "import base64\nexec(base64.b64decode(text))",
    ] {
        assert!(!code_labels(Python, code).has(Label::Decoded), "{code}");
    }
}

#[test]
fn a_buffer_that_is_decoded_into_is_decoded() {
    let code = "package p\nimport (\n\"encoding/base64\"\n\"os/exec\"\n)\nfunc f() {\n\tdst := make([]byte, 8)\n\tn, _ := base64.StdEncoding.Decode(dst, []byte(\"cHdk\"))\n\texec.Command(string(dst[:n])).Run()\n}";
    let effects = all(Go, code, EffectKind::Process);
    assert!(effects[0].data.has(Label::Decoded), "{effects:?}");
}

#[test]
fn what_is_lent_out_empty_may_come_back_full() {
    for fill in [
        "fill(about)",
        "exec(open('v.py').read(), about)",
        "tool.fill(about)",
    ] {
        let code = format!("import os\nabout = {{}}\n{fill}\nv = about['v']\nos.system('after')");
        assert_eq!(all(Python, &code, EffectKind::Process).len(), 1, "{fill}");
    }
    let code = "import os\nabout = {}\nv = about['v']\nos.system('after')";
    assert!(
        all(Python, code, EffectKind::Process).is_empty(),
        "it raises"
    );
}

#[test]
fn the_names_of_secrets_are_no_secrets() {
    let code = "import logging, os\ntokens = load(os.environ['API_TOKEN'])\nlogging.info(tokens.keys())\nlogging.info(tokens.values())";
    let logs = all(Python, code, EffectKind::Log);
    let has = |at: usize| logs[at].data.has(Label::Credential);
    assert!(!has(0) && has(1), "{logs:?}");
}

#[test]
fn texts_and_names_say_something_by_their_look() {
    let apis = |language, code: &str| -> Vec<String> {
        let effects = all(language, code, EffectKind::Literal);
        effects
            .iter()
            .map(|effect| format!("{} {}", effect.api, effect.target.text()))
            .collect()
    };
    assert_eq!(
        apis(
            Python,
            "# http://192.0.2.1/\nURL = 'http://198.51.100.4/x'\n"
        ),
        ["literal.address 198.51.100.4"]
    );
    assert_eq!(
        apis(Python, "'''See http://192.0.2.1/x.'''\n"),
        Vec::<String>::new()
    );
    let mangled = "const _0x1a2b3c = 1, _0x1a2b3d = 2;\nf(_0x1a2b3c, _0x1a2b3d, _0x1a2b3e);";
    assert_eq!(apis(TypeScript, mangled), ["literal.mangled _0x1a2b3c"]);
    assert_eq!(apis(TypeScript, "while (!![]) { f(); }").len(), 1);
    assert_eq!(
        apis(TypeScript, "const ok = !list.length && +text;"),
        Vec::<String>::new()
    );
}
