"""One rollback of a service at a time, also by two people who press at once, with nothing but the service's own tags.

ECS has no conditional write, so this is Fischer's protocol: look that nobody claims it, write a claim, wait longer
than a write takes, and read back. Of two who wrote, the last one's claim stands; the other is told who it is. It needs
no state on a laptop, no bucket, and works for services that Pilotage did not make.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wizard.aws.ownership import ecs_tag_list, tag_list, tag_map
from wizard.engine.clock import Clock
from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError, Locked
from wizard.release.hold import tag_text
from wizard.release.service_ref import Platform, ServiceRef

TAG = "pilotage:rollback"
SETTLE_SECONDS = 2.0
SETTLE_WRITES = 5
LEAST_REAL_SECONDS = 0.5
"""How long a claim must stand: so many AWS seconds, so many times as long as its own write took, and in real seconds
never less, however time is scaled: the other one's write takes real time."""
STALE_SECONDS = 1200.0
"""A claim that is older is of an operator who went away: a rollback is acted on within seconds of its claim."""


@dataclass(frozen=True)
class Claimed:
    """A claim that stands; `certain` is False when tags may not be written, so that nobody else can see it."""

    value: str
    certain: bool = True


def claim(aws: Calls, ref: ServiceRef, who: str, clock: Clock) -> Claimed:
    """Take the right to roll a service back; raises `Locked` with who has it and since when."""
    held = tags_of(aws, ref).get(TAG, "")
    if held and not _is_stale(held, clock.now(), clock.scale):
        raise _locked(ref, held)
    since = clock.now().isoformat(timespec="seconds")
    value = tag_text(f"id={uuid.uuid4().hex[:12]} who={who.replace(' ', '_')} since={since}")
    started = clock.seconds()
    try:
        tag(aws, ref, {TAG: value})
    except AmbiguousAnswer:
        raise
    except AwsError:
        return Claimed("", certain=False)
    took = clock.seconds() - started
    clock.sleep(max(SETTLE_SECONDS, SETTLE_WRITES * took, LEAST_REAL_SECONDS * clock.scale))
    stands = tags_of(aws, ref).get(TAG, "")
    if stands != value:
        raise _locked(ref, stands)
    return Claimed(value)


def give_back(aws: Calls, ref: ServiceRef, claimed: Claimed) -> None:
    """Take the claim away, unless somebody else's stands there by now. A refusal leaves it to grow stale."""
    if not claimed.value:
        return
    try:
        if tags_of(aws, ref).get(TAG) == claimed.value:
            untag(aws, ref, [TAG])
    except AwsError:
        return


def tags_of(aws: Calls, ref: ServiceRef) -> dict[str, str]:
    """The tags of a service as they are now."""
    if ref.platform is Platform.APP_RUNNER:
        return tag_map(aws.read("apprunner", "list_tags_for_resource", ResourceArn=ref.arn)["Tags"])
    answer = aws.read("ecs", "describe_services", cluster=ref.cluster, services=[ref.name], include=["TAGS"])
    return tag_map(answer["services"][0].get("tags")) if answer["services"] else {}


def tag(aws: Calls, ref: ServiceRef, tags: dict[str, str]) -> None:
    """Write tags onto a service."""
    if ref.platform is Platform.APP_RUNNER:
        aws.write("apprunner", "tag_resource", ResourceArn=ref.arn, Tags=tag_list(tags))
    else:
        aws.write("ecs", "tag_resource", resourceArn=ref.arn, tags=ecs_tag_list(tags))


def untag(aws: Calls, ref: ServiceRef, keys: list[str]) -> None:
    """Take tags off a service."""
    if ref.platform is Platform.APP_RUNNER:
        aws.write("apprunner", "untag_resource", ResourceArn=ref.arn, TagKeys=keys)
    else:
        aws.write("ecs", "untag_resource", resourceArn=ref.arn, tagKeys=keys)


def parts(value: str) -> dict[str, str]:
    """`id`, `who` and `since` of a claim; what somebody wrote by hand has none."""
    return dict(word.split("=", 1) for word in value.split() if "=" in word)


def _is_stale(value: str, now: datetime, scale: float) -> bool:
    try:
        since: Any = datetime.fromisoformat(parts(value).get("since", ""))
        return bool((now - since).total_seconds() * scale > STALE_SECONDS)
    except (ValueError, TypeError):
        return True


def _locked(ref: ServiceRef, value: str) -> Locked:
    told = parts(value)
    who, since = told.get("who", "somebody"), told.get("since", "a moment ago")
    return Locked(
        f"{ref.title} is being rolled back by {who} since {since}",
        evidence=f"the tag {TAG} of the service says so",
        safe="nothing was changed by this command",
        next_step=f"pilotage status {ref.deployment or '--all'}   shows how it goes",
    )
