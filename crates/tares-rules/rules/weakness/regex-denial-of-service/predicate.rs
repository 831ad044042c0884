//! Finds exponential ambiguity of a regular expression by analysis of its automaton.
//!
//! The expression becomes an automaton without empty steps (one state per character of the
//! expression, after Glushkov). It is exponentially ambiguous exactly if some state can come
//! back to itself by one text in two ways; that is looked for in the product of each loop
//! with itself. What the parser does not know ends the analysis in silence.

use tares_model::effect::{Effect, Shape};

/// Longest expression, most states and most steps of the search that are tried.
const MAX_PATTERN: usize = 600;
const MAX_STATES: usize = 150;
const MAX_STEPS: usize = 400_000;
/// A bounded repetition above this is as good as an unbounded one.
const UNROLLED: u32 = 3;

pub(super) fn exponential(effect: &Effect, _: &[Effect]) -> Option<String> {
    let whole = effect.api.ends_with("fullmatch");
    let shapes = effect.role("pattern")?.shape.alternatives();
    let found = shapes.iter().find_map(|shape| match shape {
        Shape::Str(text) => ambiguous_char(text, whole),
        Shape::Bytes(bytes) => ambiguous_char(std::str::from_utf8(bytes).ok()?, whole),
        _ => None,
    });
    found.map(String::from)
}

/// Returns a character that many of make the expression slow.
fn ambiguous_char(pattern: &str, whole: bool) -> Option<char> {
    // Two unbounded repetitions, or none, is decided without an automaton.
    if pattern.len() > MAX_PATTERN || !pattern.contains(['*', '+', '{']) {
        return None;
    }
    let mut parser = Parser {
        text: pattern.chars().collect(),
        at: 0,
        automaton: Automaton::default(),
        depth: 0,
    };
    let root = parser.alternation()?;
    if parser.at < parser.text.len() {
        return None;
    }
    let mut automaton = parser.automaton;
    automaton.accepting = if whole { Vec::new() } else { root.last };
    automaton.find_ambiguity()
}

/// A set of characters: one bit per ASCII character, and one for all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    ascii: u128,
    others: bool,
}

impl Class {
    const NONE: Self = Self {
        ascii: 0,
        others: false,
    };
    const ALL: Self = Self {
        ascii: u128::MAX,
        others: true,
    };

    fn of(test: impl Fn(u8) -> bool) -> Self {
        let ascii = (0..128u8)
            .filter(|&b| test(b))
            .fold(0, |set, b| set | 1 << b);
        Self {
            ascii,
            others: false,
        }
    }

    fn one(c: char) -> Self {
        if c.is_ascii() {
            Self::of(|b| b == c as u8)
        } else {
            Self {
                ascii: 0,
                others: true,
            }
        }
    }

    fn not(self) -> Self {
        Self {
            ascii: !self.ascii,
            others: true,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            ascii: self.ascii & other.ascii,
            others: self.others && other.others,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            others: self.others || other.others,
        }
    }

    fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Returns a character of the set, a readable one if there is any.
    fn example(self) -> char {
        let has = |b: &u8| self.ascii & 1 << *b != 0;
        let readable = (b'a'..=b'z')
            .chain(b'0'..=b'9')
            .chain(b'!'..=b'~')
            .find(has);
        readable
            .or_else(|| (0..128u8).find(has))
            .map_or('é', char::from)
    }

    /// Returns the class of an escape such as `\w`, or of the escaped character itself.
    fn escape(c: char) -> Self {
        match c {
            'd' => Self::of(|b| b.is_ascii_digit()),
            'D' => Self::of(|b| b.is_ascii_digit()).not(),
            'w' => Self {
                others: true,
                ..Self::of(|b| b.is_ascii_alphanumeric() || b == b'_')
            },
            'W' => Self {
                others: false,
                ..Self::of(|b| b.is_ascii_alphanumeric() || b == b'_').not()
            },
            's' => Self::of(|b| b.is_ascii_whitespace() || b == 0x0B),
            'S' => Self::of(|b| b.is_ascii_whitespace() || b == 0x0B).not(),
            'n' => Self::one('\n'),
            't' => Self::one('\t'),
            'r' => Self::one('\r'),
            other => Self::one(other),
        }
    }
}

/// The automaton: a class per state, and for each state what may follow, each way counted.
#[derive(Debug, Default)]
struct Automaton {
    classes: Vec<Class>,
    follow: Vec<Vec<usize>>,
    accepting: Vec<usize>,
}

/// A part of the expression: where it may begin and end, and whether it may be empty.
#[derive(Debug, Clone, Default)]
struct Part {
    first: Vec<usize>,
    last: Vec<usize>,
    empty: bool,
}

impl Automaton {
    fn connect(&mut self, from: &[usize], to: &[usize]) {
        for &f in from {
            self.follow[f].extend_from_slice(to);
        }
    }

    /// Searches the product of each loop with itself for a way that leaves the diagonal and
    /// comes back to it.
    fn find_ambiguity(&self) -> Option<char> {
        let reach = self.reachability()?;
        let mut steps = 0;
        for (state, reached) in reach.iter().enumerate() {
            // A state from which the match may already end in success is never gone back to.
            if !reached[state] || self.accepting.contains(&state) {
                continue;
            }
            let inside: Vec<usize> = (0..self.classes.len())
                .filter(|&s| reached[s] && reach[s][state])
                .collect();
            if inside.first() == Some(&state)
                && let Some(c) = self.search_loop(&inside, &mut steps)?
            {
                return Some(c);
            }
        }
        None
    }

    /// Looks at one loop. The outer `None` means that the search gave up.
    fn search_loop(&self, inside: &[usize], steps: &mut usize) -> Option<Option<char>> {
        for &p in inside {
            let mut next: Vec<usize> = self.follow[p]
                .iter()
                .copied()
                .filter(|q| inside.contains(q))
                .collect();
            next.sort_unstable();
            if let Some(twice) = next.windows(2).find(|pair| pair[0] == pair[1]) {
                return Some(Some(self.classes[twice[0]].example()));
            }
        }
        let index = |pair: (usize, usize)| pair.0 * self.classes.len() + pair.1;
        let mut forward = vec![false; self.classes.len().pow(2)];
        let mut queue: Vec<(usize, usize)> = inside.iter().map(|&s| (s, s)).collect();
        while let Some((p, r)) = queue.pop() {
            for (&p2, &r2) in self.follow[p]
                .iter()
                .flat_map(|a| self.follow[r].iter().map(move |b| (a, b)))
            {
                *steps += 1;
                if *steps > MAX_STEPS {
                    return None;
                }
                let shared = self.classes[p2].and(self.classes[r2]);
                if shared.is_empty() || !inside.contains(&p2) || !inside.contains(&r2) {
                    continue;
                }
                if p2 == r2 && p != r {
                    return Some(Some(shared.example()));
                }
                if p2 != r2 && !forward[index((p2, r2))] {
                    forward[index((p2, r2))] = true;
                    queue.push((p2, r2));
                }
            }
        }
        Some(None)
    }

    /// Returns for each pair of states whether a way of at least one step leads there.
    fn reachability(&self) -> Option<Vec<Vec<bool>>> {
        let count = self.classes.len();
        let mut reach = vec![vec![false; count]; count];
        for (start, seen) in reach.iter_mut().enumerate() {
            let mut queue = vec![start];
            while let Some(state) = queue.pop() {
                for &next in &self.follow[state] {
                    if !std::mem::replace(&mut seen[next], true) {
                        queue.push(next);
                    }
                }
            }
        }
        (count <= MAX_STATES).then_some(reach)
    }
}

/// Reads an expression into the automaton. Every method gives up with `None` on what it does not know.
struct Parser {
    text: Vec<char>,
    at: usize,
    automaton: Automaton,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn alternation(&mut self) -> Option<Part> {
        self.depth += 1;
        if self.depth > 40 {
            return None;
        }
        let mut all = self.sequence()?;
        while self.eat('|') {
            let branch = self.sequence()?;
            all.first.extend(branch.first);
            all.last.extend(branch.last);
            all.empty |= branch.empty;
        }
        self.depth -= 1;
        Some(all)
    }

    fn sequence(&mut self) -> Option<Part> {
        let mut all = Part {
            empty: true,
            ..Part::default()
        };
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            let start = self.at;
            let item = self.atom()?;
            let item = self.repeated(item, start)?;
            all = self.joined(all, item);
        }
        Some(all)
    }

    fn joined(&mut self, a: Part, b: Part) -> Part {
        self.automaton.connect(&a.last, &b.first);
        let mut first = a.first;
        let mut last = b.last;
        if a.empty {
            first.extend(b.first);
        }
        if b.empty {
            last.extend(a.last);
        }
        Part {
            first,
            last,
            empty: a.empty && b.empty,
        }
    }

    /// Reads what follows an atom that began at `start`: `*`, `+`, `?`, `{m,n}`.
    fn repeated(&mut self, item: Part, start: usize) -> Option<Part> {
        let Some((least, most)) = self.quantifier() else {
            return Some(item);
        };
        if self.eat('+') {
            return None; // Possessive: never gone back into, and rare.
        }
        self.eat('?');
        let after = self.at;
        let endless = most.is_none_or(|most| most > UNROLLED);
        if endless {
            self.automaton.connect(&item.last, &item.first);
        }
        let mut all = Part {
            empty: item.empty || least == 0,
            ..item
        };
        // A small count is written out: the atom is read again, which makes states of its own.
        let copies = if endless { 1 } else { most.unwrap_or(1).max(1) };
        for copy in 1..copies {
            self.at = start;
            let mut next = self.atom()?;
            next.empty |= copy >= least;
            all = self.joined(all, next);
        }
        self.at = after;
        Some(all)
    }

    /// Reads a quantifier: fewest and, if bounded, most repetitions.
    fn quantifier(&mut self) -> Option<(u32, Option<u32>)> {
        let found = match self.peek()? {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            '{' => return self.counted(),
            _ => return None,
        };
        self.at += 1;
        Some(found)
    }

    fn counted(&mut self) -> Option<(u32, Option<u32>)> {
        let length = self.text[self.at..].iter().position(|&c| c == '}')?;
        let inner: String = self.text[self.at + 1..self.at + length].iter().collect();
        let (least, most) = match inner.split_once(',') {
            None => (inner.parse().ok()?, Some(inner.parse().ok()?)),
            Some((least, "")) => (least.parse().ok()?, None),
            Some((least, most)) => (least.parse().unwrap_or(0), Some(most.parse().ok()?)),
        };
        self.at += length + 1;
        Some((least, most))
    }

    fn atom(&mut self) -> Option<Part> {
        let c = self.peek()?;
        self.at += 1;
        match c {
            '(' => self.group(),
            '[' => {
                let class = self.set()?;
                self.state(class)
            }
            '.' => self.state(Class::one('\n').not()),
            '^' => Some(Part {
                empty: true,
                ..Part::default()
            }),
            '$' => self.end(),
            '\\' => {
                let escaped = self.peek()?;
                self.at += 1;
                match escaped {
                    'b' | 'B' | 'A' => Some(Part {
                        empty: true,
                        ..Part::default()
                    }),
                    'Z' | 'z' => self.end(),
                    '0'..='9' | 'k' | 'p' | 'P' | 'x' | 'u' | 'g' => None,
                    other => self.state(Class::escape(other)),
                }
            }
            '*' | '+' | '?' => None,
            other => self.state(Class::one(other)),
        }
    }

    /// The end of the text is a state that nothing follows: a match must still come there.
    fn end(&mut self) -> Option<Part> {
        self.state(Class::NONE)
    }

    fn state(&mut self, class: Class) -> Option<Part> {
        let state = self.automaton.classes.len();
        self.automaton.classes.push(class);
        self.automaton.follow.push(Vec::new());
        let part = Part {
            first: vec![state],
            last: vec![state],
            empty: false,
        };
        (state < MAX_STATES).then_some(part)
    }

    fn group(&mut self) -> Option<Part> {
        let mut looks_around = false;
        if self.eat('?') {
            match (self.peek()?, self.text.get(self.at + 1)) {
                (':', _) => self.at += 1,
                ('=' | '!', _) => (looks_around, self.at) = (true, self.at + 1),
                ('<', Some('=' | '!')) => (looks_around, self.at) = (true, self.at + 2),
                ('P', Some('<')) | ('<', _) => {
                    let length = self.text[self.at..].iter().position(|&c| c == '>')?;
                    self.at += length + 1;
                }
                _ => return None,
            }
        }
        let inner = self.alternation()?;
        if !self.eat(')') {
            return None;
        }
        Some(if looks_around {
            Part {
                empty: true,
                ..Part::default()
            }
        } else {
            inner
        })
    }

    /// Reads a set after its `[`.
    fn set(&mut self) -> Option<Class> {
        let negated = self.eat('^');
        let mut all = Class::NONE;
        let mut first = true;
        loop {
            let c = self.peek()?;
            self.at += 1;
            if c == ']' && !first {
                return Some(if negated { all.not() } else { all });
            }
            first = false;
            let (low, class) = if c == '\\' {
                let escaped = self.peek()?;
                self.at += 1;
                match escaped {
                    'x' | 'u' | 'p' | 'P' => return Some(Class::ALL).filter(|_| self.skip_set()),
                    'b' => (None, Class::one('\u{8}')),
                    other => (
                        Some(other).filter(|c| !c.is_alphanumeric()),
                        Class::escape(other),
                    ),
                }
            } else {
                (Some(c), Class::one(c))
            };
            all = all.or(self.range(low).unwrap_or(class));
        }
    }

    /// Reads the rest of a range such as `-z` after its low end.
    fn range(&mut self, low: Option<char>) -> Option<Class> {
        let low = low?;
        let high = *self.text.get(self.at + 1)?;
        if self.peek() != Some('-') || high == ']' || high == '\\' {
            return None;
        }
        self.at += 2;
        let ascii = Class::of(|b| (low..=high).contains(&char::from(b)));
        Some(Class {
            others: !high.is_ascii(),
            ..ascii
        })
    }

    /// Skips to the end of a set that is taken as "any character".
    fn skip_set(&mut self) -> bool {
        while let Some(c) = self.peek() {
            self.at += if c == '\\' { 2 } else { 1 };
            if c == ']' {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::ambiguous_char;

    #[test]
    fn exponential_patterns_are_found() {
        for pattern in [
            "^(a+)+$",
            "^(a*)*$",
            "(\\w+\\s?)+$",
            "^(a|aa)+$",
            "^([a-z0-9]+)*@",
            "^(a|a)*$",
            "(x+x+)+y",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "^(?:\\d+,?)+$",
            "^(\\w|\\d)+$",
            "(.*a){11,}$",
            "^((ab)*)*$",
            "^(a?a?)*$",
            "\"(?:[^\"]+|\\\\.)*\"",
        ] {
            assert!(ambiguous_char(pattern, false).is_some(), "{pattern}");
        }
    }

    #[test]
    fn linear_patterns_are_not() {
        for pattern in [
            "^\\w+(?:\\s\\w+)*$",
            "^a+$",
            "^[a-z0-9]+@",
            "(a+)+",
            "\\d+-\\d+",
            "^(?:[a-z]+\\.)+[a-z]{2,6}$",
            "^(ab|cd)*$",
            "\"(?:[^\"\\\\]|\\\\.)*\"",
            "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
            "(?P<a>x)*y",
            "^\\s*(.*?)\\s*$",
            "^(?:[a-z]|\\d)+$",
            "[",
            "(",
            "a{2",
            "\\",
            "(?i)(a+)+$",
        ] {
            assert_eq!(ambiguous_char(pattern, false), None, "{pattern}");
        }
    }
}
