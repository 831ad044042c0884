//! Rewrites that keep what a program does and change how it is written.
//!
//! A rule that judges what code does gives the same answer before and after each of them: what
//! was found stays found, what was silent stays silent. The classes follow the ways in which
//! pattern scanners are defeated. A rewrite that does not fit a program, or of which it cannot
//! be sure that the meaning stays, answers with nothing.

mod assign;
mod callee;
mod carry;
mod declared;
mod edit;
mod holder;
mod quote;
mod reach;
mod scene;
mod spelling;
mod staging;
mod statement;
mod value;

use tares_lang::Language;

/// One rewrite.
#[derive(Debug, Clone, Copy)]
pub struct Rewrite {
    /// Class and kind, kebab-case.
    pub name: &'static str,
    apply: fn(&scene::Scene<'_>) -> Option<Rewritten>,
}

/// A rewritten program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The new source.
    pub source: String,
    /// Where the marked lines went, 1-based. Where a marked call moved into a helper, both the
    /// helper's line and the line that calls it.
    pub lines: Vec<u32>,
    /// A second file that it imports: its name and its text.
    pub beside: Option<(&'static str, String)>,
}

impl Rewrite {
    /// Returns the class of the rewrite: the name up to the first hyphen.
    pub fn class(&self) -> &'static str {
        self.name.split('-').next().unwrap_or(self.name)
    }

    /// Rewrites the calls on the `focus` lines (1-based), or on all lines where none is given.
    ///
    /// Returns nothing where the rewrite does not apply. A program that does not parse is not rewritten.
    pub fn apply(&self, language: Language, source: &str, focus: &[u32]) -> Option<Rewritten> {
        let scene = scene::Scene::new(language, source, focus)?;
        (self.apply)(&scene).filter(|rewritten| rewritten.source != source)
    }
}

/// Returns the rewrites of a language.
pub fn rewrites(language: Language) -> &'static [Rewrite] {
    match language {
        Language::Python => PYTHON,
        Language::JavaScript | Language::TypeScript | Language::Tsx => JAVASCRIPT,
    }
}

/// Names a list of rewrites.
macro_rules! list {
    ($($name:literal => $function:path),+ $(,)?) => {
        &[$(Rewrite { name: $name, apply: $function }),+]
    };
}

const PYTHON: &[Rewrite] = list! {
    "alias" => callee::alias,
    "attribute-by-text" => callee::attribute_by_text,
    "import-by-text" => statement::import_by_text,
    "folding" => value::folding,
    "container-list" => value::list,
    "container-map" => value::map,
    "spreading-positions" => callee::spread_positions,
    "spreading-keywords" => callee::spread_keywords,
    "partial" => callee::partial,
    "wrapper-lambda" => callee::wrapper,
    "wrapper-helper" => callee::helper,
    "wrapper-default" => value::default,
    "wrapper-class" => value::class,
    "code-as-text" => statement::code_as_text,
    "text-joined" => value::joined,
    "text-reversed" => value::reversed,
    "text-decoded" => value::decoded,
    "namespace-globals" => callee::globals,
    "namespace-module" => callee::module_dict,
    "late-change" => statement::late_change,
    "comprehension" => callee::comprehension,
    "control-if" => statement::constant_if,
    "control-exception" => statement::certain_exception,
    "control-loop" => statement::one_round,
    "distance-constant" => value::distant,
    "alias-object" => reach::object_alias,
    "alias-unpacked" => reach::unpacked_alias,
    "alias-import" => reach::import_as,
    "attribute-by-sum" => reach::attribute_by_sum,
    "attribute-caller" => carry::method_caller,
    "code-compiled" => staging::compiled,
    "code-encoded" => staging::encoded,
    "code-evaluated" => staging::evaluated,
    "comprehension-value" => holder::comprehension,
    "comprehension-generator" => holder::generator,
    "comprehension-reduced" => holder::reduced,
    "container-got" => holder::got,
    "container-nested" => holder::nested,
    "container-tuple" => holder::tuple,
    "container-unpacked" => declared::unpacked,
    "container-zipped" => holder::zipped,
    "control-context" => staging::in_context,
    "control-finally" => staging::last_of_try,
    "control-handler" => declared::handled,
    "control-last-step" => declared::last_step,
    "control-loop-end" => staging::after_loop,
    "control-other-branch" => staging::other_branch,
    "control-switch" => staging::matched,
    "control-ternary" => holder::ternary,
    "distance-file" => declared::in_file,
    "distance-file-function" => declared::function_in_file,
    "distance-function" => declared::function,
    "distance-json" => spelling::json,
    "folding-converted" => spelling::converted,
    "folding-logic" => holder::logic,
    "folding-measured" => spelling::measured,
    "folding-neutral" => spelling::neutral,
    "late-attribute" => declared::attribute,
    "late-update" => declared::updated,
    "namespace-builtins" => reach::namespace_builtins,
    "spreading-object" => holder::spread_object,
    "spreading-merged" => holder::merged,
    "text-base64" => spelling::base64,
    "text-bytes" => spelling::bytes,
    "text-characters" => spelling::characters,
    "text-filled" => spelling::filled,
    "text-formatted" => spelling::formatted,
    "text-interpolated" => spelling::interpolated,
    "text-replaced" => spelling::replaced,
    "text-sliced" => spelling::sliced,
    "text-split" => spelling::split,
    "text-turned" => spelling::turned,
    "text-unquoted" => spelling::unquoted,
    "wrapper-by-name" => holder::by_name,
    "wrapper-called" => carry::called,
    "wrapper-closure" => holder::closure,
    "wrapper-decorator" => carry::decorated,
    "wrapper-last" => carry::last_function,
    "wrapper-method" => carry::method,
    "wrapper-object" => holder::object,
    "alias-chosen" => carry::chosen,
    "carrier" => spelling::carried,
    "comprehension-filtered" => holder::filtered,
    "comprehension-delegated" => declared::delegated,
    "container-copied" => holder::copied,
    "container-function" => carry::in_table,
    "container-item" => holder::item,
    "container-popped" => holder::popped,
    "container-record" => holder::record,
    "container-set" => holder::set,
    "container-table" => declared::table,
    "container-values" => holder::values,
    "control-branch" => declared::branched,
    "control-count" => declared::counted,
    "control-early-return" => declared::early,
    "control-overwritten" => declared::overwritten,
    "control-raised" => declared::raised,
    "control-replaced-return" => declared::replaced,
    "distance-chain" => declared::chained,
    "distance-global" => declared::global,
    "late-append" => declared::appended,
    "late-captured" => declared::captured,
    "late-filled" => declared::filled,
    "late-set" => assign::attribute,
    "late-set-by-sum" => assign::attribute_by_sum,
    "late-set-item" => assign::item,
    "late-set-merged" => assign::merged,
    "late-set-method" => assign::method,
    "namespace-stored" => declared::stored,
    "protocol-add" => declared::added,
    "protocol-answer" => holder::answering,
    "protocol-call" => declared::callable,
    "protocol-index" => declared::indexed,
    "protocol-iterate" => declared::iterated,
    "protocol-property" => declared::property,
    "protocol-text" => spelling::shown,
    "text-cased" => spelling::cased,
    "text-masked" => spelling::masked,
    "text-numbered" => spelling::numbered,
    "text-rejoined" => spelling::rejoined,
    "wrapper-arguments" => holder::arguments,
    "wrapper-at-once" => declared::at_once,
    "wrapper-cached" => declared::cached,
    "wrapper-default-function" => carry::defaulted,
    "wrapper-in-class" => carry::in_class,
    "wrapper-inherited" => declared::inherited,
    "wrapper-instance" => declared::instance,
    "wrapper-keywords" => holder::keywords,
    "wrapper-recursive" => declared::recursive,
    "wrapper-returned" => carry::returned,
    "attribute-by-method" => reach::attribute_by_method,
    "attribute-getter" => reach::attribute_getter,
    "namespace-modules" => reach::namespace_modules,
    "namespace-set" => assign::global,
    "namespace-vars" => reach::namespace_vars,
};

const JAVASCRIPT: &[Rewrite] = list! {
    "alias" => callee::alias,
    "attribute-by-text" => callee::attribute_by_text,
    "import-by-text" => statement::import_by_text,
    "folding" => value::folding,
    "container-list" => value::list,
    "container-map" => value::map,
    "spreading-positions" => callee::spread_positions,
    "partial" => callee::partial,
    "wrapper-lambda" => callee::wrapper,
    "wrapper-helper" => callee::helper,
    "wrapper-default" => value::default,
    "wrapper-class" => value::class,
    "code-as-text" => statement::code_as_text,
    "text-joined" => value::joined,
    "text-reversed" => value::reversed,
    "text-decoded" => value::decoded,
    "late-change" => statement::late_change,
    "comprehension" => callee::comprehension,
    "control-if" => statement::constant_if,
    "control-exception" => statement::certain_exception,
    "control-loop" => statement::one_round,
    "distance-constant" => value::distant,
    "alias-object" => reach::object_alias,
    "alias-unpacked" => reach::unpacked_alias,
    "alias-import" => reach::import_as,
    "attribute-by-sum" => reach::attribute_by_sum,
    "attribute-caller" => carry::method_caller,
    "code-compiled" => staging::compiled,
    "code-encoded" => staging::encoded,
    "code-evaluated" => staging::evaluated,
    "comprehension-value" => holder::comprehension,
    "comprehension-generator" => holder::generator,
    "comprehension-reduced" => holder::reduced,
    "container-got" => holder::got,
    "container-nested" => holder::nested,
    "container-tuple" => holder::tuple,
    "container-unpacked" => declared::unpacked,
    "container-zipped" => holder::zipped,
    "control-context" => staging::in_context,
    "control-finally" => staging::last_of_try,
    "control-handler" => declared::handled,
    "control-last-step" => declared::last_step,
    "control-loop-end" => staging::after_loop,
    "control-other-branch" => staging::other_branch,
    "control-switch" => staging::matched,
    "control-ternary" => holder::ternary,
    "distance-file" => declared::in_file,
    "distance-file-function" => declared::function_in_file,
    "distance-function" => declared::function,
    "distance-json" => spelling::json,
    "folding-converted" => spelling::converted,
    "folding-logic" => holder::logic,
    "folding-measured" => spelling::measured,
    "folding-neutral" => spelling::neutral,
    "late-attribute" => declared::attribute,
    "late-update" => declared::updated,
    "namespace-builtins" => reach::namespace_builtins,
    "spreading-object" => holder::spread_object,
    "spreading-merged" => holder::merged,
    "text-base64" => spelling::base64,
    "text-bytes" => spelling::bytes,
    "text-characters" => spelling::characters,
    "text-filled" => spelling::filled,
    "text-formatted" => spelling::formatted,
    "text-interpolated" => spelling::interpolated,
    "text-replaced" => spelling::replaced,
    "text-sliced" => spelling::sliced,
    "text-split" => spelling::split,
    "text-turned" => spelling::turned,
    "text-unquoted" => spelling::unquoted,
    "wrapper-by-name" => holder::by_name,
    "wrapper-called" => carry::called,
    "wrapper-closure" => holder::closure,
    "wrapper-decorator" => carry::decorated,
    "wrapper-last" => carry::last_function,
    "wrapper-method" => carry::method,
    "wrapper-object" => holder::object,
    "alias-chosen" => carry::chosen,
    "carrier" => spelling::carried,
    "comprehension-filtered" => holder::filtered,
    "comprehension-delegated" => declared::delegated,
    "container-copied" => holder::copied,
    "container-function" => carry::in_table,
    "container-item" => holder::item,
    "container-popped" => holder::popped,
    "container-record" => holder::record,
    "container-set" => holder::set,
    "container-table" => declared::table,
    "container-values" => holder::values,
    "control-branch" => declared::branched,
    "control-count" => declared::counted,
    "control-early-return" => declared::early,
    "control-overwritten" => declared::overwritten,
    "control-raised" => declared::raised,
    "control-replaced-return" => declared::replaced,
    "distance-chain" => declared::chained,
    "distance-global" => declared::global,
    "late-append" => declared::appended,
    "late-captured" => declared::captured,
    "late-filled" => declared::filled,
    "late-set" => assign::attribute,
    "late-set-by-sum" => assign::attribute_by_sum,
    "late-set-item" => assign::item,
    "late-set-merged" => assign::merged,
    "late-set-method" => assign::method,
    "namespace-stored" => declared::stored,
    "protocol-add" => declared::added,
    "protocol-answer" => holder::answering,
    "protocol-call" => declared::callable,
    "protocol-index" => declared::indexed,
    "protocol-iterate" => declared::iterated,
    "protocol-property" => declared::property,
    "protocol-text" => spelling::shown,
    "text-cased" => spelling::cased,
    "text-masked" => spelling::masked,
    "text-numbered" => spelling::numbered,
    "text-rejoined" => spelling::rejoined,
    "wrapper-arguments" => holder::arguments,
    "wrapper-at-once" => declared::at_once,
    "wrapper-cached" => declared::cached,
    "wrapper-default-function" => carry::defaulted,
    "wrapper-in-class" => carry::in_class,
    "wrapper-inherited" => declared::inherited,
    "wrapper-instance" => declared::instance,
    "wrapper-keywords" => holder::keywords,
    "wrapper-recursive" => declared::recursive,
    "wrapper-returned" => carry::returned,
    "alias-sequence" => carry::sequence,
    "attribute-optional" => reach::optional,
    "attribute-reflected" => reach::reflected,
    "late-properties" => holder::properties,
};
