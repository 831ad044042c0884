//! The same mistakes in every shape that keeps their meaning: each is seen, and its safe twin
//! of the same shape is seen to be safe.

use crate::{run, show};
use tares_lang::Language;
use tares_model::EffectKind;
use tares_model::effect::Shape;

/// A rewrite with a hole `@` for the value that decides: class, code. `~` stands for the sign
/// of a decorator.
const SHELL: &[(&str, &str)] = &[
    ("plain", "import subprocess\nsubprocess.run(cmd, shell=@)"),
    (
        "alias",
        "from subprocess import run as tell\nask = tell\nask(cmd, shell=@)",
    ),
    (
        "attribute by text",
        "import subprocess, operator\ngetattr(subprocess, 'run')(cmd, shell=@)\n",
    ),
    (
        "methodcaller",
        "import subprocess, operator\noperator.methodcaller('run', cmd, shell=@)(subprocess)",
    ),
    (
        "import by text",
        "import importlib\nimportlib.import_module('sub' 'process').run(cmd, shell=@)",
    ),
    (
        "dunder import",
        "__import__('subprocess').run(cmd, shell=@)",
    ),
    (
        "folding",
        "import subprocess\nsubprocess.run(cmd, shell=not not @)",
    ),
    (
        "filter",
        "import subprocess\nsubprocess.run(cmd, shell=next(filter(lambda x: x is not None, (None, @))))",
    ),
    (
        "set pop",
        "import subprocess\nsubprocess.run(cmd, shell={@}.pop())",
    ),
    (
        "container",
        "import subprocess\nways = [0, [1, @]]\nsubprocess.run(cmd, shell=ways[1][-1])",
    ),
    (
        "zip",
        "import subprocess\nsubprocess.run(cmd, shell=dict(zip('ab', (1, @))).get('b'))",
    ),
    (
        "spread",
        "import subprocess\nopts = {}\nopts.update(shell=@)\nsubprocess.run(cmd, **opts)",
    ),
    (
        "partial",
        "import subprocess, functools\nfunctools.partial(subprocess.run, cmd)(shell=@)",
    ),
    (
        "wrapper lambda",
        "import subprocess\ncall = lambda f, *a, **k: f(*a, **k)\ncall(subprocess.run, cmd, shell=@)",
    ),
    (
        "default",
        "import subprocess\ndef go(c, s=@, how=subprocess.run):\n    return how(c, shell=s)\ngo(cmd)",
    ),
    (
        "class carrier",
        "import subprocess\nclass Box:\n    def __init__(self, s):\n        self.s = s\n    def __call__(self, c):\n        return subprocess.run(c, shell=self.s)\nBox(@)(cmd)",
    ),
    (
        "property",
        "import subprocess\nclass Box:\n    ~property\n    def s(self):\n        return @\nsubprocess.run(cmd, shell=Box().s)",
    ),
    (
        "decorator",
        "import subprocess\ndef keep(f):\n    def inner(*a, **k):\n        return f(*a, **k)\n    return inner\n~keep\ndef go(c, s):\n    subprocess.run(c, shell=s)\ngo(cmd, @)",
    ),
    (
        "exec",
        "exec('import subprocess\\nsubprocess.run(cmd, shell=@)')",
    ),
    (
        "eval compile",
        "import subprocess\neval(compile('subprocess.run(cmd, shell=@)', 'x', 'eval'))",
    ),
    (
        "text building",
        "import subprocess\ngetattr(subprocess, f\"{'ru'}n\")(cmd, shell=@)",
    ),
    (
        "reversal",
        "import subprocess\ngetattr(subprocess, 'nur'[::-1])(cmd, shell=@)",
    ),
    (
        "codec",
        "import base64, subprocess\ngetattr(subprocess, base64.b64decode('cnVu').decode())(cmd, shell=@)",
    ),
    (
        "character codes",
        "import subprocess\ngetattr(subprocess, ''.join(chr(c) for c in [114, 117, 110]))(cmd, shell=@)",
    ),
    (
        "namespace",
        "import subprocess\nglobals()['subprocess'].__dict__['run'](cmd, shell=@)",
    ),
    (
        "vars",
        "import subprocess\nvars(subprocess)['run'](cmd, shell=@)",
    ),
    (
        "late change",
        "import subprocess\nclass O: pass\no = O()\nsetattr(o, 'shell', @)\nsubprocess.run(cmd, shell=o.shell)",
    ),
    (
        "dict write",
        "import subprocess\nclass O: pass\no = O()\no.__dict__['shell'] = @\nsubprocess.run(cmd, shell=o.shell)",
    ),
    (
        "comprehension",
        "import subprocess\n[subprocess.run(c, shell=s) for c, s in [(cmd, @)]]",
    ),
    (
        "map comprehension",
        "import subprocess\nsubprocess.run(cmd, **{k: v for k, v in [('shell', @)]})",
    ),
    (
        "try",
        "import subprocess\ntry:\n    {}['x']\nexcept KeyError:\n    flag = @\nsubprocess.run(cmd, shell=flag)",
    ),
    (
        "loop",
        "import subprocess\nfor flag in (None, @):\n    pass\nsubprocess.run(cmd, shell=flag)",
    ),
    (
        "ternary",
        "import subprocess\nsubprocess.run(cmd, shell=@ if 1 < 2 else None)",
    ),
    (
        "module constant",
        "import subprocess\nFLAG = @\ndef go(c):\n    subprocess.run(c, shell=FLAG)\ngo(cmd)",
    ),
    (
        "json",
        "import subprocess, json\nsubprocess.run(cmd, shell=json.loads('{\"m\": %s}' % str(@).lower())['m'])",
    ),
    (
        "getitem",
        "import subprocess\nclass G:\n    def __getitem__(self, k):\n        return @\nsubprocess.run(cmd, shell=G()['x'])",
    ),
    (
        "context manager",
        "import subprocess\nclass C:\n    def __enter__(self):\n        return @\n    def __exit__(self, *a):\n        pass\nwith C() as s:\n    subprocess.run(cmd, shell=s)",
    ),
    (
        "walrus",
        "import subprocess\nsubprocess.run(cmd, shell=(s := @))",
    ),
    (
        "generator",
        "import subprocess\ndef g():\n    yield @\nsubprocess.run(cmd, shell=next(g()))",
    ),
    (
        "operator overload",
        "import subprocess\nclass N:\n    def __add__(self, o):\n        return @\nsubprocess.run(cmd, shell=N() + 1)",
    ),
    (
        "closure",
        "import subprocess\ndef make(s):\n    def go(c):\n        return subprocess.run(c, shell=s)\n    return go\nmake(@)(cmd)",
    ),
    (
        "match",
        "import subprocess\nmatch 3:\n    case 1:\n        s = None\n    case 3:\n        s = @\nsubprocess.run(cmd, shell=s)",
    ),
    (
        "reduce",
        "import subprocess, functools\nsubprocess.run(cmd, shell=functools.reduce(lambda a, b: b, [None, @]))",
    ),
    (
        "type call",
        "import subprocess\nT = type('T', (), {'s': @})\nsubprocess.run(cmd, shell=T.s)",
    ),
];

#[test]
fn python_values_survive_every_rewrite() {
    let mut failures = Vec::new();
    for (class, code) in SHELL {
        for value in ["True", "False"] {
            let wanted = Shape::Bool(value == "True");
            let analysis = run(
                Language::Python,
                &code.replace('@', value).replace('~', "@"),
            );
            let hit = analysis.effects.iter().any(|e| {
                e.kind == EffectKind::Process
                    && e.api == "subprocess.run"
                    && e.role("shell").is_some_and(|r| r.shape == wanted)
            });
            // The twin must not be seen as the other one, however it was reached.
            let wrong = analysis.effects.iter().any(|e| {
                e.role("shell")
                    .is_some_and(|r| r.shape == Shape::Bool(value != "True"))
            });
            if !hit || wrong {
                let seen: Vec<String> = analysis.effects.iter().map(show).collect();
                failures.push(format!("{class} with {value}: {}", seen.join("; ")));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        SHELL.len() * 2,
        failures.join("\n")
    );
}

const EXEC: &[(&str, &str)] = &[
    (
        "plain",
        "const cp = require('child_process'); cp.spawn(cmd, { shell: @ })",
    ),
    (
        "alias",
        "import { spawn as go } from 'node:child_process'; const g = go; g(cmd, { shell: @ })",
    ),
    (
        "destructuring",
        "const { spawn: go } = require('child_process'); go(cmd, { shell: @ })",
    ),
    (
        "attribute by text",
        "const cp = require('child_process'); cp['spa' + 'wn'](cmd, { shell: @ })",
    ),
    (
        "Reflect.get",
        "const cp = require('child_process'); Reflect.get(cp, 'spawn')(cmd, { shell: @ })",
    ),
    (
        "Reflect.apply",
        "const cp = require('child_process'); Reflect.apply(cp.spawn, null, [cmd, { shell: @ }])",
    ),
    (
        "call",
        "const cp = require('child_process'); cp.spawn.call(cp, cmd, { shell: @ })",
    ),
    (
        "apply",
        "const cp = require('child_process'); cp.spawn.apply(cp, [cmd, { shell: @ }])",
    ),
    (
        "bind",
        "const cp = require('child_process'); cp.spawn.bind(cp, cmd)({ shell: @ })",
    ),
    (
        "import by text",
        "require('child_' + 'process').spawn(cmd, { shell: @ })",
    ),
    (
        "dynamic import",
        "const cp = await import('child_process'); cp.spawn(cmd, { shell: @ })",
    ),
    (
        "folding",
        "const cp = require('child_process'); cp.spawn(cmd, { shell: !!@ })",
    ),
    (
        "spread",
        "const cp = require('child_process'); const o = { shell: @ }; cp.spawn(cmd, { ...o })",
    ),
    (
        "assign",
        "const cp = require('child_process'); cp.spawn(cmd, Object.assign({}, { shell: @ }))",
    ),
    (
        "Map",
        "const cp = require('child_process'); cp.spawn(cmd, { shell: new Map([['s', @]]).get('s') })",
    ),
    (
        "default",
        "const cp = require('child_process'); const { s = @ } = {}; cp.spawn(cmd, { shell: s })",
    ),
    (
        "wrapper",
        "const cp = require('child_process'); const call = (f, ...a) => f(...a); call(cp.spawn, cmd, { shell: @ })",
    ),
    (
        "closure",
        "const cp = require('child_process'); const make = s => c => cp.spawn(c, { shell: s }); make(@)(cmd)",
    ),
    (
        "class",
        "const cp = require('child_process'); class B { constructor(s) { this.s = s } go(c) { cp.spawn(c, { shell: this.s }) } } new B(@).go(cmd)",
    ),
    (
        "getter",
        "const cp = require('child_process'); class B { get s() { return @ } } cp.spawn(cmd, { shell: new B().s })",
    ),
    (
        "static",
        "const cp = require('child_process'); class B { static s = @ } cp.spawn(cmd, { shell: B.s })",
    ),
    (
        "eval",
        "const cp = require('child_process'); eval('cp.spawn(cmd, { shell: @ })')",
    ),
    (
        "indirect eval",
        "const cp = require('child_process'); (0, eval)('cp.spawn(cmd, { shell: @ })')",
    ),
    (
        "Function",
        "const cp = require('child_process'); new Function('cp', 'cmd', 'cp.spawn(cmd, { shell: @ })')(cp, cmd)",
    ),
    (
        "template",
        "const cp = require('child_process'); cp[`${'spa'}wn`](cmd, { shell: @ })",
    ),
    (
        "fromCharCode",
        "const cp = require('child_process'); cp[String.fromCharCode(115, 112, 97, 119, 110)](cmd, { shell: @ })",
    ),
    (
        "atob",
        "const cp = require('child_process'); cp[atob('c3Bhd24=')](cmd, { shell: @ })",
    ),
    (
        "Buffer",
        "const cp = require('child_process'); cp[Buffer.from('737061776e', 'hex').toString()](cmd, { shell: @ })",
    ),
    (
        "reverse",
        "const cp = require('child_process'); cp['nwaps'.split('').reverse().join('')](cmd, { shell: @ })",
    ),
    (
        "ternary",
        "const cp = require('child_process'); cp.spawn(cmd, { shell: 1 < 2 ? @ : null })",
    ),
    (
        "defineProperty",
        "const cp = require('child_process'); const o = {}; Object.defineProperty(o, 'shell', { value: @ }); cp.spawn(cmd, o)",
    ),
    (
        "promise",
        "const cp = require('child_process'); Promise.resolve(@).then(s => cp.spawn(cmd, { shell: s }))",
    ),
    (
        "array method",
        "const cp = require('child_process'); [@].forEach(s => cp.spawn(cmd, { shell: s }))",
    ),
    (
        "reduce",
        "const cp = require('child_process'); const o = [['shell', @]].reduce((a, [k, v]) => { a[k] = v; return a }, {}); cp.spawn(cmd, o)",
    ),
    (
        "json",
        "const cp = require('child_process'); cp.spawn(cmd, JSON.parse('{\"shell\": @}'))",
    ),
    (
        "switch",
        "const cp = require('child_process'); let s; switch (3) { case 1: s = null; break; case 3: s = @; break } cp.spawn(cmd, { shell: s })",
    ),
    (
        "loop",
        "const cp = require('child_process'); let s; for (const x of [null, @]) { s = x } cp.spawn(cmd, { shell: s })",
    ),
    (
        "computed key",
        "const cp = require('child_process'); cp.spawn(cmd, { ['sh' + 'ell']: @ })",
    ),
    (
        "hoisted",
        "const cp = require('child_process'); go(cmd); function go(c) { cp.spawn(c, { shell: @ }) }",
    ),
    (
        "logical",
        "const cp = require('child_process'); cp.spawn(cmd, { shell: undefined ?? @ })",
    ),
];

#[test]
fn javascript_values_survive_every_rewrite() {
    let mut failures = Vec::new();
    for (class, code) in EXEC {
        for value in ["true", "false"] {
            let wanted = Shape::Bool(value == "true");
            let analysis = run(Language::TypeScript, &code.replace('@', value));
            let shell = |e: &tares_model::Effect| e.role("shell").map(|r| r.shape.clone());
            let hit = analysis
                .effects
                .iter()
                .any(|e| e.kind == EffectKind::Process && shell(e) == Some(wanted.clone()));
            let wrong = analysis
                .effects
                .iter()
                .any(|e| shell(e) == Some(Shape::Bool(value != "true")));
            if !hit || wrong {
                let seen: Vec<String> = analysis.effects.iter().map(show).collect();
                failures.push(format!("{class} with {value}: {}", seen.join("; ")));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        EXEC.len() * 2,
        failures.join("\n")
    );
}
