"""The main job from another laptop; replay, replay again and take down are in tests/systems, for each starter."""

from __future__ import annotations

from tests.acceptance.practice import Finished, Practice


def test_a_new_laptop_sees_no_change_and_the_same_outputs(practice: Practice) -> None:
    practice = Practice(practice.home, practice.scale)
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
