"""A migration runs to its end once for each release, before any request reaches the new version, or stops it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.practice import ROOT, SECRETS, Finished, Practice, is_left
from tests.acceptance.test_trouble import client, told
from tests.ready import ReadyProcess
from wizard.aws import sandbox

STARTER = "carepolicy-hub.yaml"
NAME = "carepolicy-hub"
CONTAINER = f"services.{NAME}.containers.{NAME}"
KILLED = 99
SCALE = 120.0
"""ECS forgets a stopped task after an hour: at this pace a machine without breath does not lose it on the way."""
DYING = """
import os, sys
from wizard.aws.calls import AwsCalls
from wizard.cli import main
phase, operation = sys.argv.pop(1), sys.argv.pop(1)
attempt = AwsCalls._attempt
def dying(self, service, name, params, mutating):
    fatal = name == operation and "pilotage:migrated" in repr(params) + "pilotage:migrated" * (name == "run_task")
    if fatal and phase == "before":
        os._exit(99)
    answer = attempt(self, service, name, params, mutating)
    if fatal:
        os._exit(99)
    return answer
AwsCalls._attempt = dying
sys.exit(main())
"""
"""`pilotage` that dies like kill -9 before or after RunTask, or before or after the success is put down."""


def migrating(*words: str, release: str = "1") -> list[str]:
    """The options of a replay: the migration's command, and a variable that makes another revision of each release."""
    sets = [
        f"services.{NAME}.migrate={{container: {NAME}, command: [{', '.join(words)}]}}",
        f'{CONTAINER}.environment.RELEASE="{release}"',
    ]
    return [part for each in sets for part in ("--set", each)]


GOOD = ("flask", "db", "upgrade")
BAD = ("flask", "db", "fail")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, ready: ReadyProcess) -> Iterator[Practice]:
    """A world of its own with the first release in it."""
    home: Path = tmp_path_factory.mktemp("migrations")
    sandbox.start(home, SCALE)
    practice = Practice(home, SCALE, ready)
    first = practice.replay(STARTER, *migrating(*GOOD))
    assert (first.code, first.last["verdict"]) == (0, "ok"), first.stderr
    yield practice
    sandbox.stop(home)


def started(practice: Practice, since: int = 0) -> list[str]:
    """What was asked of ECS that starts tasks or moves the service, in order."""
    shown = ("RunTask", "CreateService", "UpdateService")
    return [call["operation"] for call in practice.calls_since(since) if call["operation"] in shown]


def migrations(practice: Practice) -> list[dict[str, Any]]:
    """Every migration task that ECS still shows."""
    ecs = client(practice, "ecs")
    cluster = f"{NAME}-cluster"
    arns = [
        arn
        for state in ("RUNNING", "STOPPED")
        for arn in ecs.list_tasks(cluster=cluster, desiredStatus=state)["taskArns"]
    ]
    tasks = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
    return [task for task in tasks if task.get("startedBy", "").startswith("migrate-")]


def serving(practice: Practice) -> tuple[int, str]:
    """How many tasks run, and of which revision."""
    service = client(practice, "ecs").describe_services(cluster=f"{NAME}-cluster", services=[NAME])["services"][0]
    return service["runningCount"], service["taskDefinition"].rpartition("/")[2]


def assert_stable(practice: Practice, *options: str) -> None:
    """The same replay changes nothing and asks AWS to change nothing."""
    before = practice.last_call()
    again = practice.replay(STARTER, *options)
    assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-1500:]
    assert [call["operation"] for call in practice.calls_since(before) if call["mutating"]] == []


def test_the_first_release_migrates_before_the_service_is_made(released: Practice) -> None:
    assert started(released)[:2] == ["RunTask", "CreateService"]
    task = next(one for one in migrations(released) if one["taskDefinitionArn"].endswith(":1"))
    assert task["containers"][0]["exitCode"] == 0
    assert task["overrides"]["containerOverrides"][0]["command"] == list(GOOD)
    assert task["group"] != f"service:{NAME}"
    assert_stable(released, *migrating(*GOOD))


def test_a_success_is_remembered_after_ecs_has_forgotten_the_task(released: Practice) -> None:
    released.control("POST", "clock", {"skip": 4000})
    assert_stable(released, *migrating(*GOOD))


def test_a_failed_migration_leaves_the_old_version_serving_and_tells_why(released: Practice) -> None:
    before, since = serving(released), released.last_call()
    options = migrating(*BAD, release="2")
    failed = released.replay(STARTER, *options)
    assert (failed.code, failed.last["verdict"]) == (6, "rolled_back"), failed.stderr
    assert started(released, since) == ["RunTask"]
    assert serving(released) == before
    (diagnosis,) = told(failed, "diagnosis")
    assert "exit code 1" in diagnosis["detail"]["evidence"]
    assert 'log: ERROR relation "orders" does not exist' in diagnosis["detail"]["evidence"]
    assert diagnosis["detail"]["safe"] == "the version before it is serving"
    assert {line["address"]: line["detail"]["cause"] for line in told(failed, "apply_skipped")} == {
        f"service.{NAME}": f"migration.{NAME}"
    }
    again = released.replay(STARTER, *options)
    assert again.code == 6, "a person who runs it again wants it tried again"
    assert started(released, since) == ["RunTask", "RunTask"]
    corrected = migrating(*GOOD, release="2")
    assert released.replay(STARTER, *corrected).code == 0
    assert started(released, since) == ["RunTask", "RunTask", "RunTask", "UpdateService"]
    assert_stable(released, *corrected)


@pytest.mark.parametrize(("phase", "operation"), [("after", "run_task"), ("before", "tag_resource")])
def test_killed_on_the_way_it_is_not_run_twice(released: Practice, phase: str, operation: str) -> None:
    options, since = migrating(*GOOD, release=f"{phase} {operation}"), released.last_call()
    assert dying(released, phase, operation, *options) == KILLED
    carried_on = released.replay(STARTER, *options)
    assert carried_on.code == 0, carried_on.stderr
    revision = serving(released)[1]
    ran = [task for task in migrations(released) if task["taskDefinitionArn"].endswith(f"/{revision}")]
    assert len(ran) == 1
    assert started(released, since)[-1] == "UpdateService"
    assert_stable(released, *options)


def test_a_first_deployment_with_a_failing_migration_needs_a_person_and_starts_nothing(practice: Practice) -> None:
    failed = practice.replay(STARTER, *migrating(*BAD))
    assert (failed.code, failed.last["verdict"]) == (7, "failed"), failed.stderr
    assert started(practice) == ["RunTask"]
    corrected = practice.replay(STARTER, *migrating(*GOOD))
    assert corrected.code == 0, corrected.stderr
    gone = practice.run("destroy", f"blueprints/{STARTER}", "--sandbox", "--yes", "--yes-delete-data", "--json")
    assert gone.code == 0, gone.stderr
    ours = [item for item in practice.inventory() if "pilotage:deployment" in item.get("tags", {})]
    assert [item["id"] for item in ours if is_left(item) and item["service"] != "secretsmanager"] == []


def dying(practice: Practice, phase: str, operation: str, *options: str) -> int:
    command = ["replay", f"blueprints/{STARTER}", "--sandbox", "--yes", "--json", "--secrets-file", str(SECRETS)]
    done = subprocess.run(
        [sys.executable, "-c", DYING, phase, operation, *command, *options],
        cwd=ROOT,
        env=practice.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr).code
