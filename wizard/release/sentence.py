"""What a rollout is doing now, as one sentence for people."""

from __future__ import annotations

from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.symptoms import symptoms_of
from wizard.release.rollout import Rollout, Verdict, short


def sentence(rollout: Rollout) -> str:
    """One line: which version, how far it is, and the first thing that went wrong."""
    version = short(rollout.task_definition)
    match rollout.verdict:
        case Verdict.SUCCESSFUL:
            return f"{version} is serving"
        case Verdict.ROLLED_BACK:
            return f"{version} failed; {_older(rollout)} is serving again{_why(rollout)}"
        case Verdict.ROLLING_BACK:
            return f"{version} failed; AWS is going back to {_older(rollout)}{_why(rollout)}"
        case Verdict.FAILED:
            return f"{version} failed{_why(rollout)}"
        case Verdict.STOPPED:
            return f"the rollout of {version} was stopped{_why(rollout)}"
        case Verdict.SUPERSEDED:
            return f"{version} is not what runs: {rollout.reason}"
        case Verdict.IN_PROGRESS:
            return f"{version}: {_progress(rollout)}{_why(rollout)}"


def _older(rollout: Rollout) -> str:
    same = rollout.serving in ("", rollout.task_definition)
    return "the version before" if same else short(rollout.serving)


def _progress(rollout: Rollout) -> str:
    parts = [f"{rollout.running} of {rollout.desired} tasks running"]
    if rollout.pending:
        parts.append(f"{rollout.pending} starting")
    if rollout.failed:
        parts.append(f"{rollout.failed} failed")
    if rollout.targets:
        parts.append(f"{rollout.targets.get('healthy', 0)} of {sum(rollout.targets.values())} targets healthy")
    return ", ".join(parts)


def _why(rollout: Rollout) -> str:
    """The cause as soon as it is known; AWS's own reason otherwise."""
    if rollout.failure or rollout.troubles:
        found = diagnose(symptoms_of(rollout))
        lasting = "" if rollout.verdict.over or not found.final else " (trying again will not help)"
        return f": {found.sentence}{lasting}"
    return f": {rollout.reason}" if rollout.reason else ""
