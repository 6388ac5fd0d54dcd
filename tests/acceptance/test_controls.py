"""The controls of the `hipaa` preset on Rung in production: verified, broken by hand, seen, repaired by a replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.acceptance.by_hand import BREAKS, Break, Hands
from tests.acceptance.practice import Finished, Practice
from wizard.advice.controls import HIPAA

NAME = "rung/prod"
ENVIRONMENT = ("--env", "prod")


every_break = pytest.mark.parametrize("broken", BREAKS, ids=str)


@dataclass(frozen=True)
class Story:
    """What the commands said: of the fresh deployment, after all breaks, and after one replay."""

    fresh: Finished
    fresh_calls: list[dict[str, Any]]
    shown: Finished
    in_words: Finished
    planned: Finished
    repaired: Finished
    after: Finished
    open_ports: set[int]
    """Where the tasks' group lets somebody in, in the end."""


@pytest.fixture(scope="module")
def story(running: Practice) -> Story:
    running.reset()
    made = running.replay("rung.yaml", "--no-input", *ENVIRONMENT)
    assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2000:]
    before = running.last_call()
    fresh = running.run("status", NAME, "--controls", "--sandbox", "--json")
    calls = running.calls_since(before)
    hands = Hands(running)
    for each in BREAKS:
        each.do(hands)
    shown = running.run("status", NAME, "--controls", "--sandbox", "--json")
    in_words = running.run("status", "blueprints/rung.yaml", *ENVIRONMENT, "--controls", "--sandbox")
    planned = running.run("plan", "blueprints/rung.yaml", *ENVIRONMENT, "--sandbox", "--json")
    hands.let_in_for_monitoring()
    repaired = running.replay("rung.yaml", "--no-input", *ENVIRONMENT)
    after = running.run("status", NAME, "--controls", "--sandbox", "--json")
    return Story(fresh, calls, shown, in_words, planned, repaired, after, hands.open_ports())


def findings(finished: Finished) -> list[dict[str, Any]]:
    return [line for line in finished.lines if line["type"] == "control"]


def broken_ones(finished: Finished) -> set[tuple[str, str]]:
    return {(one["control"], one["address"]) for one in findings(finished) if one["state"] != "ok"}


def test_every_control_of_the_preset_is_verified_on_a_fresh_deployment(story: Story) -> None:
    assert broken_ones(story.fresh) == set()
    assert {one["control"] for one in findings(story.fresh)} == {control.id for control in HIPAA}
    assert story.fresh.code == 0
    assert story.fresh.last["counts"] == {"ok": len(findings(story.fresh)), "broken": 0, "not checked": 0}


def test_without_the_preset_nothing_is_promised_and_the_way_to_it_is_said(running: Practice) -> None:
    running.reset()
    told = running.run("status", "blueprints/carepolicy-hub.yaml", "--controls", "--sandbox")
    assert told.code == 3
    assert "preset none" in told.stdout
    assert "`hardening: {preset: hipaa}` in the blueprint promises all" in told.stdout
    assert not [line for line in told.stdout.splitlines() if line.strip().startswith("ok ")]


def test_which_deployment_must_be_said(running: Practice) -> None:
    told = running.run("status", "--controls", "--sandbox")
    assert told.code == 2
    assert "next:  pilotage status APP/ENV --controls" in told.stderr


def test_each_finding_says_what_it_rests_on_and_how_to_look_by_hand(story: Story) -> None:
    for one in findings(story.fresh):
        assert one["evidence"], one
        assert one["check"].startswith("aws "), one
        assert "<" not in one["check"], one
        assert one["section"].startswith("164."), one


def test_looking_changes_nothing(story: Story) -> None:
    assert story.fresh_calls
    assert [call for call in story.fresh_calls if call["mutating"]] == []


@every_break
def test_what_is_broken_by_hand_shows_with_its_evidence_and_the_way_back(broken: Break, story: Story) -> None:
    found = [
        one for one in findings(story.shown) if (one["control"], one["address"]) == (broken.control, broken.address)
    ]
    assert [one["state"] for one in found] == ["broken"]
    assert found[0]["next"] == "pilotage replay blueprints/rung.yaml --env prod --sandbox"


def test_nothing_else_is_called_broken_and_the_exit_code_says_so(story: Story) -> None:
    assert broken_ones(story.shown) == {(broken.control, broken.address) for broken in BREAKS}
    assert (story.shown.code, story.shown.last["exit_code"]) == (3, 3)


@every_break
def test_what_is_broken_by_hand_is_drift_in_a_plan(broken: Break, story: Story) -> None:
    (change,) = [
        line for line in story.planned.lines if line["type"] == "planned_change" and line["address"] == broken.address
    ]
    if not broken.difference:
        assert change["action"] == "create"
    else:
        assert change["action"] == "update"
        assert broken.difference in change["detail"]["differences"]


def test_people_read_the_broken_ones_first(story: Story) -> None:
    lines = story.in_words.stdout.splitlines()
    states = [line.split("  ")[0] for line in lines if "  164." in line]
    assert story.in_words.code == 3
    assert states == sorted(states, key=["broken", "not checked", "ok"].index)
    assert "  broken       security_group.rung       open to everybody: in tcp 22 from 0.0.0.0/0" in lines


def test_one_replay_repairs_everything(story: Story) -> None:
    assert (story.repaired.code, story.repaired.last["verdict"]) == (0, "ok"), story.repaired.stdout[-2000:]
    assert (story.after.code, broken_ones(story.after)) == (0, set())


def test_the_replay_took_the_strangers_rule_and_left_another_deployments(story: Story) -> None:
    assert story.open_ports == {8000, 9090}
