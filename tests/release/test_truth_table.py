"""The truth table: histories of deployments, played in the sandbox, and what must be said of each.

At every look, in the middle of a history too, "successful" is held against AWS's own service deployment, and at the end
no deployment that was said to have failed may have succeeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.release.histories import HISTORIES
from tests.release.histories import runner as app_runner
from tests.release.histories.history import History
from tests.release.histories.runner import RunnerHistory, RunnerStage
from tests.release.histories.stage import Account, Stage
from tests.release.histories.watching import AwsTime
from tests.release.shop import Shop
from wizard.aws import sandbox
from wizard.aws.calls import AwsCalls
from wizard.aws.session import Session, Target
from wizard.engine.clock import Clock
from wizard.release.rollout import Verdict

PAUSE_SCALE = 2000.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a sandbox whose clock is moved by hand."""
    home = tmp_path_factory.mktemp("histories")
    sandbox.start(home, 1.0)
    yield home
    sandbox.stop(home)


@pytest.fixture(scope="module")
def account(home: Path) -> Account:
    """What a service stands on, made once for all histories; each brings a service of its own."""
    running = sandbox.find(home)
    assert running is not None
    calls = AwsCalls(Session(Target(sandbox_url=running.url)), Clock(PAUSE_SCALE))
    return Account(Shop(calls, url=running.url).build())


@pytest.fixture
def stage(account: Account, tmp_path: Path) -> Iterator[Stage]:
    """The account without a service, and all well in it."""
    made = Stage(account, tmp_path, AwsTime(PAUSE_SCALE))
    yield made
    made.clear()


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_what_is_said_of_a_history_is_true(stage: Stage, history: History) -> None:
    for act in history.play:
        act(stage)
    last = stage.look()
    assert (last and last.verdict) == history.verdict, last
    assert last is None or last.certainty is history.certainty
    assert stage.run is not None
    assert stage.run.exit_code == history.exit_code
    assert stage.answering() == history.serving
    assert (history.verdict is not Verdict.SUCCESSFUL and stage.waiter_says_stable()) is history.fools_waiter
    stage.insist_that_what_was_said_to_fail_failed()


@pytest.fixture
def runner_stage(account: Account, stage: Stage, tmp_path: Path) -> Iterator[RunnerStage]:
    """The account without a service on App Runner."""
    if not account.access:
        account.access = account.shop.role("access", "build.apprunner.amazonaws.com")
    made = RunnerStage(account.shop, tmp_path, stage.clock, lambda seconds: stage.let_pass(seconds), account.access)
    yield made
    made.close()
    made.pass_time(1200)
    if made.shown()["Status"] != "DELETED":
        made.call("delete_service", ServiceArn=made.arn)


@pytest.mark.parametrize("history", app_runner.HISTORIES, ids=lambda history: history.name)
def test_what_is_said_of_an_operation_of_app_runner_is_true(runner_stage: RunnerStage, history: RunnerHistory) -> None:
    for act in history.play:
        act(runner_stage)
    last = runner_stage.look()
    assert last.verdict is history.verdict, last
    assert runner_stage.run is not None
    assert runner_stage.run.exit_code == history.exit_code
    assert runner_stage.serving() == history.serving
    runner_stage.insist_that_what_was_said_to_fail_failed()
