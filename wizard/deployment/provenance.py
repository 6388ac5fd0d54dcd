"""Who makes a new revision, from which commit, and why: what is written on it for whoever must go back at 3 a.m."""

from __future__ import annotations

import os
from collections.abc import Mapping

from wizard.engine.kind import BY_TAG, COMMIT_TAG, WHY_TAG
from wizard.release.hold import tag_text


def provenance(caller: str, tag: str | None, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Tags of a revision that this caller registers now; in GitHub Actions with the person, the commit and the run.

    `caller` is an ARN. `PILOTAGE_REASON` says why; without it the run of the workflow does.
    """
    who = caller.split(":")[-1]
    actor = environment.get("GITHUB_ACTOR", "")
    run = ""
    if environment.get("GITHUB_RUN_ID"):
        run = f"{environment.get('GITHUB_REPOSITORY', '')}/actions/runs/{environment['GITHUB_RUN_ID']}"
    found = {
        BY_TAG: f"{actor} ({who})" if actor else who,
        COMMIT_TAG: tag or environment.get("GITHUB_SHA", ""),
        WHY_TAG: environment.get("PILOTAGE_REASON") or run,
    }
    return {key: tag_text(value) for key, value in found.items() if value}
