//! What the engine knows of Go: values, results, pointers, packages, conditions.

use crate::{run, show};
use tares_effects::Analysis;
use tares_lang::Language::Go;
use tares_model::effect::{GuardClass, Label, Stealth};

/// Runs statements inside a function of a package that imports the usual things.
fn body(code: &str) -> Analysis {
    file(&format!("func f() {{\n{code}\n}}"))
}

fn file(code: &str) -> Analysis {
    let imports = [
        "bytes",
        "encoding/base64",
        "encoding/hex",
        "encoding/json",
        "fmt",
        "net/http",
        "os",
        "os/exec",
        "path/filepath",
        "reflect",
        "strconv",
        "strings",
        "time",
        "runtime",
        "database/sql",
    ];
    let imports: String = imports.iter().map(|i| format!("\t{i:?}\n")).collect();
    run(
        Go,
        &format!("package main\n\nimport (\n{imports})\n\n{code}\n"),
    )
}

/// Asserts that `exec.Command(x)` is called with a text.
#[track_caller]
fn gives(code: &str, expected: &str) {
    let code = match code.rsplit_once('\n') {
        Some((before, last)) => format!("{before}\nexec.Command({last})"),
        None => format!("exec.Command({code})"),
    };
    let analysis = body(&code);
    let all: Vec<String> = analysis.effects.iter().map(show).collect();
    let wanted = format!("command=Seq([Str({expected:?})])");
    assert!(
        all.iter().any(|e| e.contains(&wanted)),
        "{code}\nwants {wanted}\nhas {all:#?}"
    );
}

#[test]
fn texts_are_folded() {
    gives("\"a\" + \"b\"", "ab");
    gives("x := \"a\"\nx + \"b\"", "ab");
    gives("var x string\nx += \"a\"\nx", "a");
    gives(
        "fmt.Sprintf(\"%s-%d-%v-%x-%q\", \"a\", 7, true, \"hi\", \"q\")",
        "a-7-true-6869-\"q\"",
    );
    gives("fmt.Sprintf(\"%02x%c%%\", 10, 'a')", "0aa%");
    gives("fmt.Sprint(\"a\", 1)", "a1");
    gives("strings.Join([]string{\"a\", \"b\"}, \"-\")", "a-b");
    gives("strings.ReplaceAll(\"axb\", \"x\", \"y\")", "ayb");
    gives("strings.Replace(\"axbx\", \"x\", \"y\", -1)", "ayby");
    gives("strings.Split(\"a,b\", \",\")[1]", "b");
    gives("strings.ToLower(strings.TrimSpace(\" AB \"))", "ab");
    gives("strings.Repeat(\"a\", 3)", "aaa");
    gives(
        "strings.NewReplacer(\"0\", \"o\", \"1\", \"i\").Replace(\"f00b1\")",
        "foobi",
    );
    gives(
        "strings.Map(func(r rune) rune { if r >= 'a' && r <= 'm' { return r + 13 }; return r - 13 }, \"nop\")",
        "abc",
    );
    gives("strconv.Itoa(12) + strconv.FormatInt(255, 16)", "12ff");
    gives("string([]byte{0x69, 0x64})", "id");
    gives("string([]rune{105, 100})", "id");
    gives("string(rune(105))", "i");
    gives("filepath.Join(\"/a\", \"b\", \"/c\")", "/a/b/c");
    gives("`raw\\n`", "raw\\n");
    gives("\"\\x69\\u0064\"", "id");
}

#[test]
fn builders_slices_and_maps_are_followed() {
    gives(
        "var sb strings.Builder\nsb.WriteString(\"a\")\nsb.WriteByte('b')\nsb.String()",
        "ab",
    );
    gives(
        "var b bytes.Buffer\nfmt.Fprintf(&b, \"%d\", 4)\nb.String()",
        "4",
    );
    gives(
        "s := []string{\"a\"}\ns = append(s, \"b\", \"c\")\ns[2]",
        "c",
    );
    gives(
        "s := make([]byte, 2)\ns[0] = 'i'\ns[1] = 'd'\nstring(s)",
        "id",
    );
    gives(
        "m := map[string]string{\"k\": \"v\"}\nm[\"j\"] = \"w\"\nm[\"k\"] + m[\"j\"]",
        "vw",
    );
    gives(
        "b := []byte(\"hc\")\nfor i := range b { b[i] ^= 1 }\nstring(b)",
        "ib",
    );
    gives(
        "x := \"\"\nfor _, c := range []int{105, 100} { x += string(rune(c)) }\nx",
        "id",
    );
    gives(
        "r := []rune(\"di\")\nfor i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 { r[i], r[j] = r[j], r[i] }\nstring(r)",
        "id",
    );
    gives("x := \"abc\"[1:]\nx", "bc");
    gives(
        "copy := []string{\"p\", \"q\"}\na, b := copy[0], copy[1]\na, b = b, a\na + b",
        "qp",
    );
    gives("p := struct{ a string }{\"z\"}\np.a", "z");
}

#[test]
fn codecs_are_folded() {
    gives(
        "d, _ := base64.StdEncoding.DecodeString(\"aWQ=\")\nstring(d)",
        "id",
    );
    gives(
        "d, err := hex.DecodeString(\"6964\")\nif err != nil { panic(err) }\nstring(d)",
        "id",
    );
}

#[test]
fn functions_give_several_results() {
    let analysis = file(
        "func two() (string, error) { return \"id\", nil }
func fails(x string) (string, error) { if x == \"\" { return \"\", fmt.Errorf(\"no\") }; return x + \"d\", nil }
func f() { a, err := two(); if err != nil { return }; exec.Command(a); b, _ := fails(\"i\"); exec.Command(b) }",
    );
    let all: Vec<String> = analysis.effects.iter().map(show).collect();
    let count = all
        .iter()
        .filter(|e| e.contains("Seq([Str(\"id\")])"))
        .count();
    assert_eq!(count, 2, "{all:#?}");
}

#[test]
fn constants_count_with_iota() {
    let analysis =
        file("const (\n\tA = iota + 1\n\tB\n\tC\n)\nfunc f() { exec.Command(strconv.Itoa(C)) }");
    assert!(
        analysis
            .effects
            .iter()
            .any(|e| show(e).contains("Seq([Str(\"3\")])"))
    );
}

#[test]
fn methods_fields_and_embedding_are_followed() {
    let analysis = file(
        "type base struct { cmd string }
func (b *base) name() string { return b.cmd }
type tool struct { base; db *sql.DB }
func newTool() *tool { return &tool{base: base{cmd: \"id\"}} }
func (t *tool) query(n string) { t.db.Query(\"SELECT \" + n) }
func f() { x := &base{\"id\"}; exec.Command(x.name()); y := base{}; y.cmd = \"ls\"; exec.Command(y.name()) }",
    );
    let all: Vec<String> = analysis.effects.iter().map(show).collect();
    for wanted in [
        "Seq([Str(\"id\")])",
        "Seq([Str(\"ls\")])",
        "sql database/sql.DB.Query",
    ] {
        assert!(all.iter().any(|e| e.contains(wanted)), "{wanted}: {all:#?}");
    }
}

#[test]
fn reflection_finds_what_it_names() {
    let analysis = file(
        "type t struct{}
func (t) Run(x string) { exec.Command(x) }
func f() { reflect.ValueOf(t{}).MethodByName(\"R\" + \"un\").Call([]reflect.Value{reflect.ValueOf(\"id\")}) }",
    );
    assert!(
        analysis
            .effects
            .iter()
            .any(|e| show(e).contains("Seq([Str(\"id\")])")),
        "{:#?}",
        analysis.effects.iter().map(show).collect::<Vec<_>>()
    );
}

#[track_caller]
fn labelled(code: &str, label: Label) {
    let analysis = file(code);
    let found = analysis
        .effects
        .iter()
        .any(|e| e.api.starts_with("os/exec.Command") && e.data.has(label));
    assert!(
        found,
        "{code}\n{:#?}",
        analysis
            .effects
            .iter()
            .map(|e| format!("{} {:?}", show(e), e.data))
            .collect::<Vec<_>>()
    );
}

#[test]
fn input_is_followed_to_where_it_goes() {
    let handler =
        |code: &str| format!("func h(w http.ResponseWriter, r *http.Request) {{ {code} }}");
    for code in [
        "exec.Command(r.FormValue(\"x\"))",
        "exec.Command(r.URL.Query().Get(\"x\"))",
        "q := r.URL.Query()[\"x\"][0]; exec.Command(q)",
        "exec.Command(r.Header.Get(\"X\"))",
        "c, err := r.Cookie(\"s\"); if err != nil { return }; exec.Command(c.Value)",
        "var v struct { Name string }; json.NewDecoder(r.Body).Decode(&v); exec.Command(v.Name)",
        "var b bytes.Buffer; b.ReadFrom(r.Body); exec.Command(b.String())",
        "r.ParseForm(); for _, x := range r.Form[\"a\"] { exec.Command(x) }",
    ] {
        labelled(&handler(code), Label::UserInput);
    }
    labelled(
        "type req struct { Name string; Age int }
func h(w http.ResponseWriter, r *http.Request) { var v req; json.NewDecoder(r.Body).Decode(&v); run(v.Name) }
func run(x string) { exec.Command(\"sh\", \"-c\", x) }",
        Label::UserInput,
    );
    labelled(
        "func f() { resp, err := http.Get(\"https://a.example\"); if err != nil { return }; defer resp.Body.Close(); var x string; fmt.Fscan(resp.Body, &x); exec.Command(x) }",
        Label::RemoteContent,
    );
    labelled(
        "func f() { exec.Command(os.Getenv(\"X\")) }",
        Label::Environment,
    );
    labelled(
        "func f() { exec.Command(os.Getenv(\"API_TOKEN\")) }",
        Label::Credential,
    );
}

#[test]
fn what_is_set_later_reaches_the_effect() {
    let analysis = file(
        "func f() { c := &http.Client{}; c.Timeout = time.Second; req, _ := http.NewRequest(\"GET\", \"https://a.example\", nil); req.Header.Set(\"Authorization\", os.Getenv(\"TOKEN\")); c.Do(req) }",
    );
    let effect = analysis
        .effects
        .iter()
        .find(|e| e.api == "net/http.Client.Do")
        .unwrap();
    assert_eq!(format!("{:?}", effect.target), "Exact(\"a.example\")");
    assert!(effect.data.has(Label::Environment), "{}", show(effect));
    assert!(effect.stealth.contains(&Stealth::TinyTimeout));
}

#[test]
fn conditions_are_told_apart() {
    let guard = |code: &str| {
        let analysis = file(&format!("func f() {{ {code} }}"));
        let effect = analysis.effects.iter().find(|e| e.api == "os/exec.Command");
        let effect = effect.unwrap_or_else(|| panic!("{code}: no command"));
        effect
            .guard
            .iter()
            .map(|g| g.class)
            .find(|c| *c != GuardClass::Plain)
    };
    for (code, class) in [
        (
            "if time.Now().Weekday() == time.Friday { exec.Command(\"id\") }",
            Some(GuardClass::Clock),
        ),
        (
            "if time.Now().After(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) { exec.Command(\"id\") }",
            Some(GuardClass::Clock),
        ),
        (
            "if time.Now().Unix() > 1900000000 { exec.Command(\"id\") }",
            Some(GuardClass::Clock),
        ),
        (
            "h, _ := os.Hostname(); if h == \"build-1\" { exec.Command(\"id\") }",
            Some(GuardClass::Identity),
        ),
        (
            "if os.Getenv(\"STAGE\") == \"prod\" { exec.Command(\"id\") }",
            Some(GuardClass::Environment),
        ),
        (
            "if runtime.GOOS == \"linux\" { exec.Command(\"id\") }",
            Some(GuardClass::Identity),
        ),
        (
            "switch runtime.GOOS { case \"linux\": exec.Command(\"id\") }",
            Some(GuardClass::Identity),
        ),
        (
            "s := time.Now(); if time.Since(s) > time.Second { exec.Command(\"id\") }",
            None,
        ),
    ] {
        assert_eq!(guard(code), class, "{code}");
    }
}

#[test]
fn stealth_is_seen() {
    let stealth = |code: &str| {
        let analysis = file(&format!("func f() {{ {code} }}"));
        let effects = analysis.effects.into_iter();
        let all = effects.filter(|e| e.api.starts_with("net/http"));
        all.flat_map(|e| e.stealth).collect::<Vec<_>>()
    };
    assert!(stealth("go http.Get(\"https://a.example\")").contains(&Stealth::Detached));
    assert!(
        stealth("go func() { http.Get(\"https://a.example\") }()").contains(&Stealth::Detached)
    );
    assert!(
        stealth("time.AfterFunc(time.Hour, func() { http.Get(\"https://a.example\") })")
            .contains(&Stealth::Detached)
    );
    assert!(stealth("_, _ = http.Get(\"https://a.example\")").contains(&Stealth::SwallowedErrors));
    assert!(stealth("http.Get(\"https://a.example\")").contains(&Stealth::SwallowedErrors));
    assert!(
        stealth("r, err := http.Get(\"https://a.example\"); if err != nil { panic(err) }; r.Body.Close()")
            .is_empty()
    );
}

#[test]
fn initialisers_run_and_dead_code_does_not() {
    let analysis = file(
        "func init() { exec.Command(\"id\") }\nfunc init() { exec.Command(\"ls\") }\nvar x = run()\nfunc run() int { exec.Command(\"pwd\"); return 1 }",
    );
    assert_eq!(analysis.effects.len(), 3);
    let analysis = body("if false { exec.Command(\"id\") }");
    assert_eq!(analysis.effects.len(), 0);
}

/// A program whose imports are only followed where something worth following goes.
struct Quick;

impl tares_effects::Program for Quick {
    fn exists(&self, _: &tares_model::RepoPath) -> bool {
        false
    }

    fn read(&self, _: &tares_model::RepoPath) -> Option<std::sync::Arc<str>> {
        None
    }

    fn is_thorough(&self) -> bool {
        false
    }
}

#[test]
fn the_standard_library_is_known_without_looking() {
    let source = "package p\nimport (\n\"encoding/base64\"\n\"os/exec\"\n)\nfunc f() { d, _ := base64.StdEncoding.DecodeString(\"aWQ=\"); exec.Command(string(d)) }";
    let analysis = tares_effects::analyse(
        &mut tares_effects::Worker::default(),
        &Quick,
        &tares_model::RepoPath::from("m.go"),
        Go,
        &source.into(),
    );
    let all: Vec<String> = analysis.effects.iter().map(show).collect();
    assert!(all.iter().any(|e| e.contains("Str(\"id\")")), "{all:#?}");
}
