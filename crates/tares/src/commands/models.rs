//! `tares models`: a user's models checked, and their examples run.

use crate::arguments::{Color, Models as Arguments};
use crate::failure::Failure;
use crate::output::print_text;
use crate::trust;
use tares_model::ExitCode;

/// Problems that are shown at once.
const SHOWN: usize = 20;

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let name = arguments.models.display();
    let models = trust::models_in(&arguments.models)?;
    let examples = tares_judge::examples(models)?;
    let problems = examples.problems.len();
    if problems > 0 {
        let failure = Failure::usage(format!(
            "the models in {name} do not hold: {problems} of their examples"
        ));
        let shown = examples.problems.iter().take(SHOWN);
        return Err(shown.fold(failure, |failure, (file, problem)| {
            failure.because(&format!("{file}: {problem}"))
        }));
    }
    let (files, count) = (models.own().len(), examples.count);
    let text =
        format!("{name}: {files} file(s) of models, and all {count} of their examples hold\n");
    print_text(Color::Auto, &text)?;
    Ok(ExitCode::Ok)
}
