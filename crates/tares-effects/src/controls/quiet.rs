//! Promises whose failure is thrown away: `.catch(() => {})` behind a call.

use tares_model::effect::{Effect, EffectKind, Stealth};

/// Marks effects of the network whose statement throws errors away.
pub fn quiet(text: &str, effects: &mut [Effect]) {
    for effect in effects
        .iter_mut()
        .filter(|effect| effect.kind == EffectKind::Network)
    {
        let Some(site) = effect.site.as_ref().filter(|site| site.path.is_none()) else {
            continue;
        };
        let (start, end) = (site.statement.start as usize, site.statement.end as usize);
        let statement = text.get(start..end).unwrap_or("");
        if swallows(statement) && !effect.stealth.contains(&Stealth::SwallowedErrors) {
            effect.stealth.push(Stealth::SwallowedErrors);
        }
    }
}

/// Whether a handler of errors in a statement does nothing with them.
fn swallows(statement: &str) -> bool {
    statement.match_indices(".catch(").any(|(at, word)| {
        let handler: String = statement[at + word.len()..]
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(24)
            .collect();
        let Some((params, body)) = handler.split_once("=>") else {
            return handler.starts_with("function(){}") || handler.starts_with("noop");
        };
        let nothing = [
            "{})",
            "undefined)",
            "null)",
            "void0)",
            "'')",
            "\"\")",
            "[])",
            "{return",
            "false)",
        ];
        params.len() < 12 && nothing.iter().any(|end| body.starts_with(end))
    })
}

#[cfg(test)]
mod tests {
    use super::swallows;

    #[test]
    fn handlers_that_do_nothing_are_quiet() {
        assert!(swallows("post(u).catch(() => {});"));
        assert!(swallows("post(u).then(f).catch((e) => undefined)"));
        assert!(!swallows("post(u).catch((error) => log.warn(error))"));
        assert!(!swallows("post(u).catch(report)"));
    }
}
