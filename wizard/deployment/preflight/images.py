"""Looks for the image of every container: whether ECR has it, and for which processor it is made. No builder needed."""

from __future__ import annotations

import json
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wizard.advice.preflight import Checked, State, Topic
from wizard.advice.preflight.image_manifests import (
    MEDIA_TYPES,
    config_digest,
    fits,
    parsed,
    platform_of_config,
    platforms_of_index,
)
from wizard.deployment.preflight.look import Look
from wizard.errors import AwsError
from wizard.images.wanted import Wanted, wanted_images
from wizard.release.finding import together
from wizard.release.ready_images import ECR

CONFIG_PATIENCE_S = 5.0
LARGEST_CONFIG = 1024 * 1024
"""Bytes of an image's configuration that are read at most."""


def images(look: Look) -> Iterable[Checked]:
    """One line for each container's image."""
    deployment = look.deployment
    wanted = wanted_images(deployment.blueprint, deployment.graph, deployment.request.tag)
    asked: dict[tuple[str, str], list[tuple[Wanted, str]]] = defaultdict(list)
    found: list[Checked] = []
    for one in wanted:
        place = _place(look, one)
        if place is None:
            found.append(_foreign(one))
        elif one.is_own and deployment.request.placeholder_images:
            evidence = "a stand-in runs (--placeholder-images)"
            found.append(Checked(Topic.IMAGES, _subject(one), State.OK, evidence))
        else:
            registry, repository, reference = place
            asked[registry, repository].append((one, reference))
    several = together(lambda each: list(_in_repository(look, *each)), list(asked.items()))
    return [*found, *(check for checks in several for check in checks)]


def _subject(wanted: Wanted) -> str:
    return f"{wanted.label}: {wanted.name}"


def _place(look: Look, wanted: Wanted) -> tuple[str, str, str] | None:
    """Registry, repository, and tag or digest in ECR of this Region; None for an image that cannot be asked for."""
    if wanted.is_own:
        return look.context.scope.account, wanted.repository, wanted.tag
    match = ECR.fullmatch(wanted.address)
    if match is None or match["region"] != look.region:
        return None
    return match["account"], match["repository"], match["digest"] or match["tag"] or "latest"


def _foreign(wanted: Wanted) -> Checked:
    host, slash, _ = wanted.address.partition("/")
    registry = host if slash and ("." in host or ":" in host) else "Docker Hub"
    evidence = f"{registry} is not asked; try it by hand, without being logged in: ECS is not either"
    return Checked(
        Topic.IMAGES, _subject(wanted), State.NOT_CHECKED, evidence, f"docker manifest inspect {wanted.address}"
    )


def _in_repository(look: Look, place: tuple[str, str], wanted: Sequence[tuple[Wanted, str]]) -> Iterator[Checked]:
    registry, repository = place
    references = sorted({reference for _, reference in wanted})
    try:
        answer = look.aws.read(
            "ecr",
            "batch_get_image",
            registryId=registry,
            repositoryName=repository,
            imageIds=[_id(each) for each in references],
            acceptedMediaTypes=list(MEDIA_TYPES),
        )
    except AwsError as error:
        yield from (_refused(look, one, error) for one, _ in wanted)
        return
    found: dict[str, Mapping[str, Any]] = {}
    for image in answer.get("images") or ():
        found |= {str(image["imageId"].get(key, "")): image for key in ("imageTag", "imageDigest")}
    for one, reference in wanted:
        image = found.get(reference)
        if image is None:
            yield _absent(look, one)
            continue
        manifest = parsed(str(image.get("imageManifest", "")))
        if look.is_sandbox and not platforms_of_index(manifest):
            evidence = "it is in ECR; the SANDBOX keeps no layers, so its processor is not known"
            yield Checked(Topic.IMAGES, _subject(one), State.OK, evidence)
            continue
        platforms, why = _platforms(look, registry, repository, manifest)
        yield fits(one, platforms, why, look.command("image push"))


def _id(reference: str) -> dict[str, str]:
    return {"imageDigest": reference} if reference.startswith("sha256:") else {"imageTag": reference}


def _refused(look: Look, wanted: Wanted, error: AwsError) -> Checked:
    if error.code != "RepositoryNotFoundException":
        return Checked(Topic.IMAGES, _subject(wanted), State.NOT_CHECKED, f"{error.operation}: {error.code}")
    if not wanted.is_own:
        return _absent(look, wanted)
    evidence = "its repository is made by the replay, which then waits for the image or ends with 11"
    later = f"{look.command('image push')}   once the repository is there"
    return Checked(Topic.IMAGES, _subject(wanted), State.NOT_CHECKED, evidence, later)


def _absent(look: Look, wanted: Wanted) -> Checked:
    push = look.command("image push") if wanted.is_own else f"docker push {wanted.address}"
    return Checked(Topic.IMAGES, _subject(wanted), State.FAILS, "it is not in ECR", push)


def _platforms(look: Look, registry: str, repository: str, manifest: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    """The platforms of an image, or why they are not known."""
    listed = platforms_of_index(manifest)
    digest = config_digest(manifest)
    if listed or not digest:
        return listed, "" if listed else "its manifest names none"
    try:
        answer = look.aws.read(
            "ecr", "get_download_url_for_layer", registryId=registry, repositoryName=repository, layerDigest=digest
        )
        return platform_of_config(_fetched(str(answer["downloadUrl"]))), "its configuration names none"
    except AwsError as error:
        return frozenset(), f"{error.operation}: {error.code}"
    except (OSError, ValueError) as error:
        return frozenset(), f"its configuration could not be fetched ({type(error).__name__})"


def _fetched(url: str) -> Mapping[str, Any]:
    """A small JSON document that AWS gave a signed address for."""
    if not url.startswith("https://"):
        raise ValueError("no address that begins with https")
    with urllib.request.urlopen(url, timeout=CONFIG_PATIENCE_S) as answer:
        found = json.loads(answer.read(LARGEST_CONFIG))
    return found if isinstance(found, dict) else {}
