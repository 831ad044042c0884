//! Paths that leave a loop or a `switch` before its end: what they wrote is known behind it.

use super::scope::{Slot, Writes};
use super::{Flow, Interp};
use rustc_hash::FxHashMap;

/// Most paths out of one loop that are kept apart; further ones are joined with the last.
const MAX_PATHS: usize = 8;

/// A loop or `switch` that runs.
pub(crate) struct Open {
    /// Where its writes begin in the journal.
    mark: usize,
    /// Whether `continue` belongs to it.
    is_loop: bool,
    /// What was written on paths that left it.
    left: Vec<Writes>,
    /// What was written on paths that left the round.
    skipped: Vec<Writes>,
}

impl Interp<'_> {
    /// Begins a loop or a `switch`.
    pub(super) fn open(&mut self, is_loop: bool) {
        let mark = self.journal.begin();
        self.frame.open.push(Open {
            mark,
            is_loop,
            left: Vec::new(),
            skipped: Vec::new(),
        });
    }

    /// Keeps what a path wrote that ended with `flow`, for behind the loop that it leaves.
    pub(super) fn leave(&mut self, flow: Flow, writes: Writes) {
        let is_skip = match flow {
            Flow::Break => false,
            Flow::Continue => true,
            Flow::Next | Flow::End => return,
        };
        let loops = &self.frame.open;
        let Some(at) = loops.iter().rposition(|open| open.is_loop || !is_skip) else {
            return;
        };
        let mut all = self.journal.since(loops[at].mark);
        let known: FxHashMap<_, usize> = all
            .iter()
            .enumerate()
            .map(|(i, (slot, _))| (slot.key(), i))
            .collect();
        for (slot, state) in writes {
            match known.get(&Slot::key(&slot)) {
                Some(&i) => all[i].1 = state,
                None => all.push((slot, state)),
            }
        }
        let open = &mut self.frame.open[at];
        let paths = if is_skip {
            &mut open.skipped
        } else {
            &mut open.left
        };
        if paths.len() < MAX_PATHS {
            paths.push(all);
            return;
        }
        let last = paths.pop();
        let joined = self.join_writes(last, Some(all));
        let open = &mut self.frame.open[at];
        let paths = if is_skip {
            &mut open.skipped
        } else {
            &mut open.left
        };
        paths.extend(joined);
    }

    /// Ends a round; paths that went on to the next one early take part again.
    pub(super) fn end_round(&mut self, flow: Flow) -> Flow {
        let Some(open) = self.frame.open.last_mut() else {
            return flow;
        };
        let mut flow = flow;
        for writes in std::mem::take(&mut open.skipped) {
            let rest = (flow != Flow::End && flow != Flow::Break).then(Vec::new);
            if flow == Flow::Break {
                // The round may also have ended in another way: the loop goes on.
                let now = self
                    .journal
                    .since(self.frame.open.last().map_or(0, |o| o.mark));
                self.leave(Flow::Break, now);
            }
            self.journal.merge(Some(writes), rest);
            flow = Flow::Next;
        }
        flow
    }

    /// Whether some path has left the innermost loop.
    pub(super) fn is_left(&self) -> bool {
        self.frame.open.last().is_some_and(|o| !o.left.is_empty())
    }

    /// Ends a loop or a `switch` whose own end was reached as `flow` says; joins the paths out of it.
    pub(super) fn close(&mut self, flow: Flow) -> Flow {
        let Some(open) = self.frame.open.pop() else {
            return flow;
        };
        if open.left.is_empty() {
            self.journal.commit(open.mark);
            return flow;
        }
        let now = self.journal.rollback(open.mark);
        let now = (flow == Flow::Next).then_some(now);
        let all = open
            .left
            .into_iter()
            .fold(now, |all, writes| self.join_writes(all, Some(writes)));
        self.journal.merge(all, None);
        Flow::Next
    }
}
