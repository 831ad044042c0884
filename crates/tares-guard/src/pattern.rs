//! Regular expressions that the build compiled, tried only where a match can begin.
//!
//! A regular expression takes longer to build at run time than a document to read. So the build
//! (`build/compile.rs`) writes each as a small program into the binary, with a table of the three
//! bytes that its matches begin with. A text is read once for all programs together; the work is
//! bounded by the length of the text and of the program, whatever the text says.

/// One step of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// This byte.
    Byte(u8),
    /// This small letter or its capital.
    Letter(u8),
    /// A byte of this set.
    Set(u16),
    /// As many bytes of a set as there may be, and any fewer down to `min`, where a byte of the
    /// set `then` comes next. Uses two marks.
    Run {
        set: u16,
        min: u16,
        max: u16,
        then: u16,
        mark: u16,
    },
    /// Goes on with the next step, or else with the other one.
    Split { other: u16, mark: u16 },
    /// Goes on with this step.
    Jump(u16),
    /// Holds between two bytes.
    Look(Look),
    /// The end: it matches.
    Done,
}

/// What holds between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// The beginning of a line.
    LineStart,
    /// A word begins or ends.
    Border,
}

/// A run without an upper bound.
pub(crate) const ANY: u16 = u16::MAX;

/// A set of bytes, as bits.
pub(crate) type Set = [u64; 4];

/// A regular expression as steps.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) steps: &'static [Step],
    pub(crate) sets: &'static [Set],
    /// Number of marks that the steps use.
    pub(crate) marks: u16,
}

/// Programs with the table of where they can begin.
#[derive(Debug)]
pub(crate) struct Finder {
    /// Class of each byte.
    pub(crate) classes: &'static [u8; 256],
    /// Number of classes.
    pub(crate) width: usize,
    /// For two classes in a row the number of a list below; the first list is empty.
    pub(crate) table: &'static [u16],
    /// Programs that can begin so, each with the set of its third byte.
    pub(crate) lists: &'static [&'static [(u8, u16)]],
    pub(crate) sets: &'static [Set],
    pub(crate) programs: &'static [Program],
}

/// What tries a program at the places for which something holds.
pub(crate) type Trial<'f> = dyn FnMut(&dyn Fn(usize) -> bool) -> bool + 'f;

impl Finder {
    /// Returns whether any program matches.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let (text, mut search) = (text.as_bytes(), Search::default());
        self.candidates(text, |program, at| {
            search.clear(&self.programs[program], text).run(at)
        })
    }

    /// Calls `matches` with each program that can begin somewhere, and what tries it at those of the
    /// places that count: a program whose answer is not needed costs nothing more.
    pub(crate) fn each(&self, text: &str, mut matches: impl FnMut(usize, &mut Trial<'_>)) {
        let text = text.as_bytes();
        let mut found: Vec<(usize, usize)> = Vec::new();
        self.candidates(text, |program, at| {
            found.push((program, at));
            false
        });
        found.sort_unstable();
        let mut search = Search::default();
        for places in found.chunk_by(|one, other| one.0 == other.0) {
            let program = places[0].0;
            matches(program, &mut |counts| {
                let mut run = search.clear(&self.programs[program], text);
                // Few places match, and whether one counts takes longer to say.
                places
                    .iter()
                    .any(|(_, at)| run.run(*at) && (counts(*at) || run.forget()))
            });
        }
    }

    /// Tells which programs can begin where, by the three bytes there, until it is answered `true`;
    /// returns whether it was.
    fn candidates(&self, text: &[u8], mut tell: impl FnMut(usize, usize) -> bool) -> bool {
        let class = |at: usize| usize::from(self.classes[usize::from(byte(text, at))]);
        let mut first = class(0);
        for at in 0..text.len() {
            let second = class(at + 1);
            let list = usize::from(self.table[first * self.width + second]);
            first = second;
            if list == 0 {
                continue;
            }
            let third = byte(text, at + 2);
            for (program, set) in self.lists[list] {
                if holds(&self.sets[usize::from(*set)], third) && tell(usize::from(*program), at) {
                    return true;
                }
            }
        }
        false
    }
}

/// Beyond the end stands what ends a line, as the build takes it.
fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(b'\n')
}

impl Program {
    /// Returns whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let (text, mut search) = (text.as_bytes(), Search::default());
        let mut run = search.clear(self, text);
        (0..=text.len()).any(|at| run.run(at))
    }
}

fn holds(set: &Set, byte: u8) -> bool {
    set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
}

/// What a search remembers; kept from one program to the next for its memory alone.
#[derive(Default)]
struct Search {
    /// Steps with the places at which they are still to be tried.
    open: Vec<(usize, usize)>,
    /// Marks with the places at which they were tried: what led nowhere leads nowhere again.
    tried: Vec<u64>,
}

/// One program on one text.
struct Running<'s, 't> {
    program: &'s Program,
    text: &'t [u8],
    search: &'s mut Search,
}

impl Search {
    fn clear<'s, 't>(&'s mut self, program: &'s Program, text: &'t [u8]) -> Running<'s, 't> {
        let bits = usize::from(program.marks) * (text.len() + 1);
        self.open.clear();
        self.tried.clear();
        self.tried.resize(bits.div_ceil(64), 0);
        Running {
            program,
            text,
            search: self,
        }
    }
}

impl Running<'_, '_> {
    /// Whether a mark was not yet tried at a place; it is from now on.
    fn is_new(&mut self, mark: u16, at: usize) -> bool {
        let bit = usize::from(mark) * (self.text.len() + 1) + at;
        let word = &mut self.search.tried[bit / 64];
        let is_new = *word >> (bit % 64) & 1 == 0;
        *word |= 1 << (bit % 64);
        is_new
    }

    /// Forgets what a match that does not count went through; returns that there was none.
    fn forget(&mut self) -> bool {
        self.search.open.clear();
        self.search.tried.fill(0);
        false
    }

    /// Tries the program at one place.
    fn run(&mut self, at: usize) -> bool {
        self.search.open.push((0, at));
        while let Some((step, at)) = self.search.open.pop() {
            if self.follow(step, at) {
                return true;
            }
        }
        false
    }

    /// Follows the steps until one does not hold; what else could be done there stays open.
    fn follow(&mut self, mut step: usize, mut at: usize) -> bool {
        loop {
            let next = self.text.get(at).copied();
            let is_one = |set: u16, b: u8| holds(&self.program.sets[usize::from(set)], b);
            let advances = match self.program.steps[step] {
                Step::Byte(b) => next == Some(b),
                Step::Letter(b) => next.is_some_and(|next| next | 0x20 == b),
                Step::Set(set) => next.is_some_and(|next| is_one(set, next)),
                Step::Run {
                    set,
                    min,
                    max,
                    then,
                    mark,
                } => {
                    let most = if max == ANY {
                        self.text.len()
                    } else {
                        usize::from(max)
                    };
                    let (min, rest) = (usize::from(min), &self.text[at..]);
                    let long = rest.iter().take(most).take_while(|b| is_one(set, **b));
                    let long = long.count();
                    if long < min || !self.is_new(mark, at) {
                        return false;
                    }
                    for end in at + min..=at + long {
                        let next = self.text.get(end);
                        if next.is_none_or(|b| is_one(then, *b)) && self.is_new(mark + 1, end) {
                            self.search.open.push((step + 1, end));
                        }
                    }
                    return false;
                }
                Step::Split { other, mark } => {
                    if !self.is_new(mark, at) {
                        return false;
                    }
                    self.search.open.push((usize::from(other), at));
                    step += 1;
                    continue;
                }
                Step::Jump(to) => {
                    step = usize::from(to);
                    continue;
                }
                Step::Look(look) => {
                    if !look.holds(self.text, at) {
                        return false;
                    }
                    step += 1;
                    continue;
                }
                Step::Done => return true,
            };
            if !advances {
                return false;
            }
            (step, at) = (step + 1, at + 1);
        }
    }
}

impl Look {
    fn holds(self, text: &[u8], at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| text[at]);
        let after = text.get(at).copied();
        let is_word = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        match self {
            Self::Start => at == 0,
            Self::End => at == text.len(),
            Self::LineStart => before.is_none_or(|b| b == b'\n'),
            Self::Border => is_word(before) != is_word(after),
        }
    }
}
