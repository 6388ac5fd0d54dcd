"""What a rollout is doing now, as one sentence for people."""

from __future__ import annotations

from wizard.release.diagnosis import diagnose
from wizard.release.diagnosis.symptoms import symptoms_of
from wizard.release.rollout import Rollout, Shift, Verdict, short

STAGES = {
    "RECONCILE_SERVICE": "the service is looked over",
    "PRE_SCALE_UP": "about to start beside the old version",
    "SCALE_UP": "starts beside the old version, which serves",
    "POST_SCALE_UP": "runs beside the old version, which serves",
    "TEST_TRAFFIC_SHIFT": "gets test requests only",
    "POST_TEST_TRAFFIC_SHIFT": "gets test requests only",
    "PRE_PRODUCTION_TRAFFIC_SHIFT": "about to get requests",
    "POST_PRODUCTION_TRAFFIC_SHIFT": "gets all requests",
    "BAKE_TIME": "gets all requests, and the old version waits for a way back",
    "CLEAN_UP": "gets all requests, and the old version stops",
}
"""Stages of a service deployment (AWS: lifecycle stages)."""


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
        case Verdict.SCALED_TO_ZERO:
            return f"{version} is deployed, but the service is scaled to zero: nothing serves"
        case Verdict.IN_PROGRESS:
            return f"{version}: {_progress(rollout)}{_why(rollout)}"


def _older(rollout: Rollout) -> str:
    same = rollout.serving in ("", rollout.task_definition)
    return "the version before" if same else short(rollout.serving)


def _progress(rollout: Rollout) -> str:
    parts = [] if rollout.shift is None else [_stage(rollout.shift)]
    parts.append(f"{rollout.running} of {rollout.desired} tasks running")
    if rollout.pending:
        parts.append(f"{rollout.pending} starting")
    if rollout.failed:
        parts.append(f"{rollout.failed} failed")
    if rollout.targets:
        parts.append(f"{rollout.targets.get('healthy', 0)} of {sum(rollout.targets.values())} targets healthy")
    return ", ".join(parts)


def _stage(shift: Shift) -> str:
    """What the stage means for those who send requests, with AWS's word for it."""
    if shift.waits:
        return f"waits for somebody to let it go on ({shift.stage})"
    if shift.stage == "PRODUCTION_TRAFFIC_SHIFT":
        return f"gets {shift.percent:g} % of the requests ({shift.stage})"
    return f"{STAGES.get(shift.stage, 'is on its way')} ({shift.stage})"


def _why(rollout: Rollout) -> str:
    """The cause as soon as it is known; AWS's own reason otherwise."""
    if rollout.failure or rollout.troubles:
        found = diagnose(symptoms_of(rollout))
        lasting = "" if rollout.verdict.over or not found.final else " (trying again will not help)"
        return f": {found.sentence}{lasting}"
    return f": {rollout.reason}" if rollout.reason else ""
