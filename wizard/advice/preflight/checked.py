"""One check of a preflight: what was looked at, whether it will do, what that rests on, and what to type when not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Whether it will do."""

    OK = "ok"
    FAILS = "fails"
    NOT_CHECKED = "not checked"
    """It cannot be asked from here; a person may look."""


class Topic(StrEnum):
    """What a check is about, in the order of the page."""

    IDENTITY = "identity"
    CLOCK = "clock"
    PLAN = "account plan"
    PERMISSIONS = "permissions"
    QUOTAS = "quotas"
    NAMES = "names"
    SECRETS = "secrets"
    IMAGES = "images"
    DOMAIN = "domain"
    APP_RUNNER = "App Runner"


GRAVEST = (State.FAILS, State.NOT_CHECKED, State.OK)


@dataclass(frozen=True)
class Checked:
    """The result of one check. `next_step` is what to type; one that fails always has it."""

    topic: Topic
    subject: str
    state: State
    evidence: str
    next_step: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "topic": str(self.topic),
            "subject": self.subject,
            "state": str(self.state),
            "evidence": self.evidence,
            "next": self.next_step,
        }


def worst(checks: Iterable[Checked], topic: Topic | None = None) -> State:
    """The gravest state, of all or of one topic; nothing looked at is ok."""
    states = [each.state for each in checks if topic in (None, each.topic)]
    return min(states, key=GRAVEST.index, default=State.OK)
