"""What the wizard makes and what its saved blueprint makes without a person are the same, call by call."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from dotenv import dotenv_values

from screens import works
from screens.bridge import BackgroundRun
from tests.acceptance.practice import ROOT, SECRETS, Practice, shape
from wizard.deployment.request import Request
from wizard.walk.review import review
from wizard.walk.walk import Walk

STARTERS = sorted(path.stem for path in (ROOT / "blueprints").glob("*.yaml"))
LIMIT_S = 100.0


def walked(starter: str) -> Walk:
    """The walk of somebody who takes a starter, pastes the practice secrets, and else what is offered."""
    walk = Walk.begin(region="us-east-1", where=starter)
    while isinstance(walk, Walk) and not walk.at_review:
        if walk.at == "secrets":
            pasted = walk.paste(SECRETS.read_text(encoding="utf-8"))
            assert not hasattr(pasted, "what"), pasted
            walk = walk.answer_secrets(pasted)
        else:
            walk = walk.answer(walk.current())
    assert isinstance(walk, Walk), walk
    return walk


def watched(run: BackgroundRun) -> BackgroundRun:
    """A person who says yes to the plan, and waits."""
    deadline = time.monotonic() + LIMIT_S
    while not run.over and time.monotonic() < deadline:
        if run.plan is not None:
            run.answer(yes=True)
        time.sleep(0.02)
    run.fetch()
    assert run.over, "the run did not end"
    assert run.error is None, run.error
    return run


def changes(practice: Practice) -> Counter[tuple[str, str]]:
    """Every call that changed something and was answered, but for the lock's heartbeats."""
    return Counter(
        (call["service"], call["operation"])
        for call in practice.calls_since(0)
        if (call["mutating"] and call["status"] < 400 and call["service"] != "s3")
        or call["operation"] == "CreateBucket"
    )


@pytest.mark.parametrize("starter", STARTERS)
def test_a_walk_and_its_saved_blueprint_make_the_same_calls(
    starter: str, practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTAGE_HOME", str(practice.home))
    monkeypatch.setenv("PILOTAGE_TIME_SCALE", str(practice.scale))
    walk = walked(starter)
    found = review(walk)
    assert not found.problem
    assert not found.missing
    path = tmp_path / "saved.yaml"
    path.write_text(found.text, encoding="utf-8")
    request = Request(sandbox=True, environment=found.environment, given=dict(walk.values_for_run()))
    run = watched(works.replay_of(works.file_opener(path), request).start())
    assert run.picture.verdict == "ok"
    by_wizard, world = changes(practice), shape(practice.inventory())

    practice.reset()
    values = {name: value for name, value in dotenv_values(SECRETS).items() if name in walk.values_for_run()}
    secrets = tmp_path / "secrets.env"
    secrets.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    arguments = ("replay", str(path), "--env", found.environment, "--sandbox", "--yes", "--no-input", "--json")
    done = practice.run(*arguments, "--secrets-file", str(secrets))
    assert done.code == 0, done.stderr
    assert changes(practice) == by_wizard
    assert shape(practice.inventory()) == world
