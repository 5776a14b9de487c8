//! Finding steps, and naming several of them.

use super::{STEPS, Step};

/// The last step. Its package is the learner's whole service.
pub fn last() -> &'static Step {
    &STEPS[STEPS.len() - 1]
}

/// The step called `2`, `02`, `step02`, `db-health` or `02-db-health`.
pub fn find(word: &str) -> Option<&'static Step> {
    let number = word.strip_prefix("step").unwrap_or(word).parse().ok();
    STEPS.iter().find(|step| {
        Some(step.number) == number
            || step.name == word
            || step.folder.strip_prefix("steps/") == Some(word)
    })
}

/// The numbers of the `wanted` steps: `steps 3, 5-7`.
pub fn listed(wanted: impl Fn(&Step) -> bool) -> String {
    let numbers: Vec<usize> = STEPS
        .iter()
        .filter(|step| wanted(step))
        .map(|step| step.number)
        .collect();
    let ranges: Vec<String> = numbers
        .chunk_by(|one, next| one + 1 == *next)
        .map(|range| match range {
            [one] => one.to_string(),
            _ => format!("{}-{}", range[0], range[range.len() - 1]),
        })
        .collect();
    let word = if numbers.len() == 1 { "step" } else { "steps" };
    format!("{word} {}", ranges.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{STEPS, listed};

    #[test]
    fn number_package_and_folder_of_a_step_go_together() {
        for (index, step) in STEPS.iter().enumerate() {
            assert_eq!(step.number, index + 1);
            assert_eq!(step.package, format!("step{:02}", step.number));
            let folder = format!("steps/{:02}-{}", step.number, step.name);
            assert_eq!(step.folder, folder);
        }
    }

    #[test]
    fn steps_are_listed_in_few_words() {
        assert_eq!(listed(|_| true), format!("steps 1-{}", STEPS.len()));
        assert_eq!(
            listed(|step| [1, 3, 4].contains(&step.number)),
            "steps 1, 3-4"
        );
        assert_eq!(listed(|step| step.is_container()), "step 3");
    }
}
