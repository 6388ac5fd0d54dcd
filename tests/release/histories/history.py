"""A row of the truth table."""

from __future__ import annotations

from dataclasses import dataclass

from tests.release.histories.stage import Act
from wizard.errors import ExitCode
from wizard.release.rollout import Certainty, Verdict


@dataclass(frozen=True)
class History:
    """What happened to a service, and what is true at its end."""

    name: str
    play: tuple[Act, ...]
    verdict: Verdict | None
    """Of the version that the run wanted; None when AWS refuses to tell anything."""
    exit_code: ExitCode | None
    """Of the run that watched, which ends at the first verdict that is final; None while it still watches."""
    serving: str
    """Tags of the versions that users reach; empty when nobody serves."""
    thread: str = ""
    """Where people met it, as `repository#number`."""
    certainty: Certainty = Certainty.CERTAIN
    fools_waiter: bool = False
    """Whether botocore's `services_stable` says success at the end although the wanted version does not serve."""
