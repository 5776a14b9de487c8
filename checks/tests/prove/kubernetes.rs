//! `solutions/kubernetes` by Kubernetes's own programs and schemas, as far as they can be had without a cluster. See also
//! `tests/kubernetes`, which needs neither.

use std::{fs, process::Command, time::Duration};

use anyhow::ensure;
use checks::{harness::run, tools::source::Source};

use crate::common::{suite::Suite, workspace};

const FOLDER: &str = "solutions/kubernetes";

/// The files that Kubernetes knows by itself; the other kinds are the operator's.
const OF_KUBERNETES: [&str; 3] = [
    "deployment.yaml",
    "pod-disruption-budget.yaml",
    "service.yaml",
];

/// The time limit for one run of a program.
const LIMIT: Duration = Duration::from_secs(60);

pub fn add(suite: &mut Suite) {
    let lacks = |what, name| Source::on_path(what, &[name]).err();
    suite.add(
        "kubernetes: kubectl puts it together",
        lacks("kubectl", "kubectl").as_deref(),
        kubectl_puts_it_together,
    );
    suite.add(
        "kubernetes: its schemas know every field",
        lacks(
            "kubernetes-validate (.ci/kubernetes)",
            "kubernetes-validate",
        )
        .as_deref(),
        its_schemas_know_every_field,
    );
}

fn kubectl_puts_it_together() -> anyhow::Result<()> {
    let mut kubectl = Command::new("kubectl");
    kubectl.arg("kustomize").arg(workspace().join(FOLDER));
    let output = run::run(kubectl, LIMIT)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{errors}");
    let said = String::from_utf8(output.stdout)?;
    for kind in [
        "Deployment",
        "PodDisruptionBudget",
        "Service",
        "ServiceMonitor",
        "PrometheusRule",
        "AlertmanagerConfig",
    ] {
        ensure!(
            said.contains(&format!("\nkind: {kind}\n")),
            "no {kind}: {said}"
        );
    }
    let image = "image: registry.example.com/app:1";
    ensure!(said.contains(image), "no {image}: {said}");
    Ok(())
}

fn its_schemas_know_every_field() -> anyhow::Result<()> {
    let folder = workspace().join(FOLDER);
    for name in OF_KUBERNETES {
        let text = fs::read_to_string(folder.join(name))?;
        valid(name, &text)?;
    }
    // It looks, indeed.
    let deployment = fs::read_to_string(folder.join(OF_KUBERNETES[0]))?;
    let misspelt = deployment.replace("livenessProbe", "livelinessProbe");
    ensure!(
        valid("a misspelt one", &misspelt).is_err(),
        "it accepts anything"
    );
    Ok(())
}

fn valid(name: &str, text: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("object.yaml");
    fs::write(&file, text)?;
    let mut validate = Command::new("kubernetes-validate");
    validate.args(["--strict", "--quiet"]).arg(&file);
    let output = run::run(validate, LIMIT)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}: {said}{errors}");
    Ok(())
}
