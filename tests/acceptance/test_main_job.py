"""The main job as another program sees it: replay, replay again, look, take down."""

from __future__ import annotations

import pytest

from tests.acceptance.practice import Finished, Practice, is_left

STARTERS = {"carepolicy-hub.yaml": ("carepolicy-hub/main", []), "fasttriage.yaml": ("fasttriage/dev", ["--env", "dev"])}
FEWEST_CALLS = 40


@pytest.mark.parametrize("file", STARTERS)
def test_a_starter_is_made_stays_as_it_is_and_leaves_nothing(file: str, practice: Practice) -> None:
    name, options = STARTERS[file]

    made = practice.replay(file, *options)
    assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2000:]
    assert made.last["type"] == "run_complete"
    assert _outputs(made)["url"].startswith("https://")

    before = practice.last_call()
    again = practice.replay(file, *options)
    assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-2000:]
    calls = practice.calls_since(before)
    assert [call for call in calls if call["mutating"]] == []
    assert len(calls) <= FEWEST_CALLS, [f"{c['service']}:{c['operation']}" for c in calls]

    gone = practice.run("destroy", name, "--sandbox", "--yes", "--yes-delete-data", "--json")
    assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr + gone.stdout[-2000:]
    left = [item for item in practice.inventory() if is_left(item)]
    assert [item for item in left if not item.get("deletion_date")] == []
    assert {item["type"] for item in left} == {"secret"}
    kept = gone.last["detail"]["kept"]
    assert {address.split(".")[0] for address in kept} == {
        "task_definition",
        "secret",
        "s3://pilotage-000000000000-us-east-1-an",
    }
    assert all(kept.values())


def test_a_new_laptop_sees_no_change_and_the_same_outputs(practice: Practice) -> None:
    made = practice.replay("carepolicy-hub.yaml")
    elsewhere = practice.home / "another-laptop"
    elsewhere.mkdir(exist_ok=True)
    (elsewhere / "sandbox.json").write_text((practice.home / "sandbox.json").read_text())
    before = practice.last_call()
    without_secrets = practice.run(
        "replay", "blueprints/carepolicy-hub.yaml", "--sandbox", "--yes", "--json", home=elsewhere
    )
    assert (without_secrets.code, without_secrets.last["verdict"]) == (0, "no_changes"), without_secrets.stdout[-1500:]
    assert not [call for call in practice.calls_since(before) if call["mutating"]]
    assert _outputs(without_secrets) == _outputs(made)
    history = practice.run("history", "carepolicy-hub/main", "--sandbox", "--json", home=elsewhere)
    assert [line["verdict"] for line in history.lines] == ["ok"]


def _outputs(finished: Finished) -> dict[str, str]:
    return next(line["detail"] for line in finished.lines if line["type"] == "outputs")
