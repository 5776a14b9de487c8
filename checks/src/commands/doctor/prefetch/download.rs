//! How large an image is before it is downloaded: its registry lists the layers.

use std::{env::consts::ARCH, thread};

use serde_json::Value;

use super::piece::Piece;
use crate::tools::docker;

/// The images, with their sizes. All registries are asked at once: one that does not answer takes its full time limit.
pub fn sized(images: Vec<String>) -> Vec<Piece> {
    thread::scope(|scope| {
        let asked: Vec<_> = images
            .into_iter()
            .map(|image| (image.clone(), scope.spawn(move || size(&image))))
            .collect();
        let pieces = asked.into_iter().map(|(image, size)| Piece::Pull {
            image,
            bytes: size.join().ok().flatten(),
        });
        pieces.collect()
    })
}

fn size(image: &str) -> Option<u64> {
    let output = docker::ask(&["manifest", "inspect", "--verbose", image]).ok()?;
    of_manifests(&output.stdout)
}

/// The compressed size of the layers for this machine, from the output of `docker manifest inspect --verbose`: one manifest, or
/// a list with one for each platform.
fn of_manifests(json: &[u8]) -> Option<u64> {
    let manifests: Value = serde_json::from_slice(json).ok()?;
    let one = [manifests.clone()];
    let manifests = manifests.as_array().map_or(&one[..], Vec::as_slice);
    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let fits = |manifest: &&Value| {
        let platform = &manifest["Descriptor"]["platform"];
        platform["os"] == "linux" && platform["architecture"] == architecture
    };
    let manifest = manifests.iter().find(fits)?;
    let layers = ["SchemaV2Manifest", "OCIManifest"]
        .iter()
        .find_map(|kind| manifest[kind]["layers"].as_array())?;
    layers.iter().map(|layer| layer["size"].as_u64()).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of_manifests;

    #[test]
    fn the_layers_of_this_machines_platform_are_added() {
        let manifest = |os: &str, architecture: &str, kind: &str, size: u64| {
            json!({
                "Descriptor": {"platform": {"os": os, "architecture": architecture}},
                kind: {"layers": [{"size": size}, {"size": 1}]},
            })
        };
        let list = |kind: &str| {
            json!([
                manifest("unknown", "unknown", kind, 7),
                manifest("linux", "amd64", kind, 20),
                manifest("linux", "arm64", kind, 20),
            ])
            .to_string()
        };
        for kind in ["SchemaV2Manifest", "OCIManifest"] {
            assert_eq!(of_manifests(list(kind).as_bytes()), Some(21));
        }
        assert_eq!(of_manifests(b"no such manifest"), None);
        assert_eq!(of_manifests(b"[]"), None);
    }
}
