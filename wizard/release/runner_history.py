"""What a service on App Runner ran before. App Runner keeps no revisions, so Pilotage notes each image that worked.

A note is a tag of the service, `pilotage:ran-<number>`. Of a service without notes the images of its ECR repository are
shown, of which nobody knows whether they worked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.finding import Found
from wizard.release.hold import Hold, hold_in, tag_text
from wizard.release.ready_images import ECR
from wizard.release.revision import ImageUse, Outcome, Revision
from wizard.release.runner import image_of, operations
from wizard.release.service_ref import ServiceRef

RAN = "pilotage:ran-"
KEPT = 10
"""Notes that are kept on a service; AWS allows 50 tags."""
WRITTEN = re.compile(
    r"digest=(?P<digest>\S*) at=(?P<at>\S+) tag=(?P<tag>\S*) by=(?P<by>\S*)"
    r"(?: left=(?P<left>\S*))?(?: why=(?P<why>.*))?",
    re.DOTALL,
)
IAM_ACTIONS = ("ecr:DescribeImages",)
CONTAINER = "app"


@dataclass(frozen=True)
class RunnerStanding:
    """A service on App Runner at one moment."""

    ref: ServiceRef
    service: Mapping[str, Any] = field(repr=False)
    tags: Mapping[str, str] = field(repr=False)
    revisions: tuple[Revision, ...]
    """Newest first."""
    operation: Mapping[str, Any] = field(default_factory=dict)
    """The newest operation."""
    digest: str = ""
    """What runs now; empty when nobody knows."""

    @property
    def hold(self) -> Hold | None:
        """Who holds the service."""
        return hold_in(self.tags)

    @property
    def current(self) -> Revision | None:
        """What it is set to."""
        return next((one for one in self.revisions if one.serving), None)

    @property
    def in_flight(self) -> bool:
        """Whether an operation is under way; App Runner takes no other meanwhile."""
        return bool(self.service.get("Status") == "OPERATION_IN_PROGRESS")


@dataclass(frozen=True)
class Ran:
    """One note."""

    number: int
    digest: str
    at: datetime | None
    tag: str = ""
    by: str = ""
    why: str = ""
    left: str = ""


def ran_value(digest: str, at: datetime, tag: str, by: str, why: str, left: str = "") -> str:
    """The value of a note."""
    gone = f" left={left}" if left else ""
    text = f"digest={digest} at={at.isoformat(timespec='seconds')} tag={tag} by={by.replace(' ', '_')}{gone} why={why}"
    return tag_text(text)


def notes_on(tags: Mapping[str, str]) -> list[Ran]:
    """The notes on a service, oldest first."""
    found = []
    for key, value in tags.items():
        number, match = key.removeprefix(RAN), WRITTEN.fullmatch(value)
        if key.startswith(RAN) and number.isdigit() and match:
            try:
                at: datetime | None = datetime.fromisoformat(match["at"])
            except ValueError:
                at = None
            why, left = match["why"] or "", match["left"] or ""
            found.append(Ran(int(number), match["digest"], at, match["tag"], match["by"], why, left))
    return sorted(found, key=lambda one: one.number)


def read_runner(aws: Calls, found: Found, now: datetime, limit: int = 20) -> RunnerStanding:
    """The service with its revisions: the notes on it, or the images of its repository. Two or three calls."""
    service = found.shown
    listed = operations(aws, found.ref.arn, 1)
    digest = digest_of(aws, image_of(service))
    ran = notes_on(found.tags)
    revisions = _from_notes(ran, service, digest, now) if ran else _from_repository(aws, service, digest, limit)
    ordered = tuple(sorted(revisions, key=lambda one: one.number, reverse=True)[:limit])
    return RunnerStanding(found.ref, service, found.tags, ordered, listed[0] if listed else {}, digest)


def digest_of(aws: Calls, image: str) -> str:
    """The digest that an image names now; empty when its registry does not tell."""
    match = ECR.fullmatch(image)
    if match is None:
        return image.partition("@")[2]
    if match["digest"]:
        return match["digest"]
    for detail in _images(aws, match, [{"imageTag": match["tag"] or "latest"}]):
        return str(detail["imageDigest"])
    return ""


def _images(aws: Calls, match: re.Match[str], ids: Sequence[Mapping[str, str]] = ()) -> list[Mapping[str, Any]]:
    wanted: dict[str, Any] = {"imageIds": list(ids)} if ids else {"maxResults": 1000}
    try:
        answer = aws.read(
            "ecr", "describe_images", registryId=match["account"], repositoryName=match["repository"], **wanted
        )
    except AmbiguousAnswer:
        raise
    except AwsError:
        return []
    return list(answer["imageDetails"])


def _uri(image: str, digest: str) -> str:
    head, slash, last = image.partition("@")[0].rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}@{digest}"


def _from_notes(ran: Sequence[Ran], service: Mapping[str, Any], digest: str, now: datetime) -> Iterable[Revision]:
    image = image_of(service)
    # The newest note of the digest that runs is what serves; an image that nobody noted stands above them all.
    serving = next((one.number for one in reversed(ran) if one.digest and one.digest == digest), 0)
    for index, one in enumerate(ran):
        after = ran[index + 1].at if index + 1 < len(ran) else now
        minutes = (after - one.at).total_seconds() / 60 if one.at and after else None
        uri = _uri(image, one.digest)
        yield Revision(
            id=uri,
            number=one.number,
            label=one.tag or one.digest.removeprefix("sha256:")[:12],
            images=(ImageUse(CONTAINER, uri, one.digest),),
            outcome=Outcome.WORKED,
            registered_at=one.at,
            deployed_at=one.at,
            by=one.by,
            why=one.why,
            commit=one.tag,
            healthy_minutes=minutes,
            serving=one.number == serving,
            origin=next(first.number for first in ran if first.digest == one.digest),
            left=f"for {one.left}" if one.left else "",
        )
    if not serving:
        yield _unnoted(service, digest, (ran[-1].number if ran else 0) + 1)


def _unnoted(service: Mapping[str, Any], digest: str, number: int) -> Revision:
    image = image_of(service)
    return Revision(
        id=image,
        number=number,
        label=image.rpartition("/")[2] or "source code",
        images=(ImageUse(CONTAINER, image, digest),) if image else (),
        deployed_at=service.get("UpdatedAt"),
        serving=True,
        origin=number,
    )


def _from_repository(aws: Calls, service: Mapping[str, Any], digest: str, limit: int) -> Iterable[Revision]:
    image = image_of(service)
    match = ECR.fullmatch(image)
    pushed = _images(aws, match) if match else []
    pushed.sort(key=lambda one: str(one.get("imagePushedAt", "")))
    for number, one in list(enumerate(pushed, start=1))[-limit:]:
        uri = _uri(image, one["imageDigest"])
        tags = one.get("imageTags") or ()
        yield Revision(
            id=uri,
            number=number,
            label=tags[0] if tags else one["imageDigest"].removeprefix("sha256:")[:12],
            images=(ImageUse(CONTAINER, uri, one["imageDigest"]),),
            registered_at=one.get("imagePushedAt"),
            serving=one["imageDigest"] == digest,
            origin=number,
        )
    if not any(one["imageDigest"] == digest for one in pushed):
        yield _unnoted(service, digest, len(pushed) + 1)


def tags_for_run(
    tags: Mapping[str, str], value: str, digest: str, left: tuple[str, str] | None = None
) -> tuple[dict[str, str], list[str]]:
    """Tags to write and keys to remove so that one more image is noted. `left`: a digest and what it was left for."""
    ran = notes_on(tags)
    written: dict[str, str] = {}
    if left:
        for one in ran:
            if one.digest == left[0] and one.at:
                written[f"{RAN}{one.number}"] = ran_value(one.digest, one.at, one.tag, one.by, one.why, left[1])
    if not ran or ran[-1].digest != digest:
        written[f"{RAN}{(ran[-1].number if ran else 0) + 1}"] = value
    surplus = [f"{RAN}{one.number}" for one in ran[: max(0, len(ran) + len(written) - KEPT)]]
    return written, surplus
