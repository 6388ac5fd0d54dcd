"""Builds the images that a blueprint says how to build, and pushes those that belong into its own repositories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wizard.engine.kind import Calls
from wizard.errors import NeedsPerson, UsageError, WaitingOutside
from wizard.images.builder import Builder, Order, SignedIn
from wizard.images.process import Ended, Told
from wizard.images.registry import Repository, digest_of
from wizard.images.wanted import Wanted

TAKEN = ("already exists", "immutable")
"""What builders say when a tag is taken in a repository whose tags are immutable."""


@dataclass(frozen=True)
class Built:
    """An image in the builder's store, and the containers that run it."""

    reference: str
    platform: str
    containers: tuple[str, ...]


@dataclass(frozen=True)
class Pushed:
    """An image in ECR, and the containers that run it."""

    reference: str
    digest: str
    containers: tuple[str, ...]


@dataclass(frozen=True)
class Image:
    """One image, wanted by one or several containers alike."""

    wanted: Wanted
    containers: tuple[str, ...]


def distinct(wanted: Iterable[Wanted]) -> list[Image]:
    """Each image once; raises `UsageError` when containers want the same one built differently."""
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        found.setdefault(one.name, []).append(one)
    images = []
    for name, several in found.items():
        labels, recipes = tuple(each.label for each in several), [each.build for each in several if each.build]
        if len({each.platform for each in several}) > 1 or any(each != recipes[0] for each in recipes):
            raise UsageError(
                f"{name} cannot be built in two ways",
                evidence=f"the containers {', '.join(labels)} have it, with another `build:` or `architecture:`",
                safe="nothing was built",
                next_step="give one of them an image of its own: image: {repository: NAME}",
            )
        images.append(Image(next((each for each in several if each.build), several[0]), labels))
    return images


def build(builder: Builder, image: Image, folder: Path, told: Told) -> Built:
    """Build one image. Raises `UsageError` when a file is not there, `NeedsPerson` when the builder fails."""
    order = _order(image, folder)
    told(f"building {order.reference} for {order.platform} with {builder.name}")
    ended = builder.build(order, told)
    if ended.code != 0:
        raise NeedsPerson(
            f"{builder.name} could not build {order.reference}",
            evidence=_last(ended),
            safe="nothing was pushed",
            next_step=f"correct {order.dockerfile}, then run the same command again",
        )
    return Built(order.reference, order.platform, image.containers)


def insist_on_place(image: Image, repository: Repository, replay: str) -> None:
    """Raise when an image cannot be pushed now: no repository yet, or a tag that is taken for ever."""
    wanted = image.wanted
    if not repository.exists:
        raise WaitingOutside(
            f"the repository {wanted.repository} is not made yet",
            evidence="ECR has none of that name in this account and Region",
            safe="nothing was pushed",
            next_step=f"{replay}   makes it and waits for the image; then run this command again beside it",
        )
    if repository.immutable and repository.holds(wanted.tag):
        raise _taken(wanted)


def local_name(builder: Builder, image: Image, uri: str) -> str:
    """The name by which the builder has the image; raises `UsageError` when it has none."""
    wanted = image.wanted
    for name in (wanted.name, f"{uri}:{wanted.tag}"):
        if builder.id_of(name):
            return name
    raise UsageError(
        f"{builder.name} has no image {wanted.name}",
        evidence=f"the container {image.containers[0]} does not say how it is built",
        safe="nothing was pushed",
        next_step=f"write `build: {{context: .}}` under the container, or build it yourself: "
        f"{builder.name} build --platform {wanted.platform} --tag {wanted.name} FOLDER",
    )


def push(session: SignedIn, aws: Calls, image: Image, uri: str, told: Told) -> Pushed:
    """Push one image and read its digest from ECR. Raises `NeedsPerson`, or `UsageError` for a tag that is taken."""
    builder, wanted = session.builder, image.wanted
    reference, local = f"{uri}:{wanted.tag}", local_name(builder, image, uri)
    if local != reference:
        named = builder.tag(local, reference)
        if named.code != 0:
            raise _not_pushed(builder, reference, named)
    told(f"pushing {reference}")
    ended, digest = session.push(reference, told)
    if ended.code != 0:
        if any(words in ended.text.lower() for words in TAKEN):
            raise _taken(wanted)
        raise _not_pushed(builder, reference, ended)
    in_ecr = digest_of(aws, wanted.repository, wanted.tag) or digest
    if not in_ecr:
        raise _not_pushed(builder, reference, Ended(0, ("it ended well, and ECR does not show the image",)))
    return Pushed(reference, in_ecr, image.containers)


def nothing_to_build(wanted: Sequence[Wanted]) -> UsageError:
    """No container says how its image is built."""
    return UsageError(
        "the blueprint does not say how its images are built",
        evidence=f"no container has a `build:` section: {', '.join(each.label for each in wanted)}",
        safe="nothing was built",
        next_step="write under a container: build: {context: FOLDER}   (the folder with its Dockerfile)",
    )


def nothing_to_push(wanted: Sequence[Wanted]) -> UsageError:
    """Every image is from elsewhere."""
    addresses = ", ".join(dict.fromkeys(each.address for each in wanted))
    first = next((each.address for each in wanted), "ADDRESS")
    return UsageError(
        "no image of this blueprint comes from a repository of its own",
        evidence=f"they come from elsewhere: {addresses}",
        safe="nothing was pushed",
        next_step=f"push it where it belongs: docker push {first}; or write image: {{repository: NAME}}",
    )


def _order(image: Image, folder: Path) -> Order:
    wanted, recipe = image.wanted, image.wanted.build
    if recipe is None:
        raise nothing_to_build([wanted])
    context = folder / recipe.context
    dockerfile = context / recipe.dockerfile
    for path, key in ((context, "context"), (dockerfile, "dockerfile")):
        if not path.exists():
            raise UsageError(
                f"{path} is not there",
                evidence=f"container {wanted.label}: build.{key}, seen from the folder of the blueprint",
                safe="nothing was built",
                next_step=f"correct `{key}:` under `build:`, or run this beside the sources",
            )
    if "@" in wanted.name:
        raise UsageError(
            f"{wanted.name} cannot be built: it names one image by its digest",
            safe="nothing was built",
            next_step="leave `build:` out, or name the image by a tag",
        )
    return Order(wanted.name, wanted.platform, context, dockerfile, recipe.target or "", _plain(recipe.arguments))


def _plain(arguments: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in arguments.items()}


def _taken(wanted: Wanted) -> UsageError:
    return UsageError(
        f"the tag {wanted.tag} is taken in {wanted.repository}, and its tags are immutable",
        evidence="a revision that names a tag must mean the same image for ever (delivery.images.immutable_tags)",
        safe="nothing was pushed; the image that has the tag is as it was",
        next_step="give this image a tag of its own, here and to the replay: --tag $(git rev-parse --short HEAD)",
    )


def _not_pushed(builder: Builder, reference: str, ended: Ended) -> NeedsPerson:
    return NeedsPerson(
        f"{builder.name} could not push {reference}",
        evidence=_last(ended),
        safe="what was pushed before stays in ECR; no password was left on this computer",
        next_step="run the same command again: layers that are there are not sent twice",
    )


def _last(ended: Ended) -> str:
    return ended.text or f"exit code {ended.code}, without a word"
