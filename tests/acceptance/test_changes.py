"""Changes that people make to a running system are as safe as its creation: the table of them, row by row.

All rows are planned against systems that run. Some are carried out too, in a practice account of their own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.acceptance.change import Row, actions, original
from tests.acceptance.changes import NOTES, SHOP
from tests.acceptance.changes_of_data import ARCHIVE, ROWS
from tests.acceptance.practice import Practice
from tests.cli.terminal import Terminal
from tests.ready import ReadyProcess
from wizard.aws import sandbox
from wizard.aws.session import Session
from wizard.cli.planned import plan_lines
from wizard.deployment.opening import Deployment, open_file
from wizard.deployment.replaying import Result, replay
from wizard.deployment.request import Request
from wizard.deployment.runs import new_run_id
from wizard.engine.apply import refuse_unasked_loss
from wizard.engine.clock import Clock
from wizard.engine.events import EventStream
from wizard.engine.plan import Action, Plan
from wizard.errors import ExitCode, PreflightError

SCALE = 600.0
MONGO = "mongodb://reader:practice@mongo.example.net/notes"
GIVEN: Mapping[str, Mapping[str, str]] = {
    SHOP: {"API_TOKEN": "practice", "GIVEN_KEY": "given-by-a-person"},
    NOTES: {"MONGO_URI": MONGO},
}
"""Secrets that a person gives; `archive` has none until its row takes it to a database elsewhere."""


def ids(row: Row) -> str:
    return row.what


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A practice account of this table's own, with the home of whoever works in it."""
    found: Path = tmp_path_factory.mktemp("changes")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in Practice(found, SCALE).environment().items():
            patch.setenv(name, value)
        # AWS's models are read once a session: one for all rows makes the table three times as quick.
        patch.setattr("wizard.deployment.opening.Session", cache(Session))
        sandbox.start(found, SCALE)
        yield found
        sandbox.stop(found)


@pytest.fixture(scope="module")
def running(home: Path) -> Path:
    """Each system made once; plans change nothing, so all rows can share them."""
    for system in sorted({row.system for row in ROWS}):
        made = make(opened(home, system, original(system), GIVEN.get(system, {})))
        assert made.exit_code is ExitCode.OK, made.errors
    return home


def opened(home: Path, system: str, text: str, given: Mapping[str, str]) -> Deployment:
    file = home / f"{system}.yaml"
    file.write_text(text)
    return open_file(file, Request(environment="prod" if "\n  prod: " in text else None, sandbox=True, given=given))


def make(deployment: Deployment, *, may_delete_data: bool = False) -> Result:
    events = EventStream(new_run_id(), Clock())
    return replay(deployment, events, lambda plan: True, threading.Event(), may_delete_data=may_delete_data)


def changed(home: Path, row: Row, before: str) -> Deployment:
    given = {"MONGO_URI": MONGO} if row.system == ARCHIVE else GIVEN.get(row.system, {})
    return opened(home, row.system, row.text(before), given)


def losses(plan: Plan) -> list[str]:
    return sorted(change.address for change in plan.needed if "data would be lost" in change.risk)


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_a_change_does_what_its_row_says_and_nothing_else(row: Row, running: Path) -> None:
    deployment = changed(running, row, original(row.system))
    if row.refused:
        with pytest.raises(PreflightError) as refusal:
            deployment.plan()
        assert row.refused in refusal.value.evidence
        assert "nothing was created" in refusal.value.safe
        return
    plan = deployment.plan()
    assert actions(plan, row) == row.planned()
    assert losses(plan) == sorted(row.loses.split())
    assert_no_data_goes_unasked(plan, deployment, row)
    assert_replaced_compute_stands_first(plan)


def assert_no_data_goes_unasked(plan: Plan, deployment: Deployment, row: Row) -> None:
    """Whatever would lose data is refused without its own consent, and told with its address and in red."""
    if not row.loses:
        refuse_unasked_loss(plan, deployment.kinds)
        return
    with pytest.raises(PreflightError) as refusal:
        refuse_unasked_loss(plan, deployment.kinds)
    assert all(address in refusal.value.evidence for address in row.loses.split())
    assert "--yes-delete-data" in refusal.value.next_step
    red = [line.text for line in plan_lines(plan, 1) if line.style == "bad"]
    for address in row.loses.split():
        assert any(address in line and "its data would be lost" in line for line in red), red


def assert_replaced_compute_stands_first(plan: Plan) -> None:
    """No row deletes a running service before another one stands: services are never replaced in place."""
    in_place = {change.address for change in plan.needed if change.action is Action.REPLACE}
    assert not {address for address in in_place if address.split(".")[0].endswith("service")}


def test_a_change_that_loses_data_is_refused_with_exit_code_5_and_nothing_is_touched(
    running: Path, ready: ReadyProcess
) -> None:
    row = next(each for each in ROWS if each.what == "no database any more")
    practice = Practice(running, SCALE, ready)
    file = running / "without.yaml"
    file.write_text(row.text(original(SHOP)))
    before = practice.last_call()
    refused = practice.run("replay", str(file), "--sandbox", "--yes", "--json", PILOTAGE_SECRET_API_TOKEN="practice")
    assert refused.code == ExitCode.PREFLIGHT, refused.stderr
    assert "db_instance.main" in refused.stderr and "--yes-delete-data" in refused.stderr
    assert not [call for call in practice.calls_since(before) if call["mutating"]]


def test_in_a_terminal_each_loss_is_asked_for_by_its_name(running: Path) -> None:
    row = next(each for each in ROWS if each.what == "a bucket less")
    file = running / "without.yaml"
    file.write_text(row.text(original(SHOP)))
    before = Practice(running, SCALE).last_call()
    arguments = ("replay", str(file), "--sandbox", "--yes-delete-data", "--plain")
    terminal = Terminal(*arguments, home=running, folder=running, PILOTAGE_SECRET_API_TOKEN="practice", NO_COLOR="")
    terminal.answer("Type yes:", "yes")
    assert re.search(r"\x1b\[31m.*bucket\.files.*its data would be lost.*\x1b\[0m", terminal.raw)
    assert "shop-main-files" in terminal.answer("Type bucket.files to delete its data:", "delete data")
    assert terminal.ended() == ExitCode.INTERRUPTED
    assert "not confirmed" in terminal.shown
    assert not [call for call in Practice(running, SCALE).calls_since(before) if call["mutating"]]


CARRIED_OUT = sorted((row for row in ROWS if row.carried_out), key=lambda row: "renamed" in row.what)


@pytest.mark.parametrize("row", CARRIED_OUT, ids=ids)
def test_a_change_is_carried_out_and_found_unchanged_afterwards(
    row: Row, standing: dict[str, str], home: Path, ready: ReadyProcess
) -> None:
    """One after the other: each begins with what the one before has left."""
    practice = Practice(home, SCALE, ready)
    deployment = changed(home, row, standing[row.system])
    start = practice.last_call()
    made = make(deployment, may_delete_data=bool(row.loses))
    assert (made.verdict, made.exit_code) == ("ok", ExitCode.OK), made.errors
    standing[row.system] = row.text(standing[row.system])
    before = practice.last_call()
    assert_requests_follow_the_tasks([call["operation"] for call in practice.calls_since(start) if call["mutating"]])
    again = make(opened(home, row.system, standing[row.system], GIVEN.get(row.system, {})))
    assert again.verdict == "no_changes", again
    assert not [call for call in practice.calls_since(before) if call["mutating"]]


def assert_requests_follow_the_tasks(changes: list[str]) -> None:
    """Where tasks get another target group, the listener knows both until the new are well; the old goes last."""
    if "CreateTargetGroup" not in changes:
        return
    moved = [place for place, operation in enumerate(changes) if operation == "ModifyListener"]
    begun = [place for place, operation in enumerate(changes) if operation in ("CreateService", "UpdateService")]
    gone = [place for place, operation in enumerate(changes) if operation in ("DeleteService", "DeleteTargetGroup")]
    assert moved[0] < begun[0] < moved[-1] < gone[0], changes


@pytest.fixture(scope="module")
def standing(running: Path) -> dict[str, str]:
    """The file as the carried-out rows have left it, by system."""
    return {row.system: original(row.system) for row in ROWS}
