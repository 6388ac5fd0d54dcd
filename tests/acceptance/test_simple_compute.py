"""What goes wrong on App Runner and on ECS Express Mode, as another program sees it.

What is right about them is in tests/systems.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.practice import Practice
from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session, Target
from wizard.engine.clock import Clock

WAYS = ("apprunner", "express")


def replay(practice: Practice, way: str, *more: str) -> Any:
    return practice.replay(f"carepolicy-hub-{way}.yaml", *more)


def aws(practice: Practice) -> AwsCalls:
    running = sandbox.find(practice.home)
    assert running is not None
    return AwsCalls(Session(Target(sandbox_url=running.url)), Clock(practice.scale), lambda _: None)


@pytest.mark.parametrize("way", WAYS)
def test_a_version_that_crashes_is_rolled_back_and_told(way: str, practice: Practice) -> None:
    assert replay(practice, way).code == 0
    manifest = '{"schemaVersion": 2, "layers": [], "annotations": {"tag": "v2-crash"}}'
    media = "application/vnd.oci.image.manifest.v1+json"
    aws(practice).write(
        "ecr",
        "put_image",
        repositoryName="carepolicy-hub",
        imageTag="v2-crash",
        imageManifest=manifest,
        imageManifestMediaType=media,
    )
    failed = replay(practice, way, "--tag", "v2-crash")
    assert (failed.code, failed.last["verdict"]) == (6, "rolled_back"), failed.stdout[-2500:]
    repaired = replay(practice, way)
    assert (repaired.code, repaired.last["verdict"]) == (0, "no_changes"), repaired.stdout[-2500:]


def test_where_app_runner_is_closed_the_way_out_is_told_and_leads_to_express(practice: Practice) -> None:
    practice.control("POST", "app-runner", {"open": False})
    refused = replay(practice, "apprunner")
    assert refused.code == 7, refused.stdout[-2500:]
    assert "App Runner is closed to this account" in refused.stdout
    assert "ecs-express" in refused.stdout
    assert not [item for item in practice.inventory() if item["service"] == "apprunner"]
    taken = replay(practice, "express")
    assert (taken.code, taken.last["verdict"]) == (0, "ok"), taken.stdout[-2500:]
