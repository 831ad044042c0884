//! `tares demo`: placeholder until the stage is built.
use crate::arguments::Demo;
use crate::failure::Failure;
use tares_model::ExitCode;

pub(crate) fn run(_: &Demo) -> Result<ExitCode, Failure> {
    Err(Failure::usage("not there yet"))
}
