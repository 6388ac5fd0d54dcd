"""The images of one deployment, for both faces: build them here, push them into its repositories, list them there."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wizard.deployment.opening import Deployment
from wizard.deployment.releases import Releases
from wizard.images import rehearsal, work
from wizard.images.builder import Builder, find_builder
from wizard.images.process import Told
from wizard.images.registry import Repository, read_repository, sign_in
from wizard.images.wanted import Wanted, wanted_images
from wizard.images.work import Built, Image, Pushed


def build_images(deployment: Deployment, told: Told) -> tuple[Built, ...]:
    """Build every image whose container says how; `told` gets the builder's lines.

    Raises `UsageError` when none says so or a file is not there, `PreflightError` without a builder, `NeedsPerson`
    when a build fails.
    """
    wanted = _wanted(deployment)
    images = [each for each in work.distinct(wanted) if each.wanted.build]
    if not images:
        raise work.nothing_to_build(wanted)
    builder = find_builder()
    return tuple(work.build(builder, each, _folder(deployment), told) for each in images)


def push_images(deployment: Deployment, told: Told, *, build: bool = True) -> tuple[Pushed, ...]:
    """Build (unless `build` is False) and push every image of the deployment's own repositories.

    Raises as `build_images`, and `WaitingOutside` before a replay has made the repositories.
    """
    wanted = _wanted(deployment)
    images = work.distinct(each for each in wanted if each.is_own)
    if not images:
        raise work.nothing_to_push(wanted)
    aws = deployment.connection.aws
    places = {each.wanted.repository: read_repository(aws, each.wanted.repository) for each in images}
    for image in images:
        work.insist_on_place(image, places[image.wanted.repository], _replay(deployment))
    builder = find_builder()
    for image in images:
        if build and image.wanted.build:
            work.build(builder, image, _folder(deployment), told)
    uris = {name: place.uri for name, place in places.items()}
    for image in images:
        work.local_name(builder, image, uris[image.wanted.repository])
    if deployment.connection.identity.sandbox:
        return tuple(_rehearsed(deployment, builder, image, uris[image.wanted.repository], told) for image in images)
    host = next(iter(uris.values())).partition("/")[0]
    with builder.signed_in(sign_in(aws, host), told) as session:
        return tuple(work.push(session, aws, image, uris[image.wanted.repository], told) for image in images)


def list_images(deployment: Deployment) -> tuple[Repository, ...]:
    """The deployment's repositories with their images, newest first, and the revisions that name each."""
    names = dict.fromkeys(each.repository for each in _wanted(deployment) if each.is_own)
    found = [read_repository(deployment.connection.aws, name) for name in names]
    uses: dict[str, list[str]] = defaultdict(list)
    if any(each.images for each in found):
        for digest, words in _uses(deployment):
            if words not in uses[digest]:
                uses[digest].append(words)
    return tuple(_with_uses(each, uses) for each in found)


def _wanted(deployment: Deployment) -> tuple[Wanted, ...]:
    return wanted_images(deployment.blueprint, deployment.graph, deployment.request.tag)


def _folder(deployment: Deployment) -> Path:
    """What `build.context` is seen from."""
    return Path(deployment.document.file).parent


def _replay(deployment: Deployment) -> str:
    where = " --sandbox" if deployment.connection.identity.sandbox else ""
    wait = "" if where else " --wait-image 30"
    return f"pilotage replay {shlex.quote(deployment.document.file)} --env {deployment.environment}{wait}{where}"


def _rehearsed(deployment: Deployment, builder: Builder, image: Image, uri: str, told: Told) -> Pushed:
    told(f"the SANDBOX has no registry: {image.wanted.name} is noted in its ECR, and nothing leaves this computer")
    built = builder.id_of(work.local_name(builder, image, uri))
    return rehearsal.record(deployment.connection.aws, image, uri, built)


def _uses(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Each digest that a revision of a service names, with the revision in words; the one that serves first."""
    releases = Releases(deployment.connection)
    for ref in releases.services(deployment.name):
        revisions = releases.revisions(ref)
        for revision in sorted(revisions, key=lambda each: not each.serving):
            for image in revision.images:
                digest = image.digest or image.reference.partition("@")[2]
                if digest:
                    yield digest, f"{revision.label}{' (serving)' if revision.serving else ''}"


def _with_uses(repository: Repository, uses: dict[str, list[str]]) -> Repository:
    images = tuple(replace(each, used_by=tuple(uses.get(each.digest, ()))) for each in repository.images)
    return replace(repository, images=images)
