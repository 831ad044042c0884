//! Exit codes. The comments below are the published page; `cargo xtask gen` copies them.

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Pass, or review without `--fail-on review`.
    Ok = 0,
    /// A finding at `block`, or at `review` with `--fail-on review`.
    Block = 1,
    /// Wrong usage or configuration: nothing was judged.
    Usage = 2,
    /// There was nothing to check at all. Never read this as a pass.
    Nothing = 3,
    /// Something that should have been judged was not (too large, out of fuel, unreadable).
    Partial = 4,
    /// An error inside tares. Never read this as a verdict.
    Internal = 70,
}

impl ExitCode {
    /// All codes, in order.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Block,
        Self::Usage,
        Self::Nothing,
        Self::Partial,
        Self::Internal,
    ];
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
