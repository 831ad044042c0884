//! Code of one language that another hands to its interpreter as text: `python -c '…'` in a script.

use crate::{Analysis, Program, Worker, analyse_to};
use std::sync::Arc;
use tares_lang::Language;
use tares_model::effect::Effect;
use tares_model::{RepoPath, Span};

/// Most pieces of one file that are run.
const MAX_PIECES: usize = 64;

/// A piece of code in another language.
pub(crate) struct Foreign {
    pub(crate) language: Language,
    pub(crate) text: Arc<str>,
    /// Where the text stands in the file.
    pub(crate) span: Span,
}

/// Runs the pieces that an analysis met, and adds what they do to it.
pub(crate) fn run(
    worker: &mut Worker,
    program: &dyn Program,
    path: &RepoPath,
    source: &str,
    pieces: Vec<Foreign>,
    analysis: &mut Analysis,
    depth: u8,
) {
    for piece in pieces.into_iter().take(MAX_PIECES) {
        let inner = analyse_to(worker, program, path, piece.language, &piece.text, depth);
        let places = Places::new(source, &piece);
        analysis.steps += inner.steps;
        analysis
            .effects
            .extend(inner.effects.into_iter().map(|effect| places.moved(effect)));
        for import in inner.imports {
            if !analysis.imports.contains(&import) {
                analysis.imports.push(import);
            }
        }
        // Syntax of a text that was put together says nothing about the file.
        let unchecked = inner
            .unchecked
            .into_iter()
            .filter(|(_, why)| *why != crate::Unchecked::Syntax);
        analysis
            .unchecked
            .extend(unchecked.map(|(span, why)| (places.span(span), why)));
    }
}

/// Where the lines of a piece stand in the file.
struct Places<'s> {
    text: &'s str,
    whole: Span,
    /// Start in the text and in the file, of each line that was found.
    lines: Vec<(u32, u32)>,
}

impl<'s> Places<'s> {
    fn new(source: &str, piece: &'s Foreign) -> Self {
        let written = source
            .get(piece.span.start as usize..piece.span.end as usize)
            .unwrap_or_default();
        let mut lines = Vec::new();
        let (mut at, mut from) = (0, 0);
        for line in piece.text.split_inclusive('\n') {
            let trimmed = line.trim();
            if !trimmed.is_empty()
                && let Some(found) = written.get(from..).and_then(|rest| rest.find(trimmed))
            {
                let indent = line.len() - line.trim_start().len();
                let place = piece.span.start as usize + from + found;
                lines.push((at as u32 + indent as u32, place as u32));
                from += found + trimmed.len();
            }
            at += line.len();
        }
        Self {
            text: &piece.text,
            whole: piece.span,
            lines,
        }
    }

    /// Maps an offset; `None` on a line that does not stand in the file as it is.
    fn offset(&self, at: u32) -> Option<u32> {
        let index = self.lines.partition_point(|(text, _)| *text <= at);
        let (text, file) = *self.lines.get(index.checked_sub(1)?)?;
        let between = self.text.get(text as usize..at as usize)?;
        (!between.contains('\n')).then_some(file + (at - text))
    }

    fn span(&self, span: Span) -> Span {
        let Some(start) = self.offset(span.start) else {
            return self.whole;
        };
        let end = self
            .offset(span.end)
            .filter(|end| *end >= start && *end <= self.whole.end)
            .unwrap_or_else(|| (start + 1).min(self.whole.end));
        Span::new(start, end.max(start))
    }

    fn moved(&self, mut effect: Effect) -> Effect {
        if let Some(site) = effect.site.as_mut().filter(|site| site.path.is_none()) {
            site.span = self.span(site.span);
            site.statement = self.span(site.statement);
            for step in &mut site.via {
                step.span = self.span(step.span);
            }
        }
        for guard in &mut effect.guard {
            guard.span = self.span(guard.span);
        }
        for role in &mut effect.roles {
            role.span = role.span.map(|span| self.span(span));
            for step in role.sources.iter_mut().flat_map(|s| &mut s.steps) {
                if step.path.is_none() {
                    step.span = self.span(step.span);
                }
            }
        }
        effect
    }
}
