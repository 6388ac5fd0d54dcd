"""Whether images can still be pulled: those of ECR are asked for by digest, many in one call."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wizard.aws.translate import is_denied
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.finding import together
from wizard.release.needs import Need
from wizard.release.readiness import Finding, Place

A_CALL = 100
"""How many images BatchGetImage takes."""
ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]+))?"
)
IAM_ACTIONS = ("ecr:BatchGetImage", "ecr:DescribeImages")
MOVING = re.compile(r"[^0-9]*")
"""A tag without any digit, such as `latest` or `main`: it names whatever was pushed last."""


def findings_about(place: Place, needs: Sequence[Need], architectures: Mapping[Need, str]) -> dict[Need, Finding]:
    """A finding for each image need. `architectures` says for which processor it must be made: X86_64 or ARM64."""
    found: dict[Need, Finding] = {}
    asked: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in needs:
        match = ECR.fullmatch(need.name)
        if match is None:
            found[need] = _foreign(need)
        elif match["region"] != place.region:
            found[need] = Finding.unclear(need.name, f"the image is in ECR of {match['region']}, which was not asked")
        else:
            asked[(match["account"], match["repository"])].append(need)
    batches = [
        (registry, repository, several[start : start + A_CALL // 2])
        for (registry, repository), several in asked.items()
        for start in range(0, len(several), A_CALL // 2)
    ]
    for answers in together(lambda each: _asked(place, *each, architectures), batches):
        found |= answers
    return found


def _foreign(need: Need) -> Finding:
    registry = need.name.partition("/")[0]
    name = registry if "." in registry or ":" in registry else "Docker Hub"
    return Finding.unclear(need.name, f"whether {name} still has {need.name} cannot be asked from here")


def _asked(
    place: Place, registry: str, repository: str, needs: Iterable[Need], architectures: Mapping[Need, str]
) -> dict[Need, Finding]:
    several = list(needs)
    ids = list({repr(one): one for need in several for one in _ids(need)}.values())
    try:
        answer = place.aws.read(
            "ecr",
            "batch_get_image",
            registryId=registry,
            repositoryName=repository,
            imageIds=ids,
            acceptedMediaTypes=list(MEDIA_TYPES),
        )
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        if error.code == "RepositoryNotFoundException":
            sentence = f"the repository {repository} is gone from ECR"
            return {need: Finding.broken(need.name, sentence) for need in several}
        if is_denied(error) and (described := _described(place, registry, repository, ids)) is not None:
            return {need: _judged(need, repository, described, "") for need in several}
        sentence = f"ECR does not tell about {repository} ({error.code})"
        return {need: Finding.unclear(need.name, sentence) for need in several}
    images = answer.get("images") or ()
    return {need: _judged(need, repository, images, architectures.get(need, "")) for need in several}


def _described(
    place: Place, registry: str, repository: str, ids: Sequence[Mapping[str, str]]
) -> list[Mapping[str, Any]] | None:
    """The same by DescribeImages, one call for each, for whoever may not fetch manifests; None when that is denied too.

    DescribeImages of several fails as a whole when one of them is absent.
    """

    def ask(one: Mapping[str, str]) -> list[Mapping[str, Any]] | None:
        try:
            answer = place.aws.read(
                "ecr", "describe_images", registryId=registry, repositoryName=repository, imageIds=[dict(one)]
            )
        except AmbiguousAnswer:
            raise
        except AwsError as error:
            return [] if error.code == "ImageNotFoundException" else None
        return [{"imageId": {"imageDigest": detail["imageDigest"], **one}} for detail in answer["imageDetails"]]

    answers = together(ask, ids)
    if any(answer is None for answer in answers):
        return None
    return [image for answer in answers for image in answer or ()]


MEDIA_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


def _ids(need: Need) -> Iterable[dict[str, str]]:
    match = ECR.fullmatch(need.name)
    if need.detail:
        yield {"imageDigest": need.detail}
    if match and not match["digest"]:
        yield {"imageTag": match["tag"] or "latest"}


def _judged(need: Need, repository: str, images: Iterable[Mapping[str, Any]], architecture: str) -> Finding:
    match = ECR.fullmatch(need.name)
    tag = (match["tag"] if match else "") or "latest"
    if not need.detail:
        if not any(image["imageId"].get("imageTag") == tag for image in images):
            return Finding.broken(need.name, f"the image {repository}:{tag} is gone from ECR")
        return Finding.unclear(
            need.name, f"the image is named by the tag {tag}, and nobody wrote down which one that was then"
        )
    held = [image for image in images if image["imageId"].get("imageDigest") == need.detail]
    if not held:
        return Finding.broken(need.name, f"the image {need.detail[:19]}… is gone from ECR ({repository})")
    offered = _architectures(held[0])
    if architecture and offered and architecture not in offered:
        sentence = f"the image is made for {', '.join(sorted(offered))}, the revision wants {architecture}"
        return Finding.broken(need.name, sentence)
    return Finding.there(need.name)


NAMES = {"amd64": "X86_64", "arm64": "ARM64"}


def _architectures(image: Mapping[str, Any]) -> set[str]:
    """The processors that an index lists, in the words of ECS; empty for the manifest of a single image."""
    try:
        manifest = json.loads(image.get("imageManifest") or "{}")
    except ValueError:
        return set()
    listed = manifest.get("manifests") if isinstance(manifest, dict) else None
    names = {str((one.get("platform") or {}).get("architecture", "")) for one in listed or ()}
    return {NAMES[name] for name in names if name in NAMES}


def is_still(place: Place, reference: str, digest: str) -> bool | None:
    """Whether a tag still names the digest that it named then; None when its registry does not tell."""
    match = ECR.fullmatch(reference)
    if match is None or match["region"] != place.region:
        return None
    try:
        answer = place.aws.read(
            "ecr",
            "batch_get_image",
            registryId=match["account"],
            repositoryName=match["repository"],
            imageIds=[{"imageTag": match["tag"] or "latest"}],
            acceptedMediaTypes=list(MEDIA_TYPES),
        )
    except AmbiguousAnswer:
        raise
    except AwsError:
        return None
    return any(image["imageId"].get("imageDigest") == digest for image in answer.get("images") or ())


def is_moving(reference: str) -> bool:
    """Whether a tag, or none, names whatever was pushed last."""
    tag = reference.rpartition("/")[2].partition(":")[2]
    return MOVING.fullmatch(tag) is not None
