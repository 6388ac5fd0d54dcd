"""Pushing where there is no registry: the embedded AWS keeps a manifest that says what was built, and no layers."""

from __future__ import annotations

import hashlib
import json

from wizard.engine.kind import Calls
from wizard.images.work import Image, Pushed

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def record(aws: Calls, image: Image, uri: str, built: str) -> Pushed:
    """Put the image into the sandbox's ECR: its platform, and the id that the builder gave it."""
    wanted = image.wanted
    system, _, processor = wanted.platform.partition("/")
    content = hashlib.sha256(f"{built}|{wanted.platform}".encode()).hexdigest()
    platform = {"os": system, "architecture": processor}
    listed = {"mediaType": MANIFEST, "digest": f"sha256:{content}", "size": len(built), "platform": platform}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [listed]}, separators=(",", ":"))
    answer = aws.write(
        "ecr",
        "put_image",
        repositoryName=wanted.repository,
        imageManifest=manifest,
        imageManifestMediaType=INDEX,
        imageTag=wanted.tag,
    )
    return Pushed(f"{uri}:{wanted.tag}", str(answer["image"]["imageId"]["imageDigest"]), image.containers)
