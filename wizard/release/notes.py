"""What Pilotage writes on a task definition, so that its history can be read for ever and by any tool.

At registration: who, why and which commit (`wizard.engine.kind.Scope.notes`). After a deployment: what became of it.
After a rollback: that it was left, and of which revision a copy was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from wizard.aws.ownership import ecs_tag_list
from wizard.engine.kind import BY_TAG, COMMIT_TAG, WHY_TAG, Calls
from wizard.errors import AwsError
from wizard.release.hold import tag_text
from wizard.release.revision import Outcome

OUTCOME_TAG = "pilotage:outcome"
LEFT_TAG = "pilotage:left"
COPY_TAG = "pilotage:copy-of"
WRITTEN = re.compile(r"(?P<outcome>worked|failed) at=(?P<at>\S+)")


@dataclass(frozen=True)
class Notes:
    """What the tags of a task definition say."""

    by: str = ""
    why: str = ""
    commit: str = ""
    outcome: Outcome = Outcome.UNKNOWN
    at: datetime | None = None
    """When that became known."""
    left: str = ""
    copy_of: int = 0


def notes_in(tags: Mapping[str, str]) -> Notes:
    """Read the tags; what somebody wrote by hand and cannot be understood says nothing."""
    outcome, at = Outcome.UNKNOWN, None
    if found := WRITTEN.match(tags.get(OUTCOME_TAG, "")):
        outcome, at = Outcome(found["outcome"]), _moment(found["at"])
    copy_of = tags.get(COPY_TAG, "")
    return Notes(
        by=tags.get(BY_TAG, ""),
        why=tags.get(WHY_TAG, ""),
        commit=tags.get(COMMIT_TAG, ""),
        outcome=outcome,
        at=at,
        left=tags.get(LEFT_TAG, ""),
        copy_of=int(copy_of) if copy_of.isdigit() else 0,
    )


def outcome_value(outcome: Outcome, at: datetime) -> str:
    """The tag's value: `worked at=2026-11-26T03:15:00+00:00`."""
    return tag_text(f"{outcome} at={at.isoformat(timespec='seconds')}")


def left_value(who: str, at: datetime, to: int, why: str) -> str:
    """Why a rollback went away from a revision."""
    reason = f": {why}" if why else ""
    return tag_text(f"for {to} by {who} at {at.isoformat(timespec='minutes')}{reason}")


def write(aws: Calls, arn: str, tags: Mapping[str, str]) -> bool:
    """Tag a task definition; False when AWS refuses: memory is a comfort, never the reason for a failure."""
    try:
        aws.write("ecs", "tag_resource", resourceArn=arn, tags=ecs_tag_list(tags))
    except AwsError:
        return False
    return True


def erase(aws: Calls, arn: str, key: str) -> None:
    """Take a note off a task definition; a refusal leaves it there."""
    with suppress(AwsError):
        aws.write("ecs", "untag_resource", resourceArn=arn, tagKeys=[key])


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
