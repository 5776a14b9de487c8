//! A section of a lesson, as it is shown in a terminal.

use crate::ui::style::wrapped;

/// What stands below the heading `title`, up to the next heading.
pub fn section(text: &str, title: &str) -> Option<String> {
    let mut in_code = false;
    let mut lines = text.lines().skip_while(|line| {
        line.strip_prefix('#')
            .is_none_or(|heading| heading.trim_start_matches('#').trim() != title)
    });
    lines.next()?;
    let section = lines.take_while(|line| {
        in_code ^= line.starts_with("```");
        in_code || !line.starts_with('#')
    });
    Some(section.fold(String::new(), |text, line| text + line + "\n"))
}

/// Without the line that says whether the section is core or extra.
pub fn without_mark(section: &str) -> String {
    let mark = |line: &&str| !matches!(*line, "**core**" | "**extra**");
    let lines: Vec<&str> = section.lines().filter(mark).collect();
    lines.join("\n").trim().to_owned()
}

/// Paragraphs and items of lists in lines that fit. Code and tables stay as they are: broken into lines they are something else.
pub fn laid_out(lesson: &str) -> String {
    let mut in_code = false;
    let mut blocks: Vec<(String, bool)> = Vec::new();
    for line in lesson.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        let stays = in_code || is_fence || line.starts_with('|') || line.trim().is_empty();
        let goes_on = !stays && mark(line.trim_start()).is_empty();
        match blocks.last_mut() {
            Some((paragraph, false)) if goes_on => {
                paragraph.push(' ');
                paragraph.push_str(line.trim());
            }
            _ => blocks.push((line.to_owned(), stays)),
        }
    }
    let lines = blocks
        .into_iter()
        .map(|(text, stays)| if stays { text } else { hanging(&text) });
    lines.collect::<Vec<_>>().join("\n")
}

/// A paragraph whose later lines begin below the first word, not below the mark of its list.
fn hanging(paragraph: &str) -> String {
    let text = paragraph.trim_start();
    let indent = paragraph.len() - text.len();
    let mark = mark(text);
    let lines = wrapped(&text[mark.len()..], indent + mark.len());
    format!("{:indent$}{mark}{}", "", lines.trim_start())
}

/// What makes it an item of a list: `- ` or `1. `.
fn mark(text: &str) -> &str {
    let digits = text.len()
        - text
            .trim_start_matches(|it: char| it.is_ascii_digit())
            .len();
    let length = match (digits, text) {
        (0, text) if text.starts_with("- ") => 2,
        (1.., text) if text[digits..].starts_with(". ") => digits + 2,
        _ => 0,
    };
    &text[..length]
}

#[cfg(test)]
mod tests {
    use super::{laid_out, section};

    #[test]
    fn a_section_ends_at_the_next_heading_that_is_no_comment_in_code() {
        let text = "# Step\n## One\nfirst\n```sh\n# not a heading\n```\nlast\n### Two\nother\n";
        assert_eq!(
            section(text, "One").as_deref(),
            Some("first\n```sh\n# not a heading\n```\nlast\n")
        );
        assert_eq!(section(text, "Three"), None);
    }

    #[test]
    fn paragraphs_fit_and_code_stays_as_it_is() {
        let long = "word ".repeat(20);
        let code = format!("```sh\n{long}\n```\n");
        let text = laid_out(&format!("12. {long}\n    and\n- {long}\n\n{code}"));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("12. word") && lines[0].len() <= 80);
        assert!(lines[1].starts_with("    word") && lines[1].ends_with(" and"));
        assert!(lines[2].starts_with("- word") && lines[3].starts_with("  word"));
        assert_eq!(lines[4..], ["", "```sh", &long, "```"], "{text}");
    }
}
