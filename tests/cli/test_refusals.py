"""Whatever is typed: four parts on stderr, the right number, never a traceback, and JSON to the last line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, STARTER, Pilotage

PARTS = ("error: ", "why:", "safe: ", "next: ")


def test_an_unknown_command_names_the_nearest(pilotage: Pilotage) -> None:
    ran = pilotage("repaly")
    assert ran.code == 2
    assert "did you mean: pilotage replay" in ran.err
    assert ran.out == ""


def test_an_unknown_option_names_the_nearest(pilotage: Pilotage) -> None:
    ran = pilotage("plan", STARTER, "--sandbx")
    assert ran.code == 2
    assert "did you mean: pilotage plan --sandbox" in ran.err


def test_a_common_option_before_the_command_is_told_where_it_goes(pilotage: Pilotage) -> None:
    ran = pilotage("--sandbox", "status")
    assert ran.code == 2
    assert "after the command" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("replay", STARTER, "--env"),
        ("replay", STARTER, "--wait-image", "-3", "--yes"),
        ("plan", STARTER, "--env", "nowhere", "--sandbox"),
        ("plan", "no-such-file.yaml", "--sandbox"),
        ("plan", "/", "--sandbox"),
        ("validate", "no-such-file.yaml"),
        ("destroy", "fasttriage", "--yes"),
        ("destroy", "fasttriage/dev", "--env", "prod", "--yes"),
        ("resume", "no-such-run", "--yes"),
        ("replay", STARTER, "--plan", "no-such-plan.json", "--yes", "--env", "dev"),
        ("replay", STARTER, "--secrets-file", "no-such-file", "--yes", "--env", "dev"),
        ("replay", STARTER, "--set", "nonsense", "--yes", "--env", "dev"),
        ("replay", STARTER, "--env", "dev"),
        ("destroy", STARTER, "--env", "dev"),
        ("history", "a/b/c"),
    ],
)
def test_a_wrong_command_line_is_exit_2_in_four_parts(pilotage: Pilotage, arguments: tuple[str, ...]) -> None:
    ran = pilotage(*arguments)
    assert ran.code == 2, ran.err
    assert all(part in ran.err for part in PARTS)
    assert "Traceback" not in ran.err
    assert ran.out == "" or arguments[0] == "validate"


@pytest.mark.parametrize("command", ["plan", "replay", "destroy", "resume"])
def test_the_last_line_of_every_run_is_run_complete_also_before_it_begins(pilotage: Pilotage, command: str) -> None:
    target = "no-such-run" if command == "resume" else "no-such-file.yaml"
    ran = pilotage(command, target, "--json", "--yes", "--no-such-option")
    assert [line["type"] for line in ran.lines] == ["diagnostic", "run_complete"]
    assert ran.lines[-1]["verdict"] == "invalid"
    assert ran.lines[-1]["exit_code"] == ran.code == 2


def test_a_run_that_fails_on_its_file_says_so_in_json_too(pilotage: Pilotage) -> None:
    ran = pilotage("replay", "no-such-file.yaml", "--json", "--yes")
    assert [line["type"] for line in ran.lines] == ["diagnostic", "run_complete"]
    assert set(ran.lines[0]["detail"]) == {"what", "why", "safe", "next"}
    assert [line["seq"] for line in ran.lines] == [1, 2]
    assert len({line["run"] for line in ran.lines}) == 1
    assert ran.lines[-1]["exit_code"] == ran.code == 2


def test_missing_credentials_are_exit_4(pilotage: Pilotage) -> None:
    ran = pilotage("plan", STARTER, "--env", "dev", "--json")
    assert ran.code == 4
    assert ran.lines[-1]["type"] == "run_complete"
    assert ran.lines[-1]["exit_code"] == 4
    assert "aws login" in ran.err


def test_without_a_terminal_a_replay_names_the_flag_and_the_variable(pilotage: Pilotage) -> None:
    ran = pilotage("replay", STARTER, "--env", "dev")
    assert "--yes" in ran.err
    assert "PILOTAGE_YES" in ran.err


def test_several_environments_and_none_chosen_is_exit_2(pilotage: Pilotage) -> None:
    ran = pilotage("plan", STARTER)
    assert ran.code == 2
    assert "--env dev" in ran.err
    assert "PILOTAGE_ENV" in ran.err


def test_options_have_environment_variables_also_the_booleans(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTAGE_JSON", "1")
    monkeypatch.setenv("PILOTAGE_YES", "true")
    monkeypatch.setenv("PILOTAGE_ENV", "nowhere")
    ran = pilotage("replay", STARTER)
    assert ran.code == 2
    assert "`nowhere`" in ran.lines[0]["detail"]["why"]


@pytest.mark.parametrize("value", ["fast", "0", "-1", "nan", "inf"])
def test_a_senseless_time_scale_is_refused(pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PILOTAGE_TIME_SCALE", value)
    ran = pilotage("sandbox", "status")
    assert ran.code == 2
    assert "PILOTAGE_TIME_SCALE" in ran.err


@pytest.mark.parametrize("junk", [b"\xff\xfe\x00\x01", b"a: [1, 2\n", b"{}", b"- 1\n", b"", b"blueprint: 1\n" * 5])
def test_a_file_of_junk_gets_problems_not_a_traceback(pilotage: Pilotage, tmp_path: Path, junk: bytes) -> None:
    file = tmp_path / "junk.yaml"
    file.write_bytes(junk)
    for command in ("validate", "plan"):
        ran = pilotage(command, str(file))
        assert ran.code == 2
        assert "Traceback" not in ran.err + ran.out
        assert all(part in ran.err for part in PARTS)


def test_a_defect_leaves_its_traceback_in_a_file_and_four_parts_on_stderr(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, apart: Path
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("wizard.deployment.opening.open_file", broken)
    ran = pilotage("plan", STARTER, "--env", "dev", "--json")
    assert ran.code == 1
    assert "a defect in Pilotage" in ran.err
    assert "Traceback" not in ran.err
    (log,) = (apart / "logs").iterdir()
    assert str(log) in ran.err
    assert "KeyError: 'inside'" in log.read_text()
    assert ran.lines[-1]["exit_code"] == 1


def test_a_defect_goes_into_the_log_file_when_one_is_named(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("wizard.deployment.opening.open_file", broken)
    log = tmp_path / "my.log"
    ran = pilotage("plan", STARTER, "--env", "dev", "--log-file", str(log))
    assert str(log) in ran.err
    assert "KeyError: 'inside'" in log.read_text()


def test_a_home_that_cannot_be_written_is_no_defect(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "a-file"
    file.write_text("")
    monkeypatch.setenv("PILOTAGE_HOME", str(file / "home"))
    ran = pilotage("sandbox", "start")
    assert ran.code == 7
    assert "PILOTAGE_HOME" in ran.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard.cli", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0
