//! `tares man`: the manual page, as roff.

use crate::arguments::{Arguments, Color, Man};
use crate::failure::Failure;
use crate::output::print_text;
use clap::CommandFactory as _;
use tares_model::ExitCode;

pub(crate) fn run(arguments: &Man) -> Result<ExitCode, Failure> {
    let mut command = Arguments::command();
    command.build();
    let page = match &arguments.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::usage(format!("`{name}` is no command of tares"))
                .hint("`tares --help` lists them")
        })?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    print_text(Color::Never, &String::from_utf8_lossy(&roff))?;
    Ok(ExitCode::Ok)
}
