//! `cargo verify doctor --prefetch 3`: builds and downloads what the steps need, the day before. Begun again, it goes on where it
//! was: cargo, Docker's layers and its build cache keep what is done.

mod download;
mod piece;

use std::{path::Path, time::Instant};

use anyhow::ensure;

use super::{
    docker,
    images::{self, Use},
    machine::{free_space, gb},
};
use crate::{
    course::{self, STEPS, Step},
    ui::{
        say,
        style::{BOLD, DIM, GREEN, RED, YELLOW, wrapped},
    },
};
use piece::Piece;

/// What the programs of all steps take in `target/`.
const PROGRAMS: u64 = 600_000_000;

/// What Docker's build cache takes: the same libraries once more, as they are released.
const BUILD_CACHE: u64 = 600_000_000;

/// What a layer takes when it is unpacked, for each byte that is downloaded.
const UNPACKED: u64 = 3;

/// What is to be done, and what cannot be.
#[derive(Default)]
struct Plan {
    pieces: Vec<Piece>,
    /// Each with the reason.
    left_out: Vec<String>,
    /// Images that are here already.
    here: Vec<String>,
}

/// Prepares `steps`, or all of them. Returns the exit code: 0 everything is here, 2 something is not.
///
/// # Errors
/// When the disk is too small.
pub fn prefetch(root: &Path, steps: &[&'static Step]) -> anyhow::Result<u8> {
    let steps = if steps.is_empty() {
        STEPS.iter().collect()
    } else {
        steps.to_vec()
    };
    let plan = plan(root, &steps);
    say(&announcement(&plan, &steps));
    let (needed, free) = (plan.on_disk(), free_space()?);
    ensure!(
        free >= needed,
        "the disk has {} free: make room, `cargo clean` in old projects and `docker builder prune` free most",
        gb(free)
    );
    let mut missing = plan.left_out.len();
    let count = plan.pieces.len();
    for (index, piece) in plan.pieces.iter().enumerate() {
        say(&format!(
            "  {DIM}{} of {count}{DIM:#}  {piece}\n",
            index + 1
        ));
        let since = Instant::now();
        let obstacle = piece.fetch(root)?;
        let seconds = since.elapsed().as_secs();
        missing += usize::from(obstacle.is_some());
        say(&match obstacle {
            None => format!("          {GREEN}✔{GREEN:#} here, after {seconds} s\n"),
            Some(why) => format!(
                "          {RED}✘{RED:#} {}\n",
                wrapped(&why, 12).trim_start()
            ),
        });
    }
    say(&match missing {
        0 => format!("{GREEN}Everything is here.{GREEN:#}\n"),
        _ => "Not everything is here. Once that is seen to, the same command goes on from here.\n"
            .to_owned(),
    });
    Ok(if missing == 0 { 0 } else { 2 })
}

fn plan(root: &Path, steps: &[&'static Step]) -> Plan {
    let mut plan = Plan::default();
    plan.pieces
        .extend(steps.iter().map(|step| Piece::Program(step)));
    let in_docker: Vec<&'static Step> = steps
        .iter()
        .copied()
        .filter(|step| Use::Container.is_for(step))
        .collect();
    if in_docker.is_empty() {
        return plan;
    }
    let (findings, usable) = docker::findings();
    if !usable {
        let trouble = findings.into_iter().find_map(|finding| finding.trouble());
        let why = trouble.unwrap_or_else(|| "Docker cannot be used".to_owned());
        let whose = course::listed(|step| in_docker.iter().any(|it| it.number == step.number));
        plan.left_out.push(format!("the images of {whose}: {why}"));
        return plan;
    }
    let (images, unread) = images::named(root);
    plan.left_out.extend(unread.into_iter().map(|it| it.found));
    let wanted = images
        .into_iter()
        .filter(|(_, usage)| in_docker.iter().any(|step| usage.is_for(step)));
    let (here, away): (Vec<_>, Vec<_>) = wanted
        .map(|(image, _)| image)
        .partition(|image| images::is_here(image).unwrap_or(false));
    plan.here = here;
    plan.pieces.extend(download::sized(away));
    plan.pieces.extend(in_docker.into_iter().map(Piece::Image));
    plan
}

impl Plan {
    /// What is to be downloaded, and how many images do not say how large they are.
    fn download(&self) -> (u64, usize) {
        let sizes = || self.pieces.iter().filter_map(Piece::download);
        let known = sizes().flatten().sum();
        (known, sizes().filter(Option::is_none).count())
    }

    /// What may come on the disk.
    fn on_disk(&self) -> u64 {
        let builds = self.pieces.iter().any(|it| matches!(it, Piece::Image(_)));
        let cache = if builds { BUILD_CACHE } else { 0 };
        PROGRAMS + cache + self.download().0 * UNPACKED
    }
}

/// What is to be done, and how large it is.
fn announcement(plan: &Plan, steps: &[&'static Step]) -> String {
    let whose = course::listed(|step| steps.iter().any(|it| it.number == step.number));
    let (known, unknown) = plan.download();
    let size = match (known, unknown) {
        (0, 0) => "No image to download".to_owned(),
        (_, 0) => format!("To download: {} of images", gb(known)),
        _ => format!(
            "To download: {} of images, and {unknown} more whose registry does not say how large they are",
            gb(known)
        ),
    };
    let disk = format!(
        "On the disk, at most: {}, less what is here already.",
        gb(plan.on_disk())
    );
    let mut text = format!(
        "{BOLD}What {whose} will need{BOLD:#}\n{}\n{}\n",
        wrapped(&format!("{size}."), 2),
        wrapped(&disk, 2)
    );
    for image in &plan.here {
        text += &format!("  {GREEN}✔{GREEN:#} {image} is here already\n");
    }
    for left_out in &plan.left_out {
        let line = wrapped(&format!("left out: {left_out}"), 4);
        text += &format!("  {YELLOW}–{YELLOW:#} {}\n", line.trim_start());
    }
    text
}
