//! What is Java's own: members, overloads, declared types, text, builders, reflection.

use crate::run;
use tares_lang::Language;
use tares_model::effect::Effect;

fn effects(body: &str) -> Vec<Effect> {
    run(Language::Java, body).effects
}

/// The one process that a class starts.
#[track_caller]
fn command(members: &str) -> String {
    let all = effects(&format!("class A {{ {members} }}"));
    let found: Vec<_> = all
        .iter()
        .filter(|e| e.kind.to_string() == "process")
        .collect();
    assert_eq!(found.len(), 1, "{members}: {all:#?}");
    format!("{:?}", found[0].target)
}

#[track_caller]
fn runs(members: &str, wanted: &str) {
    let found = command(members);
    assert!(found.contains(wanted), "{members}: {found}");
}

#[test]
fn text_is_folded() {
    for expression in [
        "\"a\" + 'b' + \"c\"",
        "new StringBuilder(\"cb\").append('a').reverse().toString()",
        "String.join(\"\", \"a\", \"b\", \"c\")",
        "String.format(\"%s%c%s\", \"a\", 'b', \"c\")",
        "new String(new char[] {'a', 98, 'c'})",
        "new String(new byte[] {97, 98, 99})",
        "new String(Base64.getDecoder().decode(\"YWJj\"))",
        "\"xabcx\".substring(1, 4)",
        "\"\" + (char) ('a' + 0) + (char) 98 + (char) 99",
        "List.of(\"a\", \"b\", \"c\").stream().collect(Collectors.joining())",
        "Stream.of(\"A\", \"B\", \"C\").map(String::toLowerCase).reduce(\"\", (x, y) -> x + y)",
        "Map.of(\"k\", \"abc\").get(\"k\")",
        "switch (1) { case 1 -> \"abc\"; default -> \"x\"; }",
    ] {
        runs(
            &format!("void f() throws Exception {{ Runtime.getRuntime().exec({expression}); }}"),
            "Exact(\"abc\")",
        );
    }
}

#[test]
fn names_lead_to_fields_and_methods() {
    runs(
        "static final String C = \"abc\"; void f() throws Exception { Runtime.getRuntime().exec(C); }",
        "Exact(\"abc\")",
    );
    runs(
        "String c = \"abc\"; String c() { return c; } void f() throws Exception { Runtime.getRuntime().exec(c()); }",
        "abc",
    );
    runs(
        "enum E { X(\"abc\"); final String t; E(String t) { this.t = t; } } void f() throws Exception { Runtime.getRuntime().exec(E.X.t); }",
        "Exact(\"abc\")",
    );
    runs(
        "record P(String t) {} void f() throws Exception { Runtime.getRuntime().exec(new P(\"abc\").t()); }",
        "Exact(\"abc\")",
    );
}

#[test]
fn overloads_are_chosen_by_their_parameters() {
    let source = "String g(int n) { return \"x\"; } String g(String s) { return \"abc\"; } \
        String g(String s, int n) { return \"y\"; } \
        void f() throws Exception { Runtime.getRuntime().exec(g(\"quit\")); }";
    runs(source, "Exact(\"abc\")");
}

#[test]
fn what_runs_elsewhere_is_detached_and_what_is_caught_is_swallowed() {
    let all = effects(
        "class A { void f() { new Thread(() -> { try { Runtime.getRuntime().exec(\"a\"); } catch (Exception e) { } }).start(); } }",
    );
    let both = all.iter().any(|e| {
        let stealth = format!("{:?}", e.stealth);
        stealth.contains("Detached") && stealth.contains("SwallowedErrors")
    });
    assert!(both, "{all:#?}");
}

#[test]
fn guards_are_what_a_method_asks() {
    for (test, class) in [
        ("LocalDate.now().isAfter(LocalDate.of(2027, 1, 1))", "Clock"),
        ("System.currentTimeMillis() > 1790000000000L", "Clock"),
        ("System.getenv(\"STAGE\").equals(\"prod\")", "Environment"),
        (
            "InetAddress.getLocalHost().getHostName().equals(\"web-1\")",
            "Identity",
        ),
        ("r.getHeader(\"X-Id\").equals(\"opensesame\")", "Magic"),
    ] {
        let all = effects(&format!(
            "class A {{ void f(HttpServletRequest r) throws Exception {{ if ({test}) {{ Runtime.getRuntime().exec(\"a\"); }} }} }}"
        ));
        let process = all
            .iter()
            .find(|e| e.kind.to_string() == "process")
            .unwrap();
        let guard = format!("{:?}", process.guard);
        assert!(guard.contains(class), "{test}: {guard}");
    }
}

#[test]
fn a_list_in_itself_ends() {
    effects(
        "class A { void f(List<Object> x) { List<Object> a = new ArrayList<>(); a.add(a); a.addAll(a); a.add(9, a); x.add(x); \
         StringBuilder s = new StringBuilder(); s.append(s); File d = new File(\"a\"); for (int i = 0; i < 200; i++) { d = new File(d); } d.delete(); } }",
    );
}

/// Writes in an inner block reach the variable of the block around it, so that counted loops end.
#[test]
fn counted_loops_inside_each_other_are_laid_out() {
    runs(
        "void f() throws Exception { String s = \"\"; for (int i = 0; i < 2; i++) { \
         for (int j = 0; j < 2; j++) { s = s + i + j; } } Runtime.getRuntime().exec(s); }",
        "00011011",
    );
}

/// A field that somebody else fills, a parameter of a request and a getter hold what they are called.
#[test]
fn names_label_what_the_file_does_not_make() {
    for members in [
        "private String apiSecret; void f(Logger log) { log.info(apiSecret); }",
        "@PostMapping(\"/l\") public void f(Logger log, @RequestParam String password) { log.info(password); }",
        "void f(Logger log, Account account) { log.info(account.getPassword()); }",
    ] {
        let text = format!(
            "import org.slf4j.Logger;\nimport org.springframework.web.bind.annotation.*;\nclass A {{ {members} }}"
        );
        let all = effects(&text);
        let logged = all.iter().find(|e| e.kind.to_string() == "log");
        let logged = logged.unwrap_or_else(|| panic!("{members}: {all:#?}"));
        assert!(
            logged.data.has(tares_model::Label::Credential),
            "{members}: {logged:#?}"
        );
    }
}
