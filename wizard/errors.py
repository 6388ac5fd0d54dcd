"""What can go wrong, and the number a shell sees for it.

PilotageError                  summary, evidence, safe, next_step; exit code 7 unless a subclass says otherwise
├── Defect                1    a mistake in Pilotage itself
├── UsageError            2    wrong usage, invalid blueprint, a missing answer
├── CredentialsError      4    credentials missing, expired, or a permission that is lacking
├── PreflightError        5    something that would fail; nothing was created
├── RolledBack            6    the deployment failed and the old version is serving
├── NeedsPerson           7    failed; run the same command again to carry on
├── Locked, Held          8    another run, or a person, says no
├── WorldMoved            9    the world is not what the plan saw
├── TimeIsUp             10    still running when the time allowed was over
├── WaitingOutside       11    for a person or something outside AWS
├── Interrupted         130    safe to run again
└── AwsError                   one refused or unanswered call; the engine decides what it means
    └── AmbiguousAnswer        the call may or may not have been performed
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of CONTRACT §3."""

    OK = 0
    DEFECT = 1
    USAGE = 2
    CHANGES = 3
    CREDENTIALS = 4
    PREFLIGHT = 5
    ROLLED_BACK = 6
    NEEDS_PERSON = 7
    LOCKED = 8
    WORLD_MOVED = 9
    TIME_IS_UP = 10
    WAITING = 11
    INTERRUPTED = 130


class PilotageError(Exception):
    """An error a person can act on: what failed, why, what is safe now, what to type next."""

    exit_code: ExitCode = ExitCode.NEEDS_PERSON
    verdict: str = "failed"

    diagnosis: Mapping[str, Any] | None = None
    """What `wizard.release.diagnosis` found, where the error is about a rollout."""

    def __init__(self, summary: str, *, evidence: str = "", safe: str = "", next_step: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.evidence = evidence
        self.safe = safe
        self.next_step = next_step


class Defect(PilotageError):
    """A mistake in Pilotage itself; `__cause__` is for the log, since its words may hold anything."""

    exit_code = ExitCode.DEFECT
    verdict = "defect"


class UsageError(PilotageError):
    """The command, the blueprint or an answer is wrong; AWS was not asked to change anything."""

    exit_code = ExitCode.USAGE
    verdict = "invalid"


class MissingSecrets(UsageError):
    """Secrets that do not exist in AWS yet and that nobody gave a value; `names` as a person knows them."""

    verdict = "missing_answer"

    def __init__(self, names: tuple[str, ...]) -> None:
        first = names[0]
        super().__init__(
            f"no value was given for {'the secret' if len(names) == 1 else 'the secrets'} {', '.join(names)}",
            evidence="they do not exist in AWS yet, and the blueprint does not say generate: true",
            safe="nothing was called to change anything",
            next_step=f"give each by --secrets-file FILE (a line {first}=…), or by the environment variable "
            f"PILOTAGE_SECRET_{first}, or write generate: true under secrets: in the blueprint",
        )
        self.names = names


class CredentialsError(PilotageError):
    """Credentials are missing or expired, or lack a permission."""

    exit_code = ExitCode.CREDENTIALS
    verdict = "denied"


class PreflightError(PilotageError):
    """Something that is known to fail; nothing was created."""

    exit_code = ExitCode.PREFLIGHT
    verdict = "preflight"


class RolledBack(PilotageError):
    """The new version failed and the old one is serving."""

    exit_code = ExitCode.ROLLED_BACK
    verdict = "rolled_back"


class NeedsPerson(PilotageError):
    """It failed, and the same command carries on once the cause is gone."""


class Locked(PilotageError):
    """Another run holds the deployment."""

    exit_code = ExitCode.LOCKED
    verdict = "locked"


class Held(PilotageError):
    """A person holds the service."""

    exit_code = ExitCode.LOCKED
    verdict = "held"


class WorldMoved(PilotageError):
    """What the plan saw is no longer so."""

    exit_code = ExitCode.WORLD_MOVED
    verdict = "moved"


class TimeIsUp(PilotageError):
    """Still running when the time allowed was over."""

    exit_code = ExitCode.TIME_IS_UP
    verdict = "running"


class WaitingOutside(PilotageError):
    """Nothing more can be done before a person or something outside AWS acts."""

    exit_code = ExitCode.WAITING
    verdict = "waiting"


class Interrupted(PilotageError):
    """A person stopped the run; the same command carries on."""

    exit_code = ExitCode.INTERRUPTED
    verdict = "interrupted"


class AwsError(PilotageError):
    """AWS refused one call. `code` and `message` are AWS's own; `operation` is `service:Operation`."""

    def __init__(self, operation: str, code: str, message: str, *, status: int = 0, next_step: str = "") -> None:
        super().__init__(f"{operation} was refused: {code}", evidence=message, next_step=next_step)
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status


class AmbiguousAnswer(AwsError):
    """The answer was lost, or AWS failed after it may have acted: only looking tells."""

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(operation, "AnswerLost", reason)
        self.summary = f"the answer to {operation} was lost"
