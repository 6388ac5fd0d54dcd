"""`pilotage sandbox break` and `heal` as a person types them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Pilotage
from wizard.aws import sandbox


@pytest.fixture
def running(apart: Path) -> Iterator[None]:
    """A sandbox without any service."""
    sandbox.start(apart, 60.0)
    yield
    sandbox.stop(apart)


@pytest.mark.parametrize("command", [("break",), ("break", "crash"), ("heal",)])
def test_without_a_sandbox_it_says_how_to_get_one(pilotage: Pilotage, command: tuple[str, ...]) -> None:
    ran = pilotage("sandbox", *command)
    assert ran.code == 2
    assert "no sandbox is running" in ran.err
    assert "pilotage replay" in ran.err


@pytest.mark.usefixtures("running")
def test_scenarios_are_listed_for_people_and_programs_and_need_a_service_to_be_played(pilotage: Pilotage) -> None:
    listed = pilotage("sandbox", "break")
    assert listed.code == 0
    assert "crash               a new version ends right after its start" in listed.out.splitlines()
    told = pilotage("sandbox", "break", "--json").lines
    assert {"expired-image", "throttling", "paused-hook"} <= {line["scenario"] for line in told}
    refused = pilotage("sandbox", "break", "crash")
    assert refused.code == 2
    assert "no ECS service runs in the sandbox" in refused.err
    unknown = pilotage("sandbox", "break", "earthquake")
    assert unknown.code == 2
    assert "there is no scenario earthquake" in unknown.err
    assert pilotage("sandbox", "heal").out == "nothing is broken\n"
