"""From what became of a run's tasks to one verdict, one exit code and errors in the order of gravity."""

from __future__ import annotations

from wizard.aws.translate import denial, is_denied
from wizard.engine.runner import Outcome
from wizard.errors import AwsError, Defect, ExitCode, PilotageError

GRAVEST_FIRST = (
    ExitCode.DEFECT,
    ExitCode.CREDENTIALS,
    ExitCode.NEEDS_PERSON,
    ExitCode.PREFLIGHT,
    ExitCode.ROLLED_BACK,
    ExitCode.TIME_IS_UP,
    ExitCode.LOCKED,
    ExitCode.USAGE,
    ExitCode.WAITING,
)


def graded(outcome: Outcome) -> tuple[PilotageError, ...]:
    """Every error of a run once, the gravest first; a denial names its resource, a defect stays a defect."""
    found: list[PilotageError] = []
    for key, error in outcome.errors.items():
        if isinstance(error, AwsError) and is_denied(error):
            found.append(denial(error, key))
        elif isinstance(error, PilotageError):
            if isinstance(error, AwsError):
                error.summary = f"{key}: {error.summary}"
                error.safe = error.safe or "what was made is recorded; nothing is lost"
                error.next_step = error.next_step or "correct the cause, then run the same command again"
            found.append(error)
        else:
            defect = Defect(f"a defect in Pilotage at {key}", evidence=type(error).__name__)
            defect.__cause__ = error
            found.append(defect)
    return tuple(sorted(found, key=lambda error: GRAVEST_FIRST.index(error.exit_code)))


def verdict_of(outcome: Outcome, errors: tuple[PilotageError, ...]) -> tuple[str, ExitCode]:
    """The one word and number for a run."""
    if errors:
        return errors[0].verdict, errors[0].exit_code
    if outcome.unfinished:
        return "interrupted", ExitCode.INTERRUPTED
    return "ok", ExitCode.OK


def raise_defect(errors: tuple[PilotageError, ...]) -> None:
    """A mistake of ours is recorded like any failure, and then raised for the log."""
    for error in errors:
        if isinstance(error, Defect) and error.__cause__:
            raise error.__cause__
