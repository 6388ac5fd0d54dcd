"""ECR: a first CI run has pushed `latest`, `v1` and `main` into every new repository; other tags need a push."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles

FIRST_TAGS = ("latest", "v1", "main")
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(text: str) -> str:
    """The digest of a text, as a registry writes it."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def manifest(repository: str, tag: str) -> str:
    """A small OCI manifest; the same for a repository and tag every time, so that its digest is too."""
    identity = f"{repository}:{tag}"
    content = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": {"mediaType": _CONFIG_TYPE, "digest": digest_of(f"config of {identity}"), "size": 1469},
        "layers": [
            {"mediaType": _LAYER_TYPE, "digest": digest_of("base layer"), "size": 29_723_148},
            {"mediaType": _LAYER_TYPE, "digest": digest_of(f"layer of {identity}"), "size": 11_874_301},
        ],
    }
    return json.dumps(content, separators=(",", ":"))


@handles("ecr", "CreateRepository")
def create_repository(call: Call) -> dict[str, Any]:
    """The repository, and its first images."""
    answer = call.moto()
    name = call.params["repositoryName"]
    store = moto_state.ecr(call.region)
    for tag in FIRST_TAGS:
        text = manifest(name, tag)
        store.put_image(name, text, tag, MANIFEST_TYPE, digest_of(text))
    return answer


@handles("ecr", "PutImage")
def put_image(call: Call) -> dict[str, Any]:
    """An image's digest is that of its manifest."""
    digest = digest_of(call.params["imageManifest"])
    given = call.params.get("imageDigest")
    if given is not None and given != digest:
        raise Refused(
            "ImageDigestDoesNotMatchException",
            f"The specified image digest '{given}' does not match the digest '{digest}' of the manifest.",
        )
    answer = call.moto()
    repository = moto_state.ecr(call.region).repositories[call.params["repositoryName"]]
    for image in repository.images:
        if image.image_manifest == call.params["imageManifest"]:
            image._image_digest = digest
    answer["image"]["imageId"]["imageDigest"] = digest
    return answer


@before("ecr", "PutImage", "InitiateLayerUpload")
def _repository_exists(call: Call) -> None:
    name = call.params["repositoryName"]
    if name not in moto_state.ecr(call.region).repositories:
        raise Refused(
            "RepositoryNotFoundException",
            f"The repository with name '{name}' does not exist in the registry with id '{call.account}'",
        )
