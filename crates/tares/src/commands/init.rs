//! `tares init`: a commented configuration that judges like the built-in one.

use crate::failure::{Failure, remark};
use std::io::{ErrorKind, Write as _};
use tares_model::ExitCode;
use tares_policy::TEMPLATE;
use tares_policy::config::FILE_NAME;

pub(crate) fn run() -> Result<ExitCode, Failure> {
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(FILE_NAME);
    let mut file = file.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            Failure::usage(format!(
                "{FILE_NAME} is there already, and was left as it is"
            ))
            .hint("move it away first")
        } else {
            Failure::usage(format!("cannot write {FILE_NAME}")).because(&error)
        }
    })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| Failure::usage(format!("cannot write {FILE_NAME}")).because(&error))?;
    remark(
        "wrote",
        &format!("{FILE_NAME}: it counts once it is on the target branch"),
    );
    Ok(ExitCode::Ok)
}
