"""What is written on a revision about who made it, from which commit and why."""

from __future__ import annotations

from wizard.deployment.provenance import provenance

CALLER = "arn:aws:sts::111122223333:assumed-role/deploy/run"
GITHUB = {
    "GITHUB_ACTOR": "ana",
    "GITHUB_SHA": "4f2a9c1e",
    "GITHUB_REPOSITORY": "shop/api",
    "GITHUB_RUN_ID": "77",
}


def test_a_person_is_named_as_aws_names_them() -> None:
    assert provenance("arn:aws:iam::111122223333:user/ana", None, {}) == {"pilotage:by": "user/ana"}


def test_in_a_workflow_the_person_the_commit_and_the_run_are_named() -> None:
    assert provenance(CALLER, None, GITHUB) == {
        "pilotage:by": "ana _assumed-role/deploy/run_",
        "pilotage:commit": "4f2a9c1e",
        "pilotage:why": "shop/api/actions/runs/77",
    }


def test_the_tag_that_ci_passes_and_a_reason_that_somebody_gives_come_first() -> None:
    found = provenance(CALLER, "v12", GITHUB | {"PILOTAGE_REASON": "ticket 42"})
    assert (found["pilotage:commit"], found["pilotage:why"]) == ("v12", "ticket 42")
