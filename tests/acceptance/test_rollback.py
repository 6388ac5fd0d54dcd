"""An incident from the command line: what ran, the way back, the hold, the refused replay, the release."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import SCALE
from tests.acceptance.practice import Finished, Practice
from tests.acceptance.test_trouble import client, push
from tests.ready import ReadyProcess
from wizard.aws import sandbox

STARTER = "carepolicy-hub.yaml"
NAME = "carepolicy-hub"
CLUSTER = "carepolicy-hub-cluster"


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory, ready: ReadyProcess) -> Iterator[Practice]:
    """Two versions were deployed by replays; the tests of this file go on from each other's end."""
    home: Path = tmp_path_factory.mktemp("incident")
    practice = Practice(home, SCALE, ready)
    sandbox.start(home, SCALE)
    assert practice.replay(STARTER).code == 0
    push(practice, "v2")
    second = practice.replay(STARTER, "--tag", "v2", PILOTAGE_REASON="ticket 42")
    assert second.code == 0, second.stderr
    yield practice
    sandbox.stop(home)


def on_call(practice: Practice, *arguments: str) -> Finished:
    return practice.run(*arguments, "--sandbox", "--json")


def target(practice: Practice) -> str:
    """APP/ENV of the one deployment there is."""
    states = on_call(practice, "status").lines
    return str(states[0]["deployment"])


def running(practice: Practice) -> str:
    service = client(practice, "ecs").describe_services(cluster=CLUSTER, services=[NAME])["services"][0]
    return str(service["taskDefinition"]).rpartition(":")[2]


def state(practice: Practice) -> dict[str, Any]:
    return on_call(practice, "status", target(practice)).lines[0]


def test_revisions_tell_who_when_why_commit_digest_outcome_and_whether_it_could_start(incident: Practice) -> None:
    listed = on_call(incident, "revisions", target(incident))
    assert listed.code == 0, listed.stderr
    two, one = listed.lines
    assert [(each["number"], each["outcome"], each["can_start"]) for each in (one, two)] == [
        (1, "worked", "yes"),
        (2, "worked", "yes"),
    ]
    assert (two["by"], two["why"], two["commit"]) == ("user/sandbox", "ticket 42", "v2")
    assert (two["serving"], one["default_target"]) == (True, True)
    assert one["digest"].startswith("sha256:") and one["digest"] != two["digest"]
    shown = incident.run("revisions", f"{target(incident)}/{NAME}", "--sandbox")
    assert "CAN START?" in shown.stdout and "ticket" not in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("--yes", "--to", "77"), 2), (("--yes", "--to", "2", "--cluster", "x"), 2)],
)
def test_what_is_not_said_rightly_changes_nothing(incident: Practice, arguments: tuple[str, ...], code: int) -> None:
    before = incident.last_call()
    refused = on_call(incident, "rollback", target(incident), *arguments)
    assert (refused.code, refused.last["exit_code"]) == (code, code)
    assert not [call for call in incident.calls_since(before) if call["mutating"]]


def test_of_two_operators_one_goes_back_and_the_other_is_told_who_and_when(incident: Practice) -> None:
    name = target(incident)
    with ThreadPoolExecutor(2) as pool:
        press = [pool.submit(on_call, incident, "rollback", name, "--yes", "--reason", "incident 7") for _ in range(2)]
        ended = sorted((each.result() for each in press), key=lambda each: each.code)
    acted, refused = ended
    assert (acted.code, acted.last["verdict"]) == (0, "ok"), acted.stderr
    assert refused.code == 8, refused.stderr
    assert refused.last["verdict"] in ("locked", "held")
    assert "user/sandbox" in refused.stderr and "since 20" in refused.stderr
    told = next(line for line in acted.lines if line["type"] == "outputs")
    assert told["message"].startswith("restored: revision 1 is serving")
    assert running(incident) == "1"
    plan = next(line for line in acted.lines if line["type"] == "planned_change")["detail"]
    assert (plan["from"], plan["to"], plan["way"]) == (2, 1, "update")


def test_afterwards_it_is_held_and_a_replay_is_refused_with_the_reason(incident: Practice) -> None:
    hold = state(incident)["hold"]
    assert (hold["who"], hold["why"]) == ("user/sandbox", "rolled back from 2 to 1: incident 7")
    refused = incident.replay(STARTER, "--tag", "v2")
    assert (refused.code, refused.last["verdict"]) == (8, "held")
    assert "user/sandbox" in refused.stderr and "incident 7" in refused.stderr and hold["since"] in refused.stderr
    assert running(incident) == "1"


def test_history_tells_of_the_rollback(incident: Practice) -> None:
    commands = [line["command"] for line in on_call(incident, "history", target(incident)).lines]
    assert commands[0] == f"rollback {NAME} to 1"


def test_once_released_a_replay_moves_it_again(incident: Practice) -> None:
    released = on_call(incident, "release", target(incident))
    assert (released.code, released.last["verdict"]) == (0, "ok")
    assert on_call(incident, "release", target(incident)).last["verdict"] == "no_changes"
    again = incident.replay(STARTER, "--tag", "v2")
    assert (again.code, running(incident)) == (0, "2"), again.stderr


def test_holding_app_and_env_holds_every_service(incident: Practice) -> None:
    held = on_call(incident, "hold", target(incident), "--reason", "freeze", "--until", "8h")
    assert (held.code, held.last["verdict"]) == (0, "ok")
    hold = state(incident)["hold"]
    assert (hold["why"], hold["until"] > hold["since"]) == ("freeze", True)
    push(incident, "v3")
    assert incident.replay(STARTER, "--tag", "v3").code == 8
    assert on_call(incident, "release", f"{target(incident)}/{NAME}").code == 0


def test_a_bad_version_goes_back_by_itself_and_its_failure_is_remembered(incident: Practice) -> None:
    push(incident, "v4-crash")
    failed = incident.replay(STARTER, "--tag", "v4-crash")
    assert (failed.code, running(incident)) == (6, "2")
    newest = on_call(incident, "revisions", target(incident)).lines[0]
    assert (newest["commit"], newest["outcome"]) == ("v4-crash", "failed")
    arn = newest["id"]
    tags = client(incident, "ecs").list_tags_for_resource(resourceArn=arn)["tags"]
    assert any(tag["key"] == "pilotage:outcome" and tag["value"].startswith("failed at=") for tag in tags)


def test_a_named_revision_that_cannot_start_changes_nothing(incident: Practice) -> None:
    ecr = client(incident, "ecr")
    digest = on_call(incident, "revisions", target(incident)).lines[-1]["digest"]
    ecr.batch_delete_image(repositoryName=NAME, imageIds=[{"imageDigest": digest}])
    before = incident.last_call()
    refused = on_call(incident, "rollback", target(incident), "--yes", "--to", "1")
    assert refused.code in (5, 7)
    assert "is gone from ECR" in refused.stderr
    assert not [call for call in incident.calls_since(before) if call["mutating"]]
    assert running(incident) == "2"


def test_logs_are_there_with_a_filter_and_as_json(incident: Practice) -> None:
    logged = on_call(incident, "logs", target(incident), "--since", "1h")
    assert logged.code == 0, logged.stderr
    assert any("Application startup complete." in line["message"] for line in logged.lines)
    assert on_call(incident, "logs", target(incident), "--since", "1h", "--filter", "no such words").lines == []


def test_a_service_of_a_stranger_is_shown_by_status_all(incident: Practice) -> None:
    shown = on_call(incident, "status", "--all")
    assert [line["title"] for line in shown.lines] == [f"{target(incident)}/{NAME}"]
    unknown = on_call(incident, "revisions", "--cluster", CLUSTER, "--service", "nobody")
    assert unknown.code == 2
