"""validate, schema, doctor, sandbox: the commands that need no run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import STARTER, Pilotage
from wizard.cli import account_checks, machine_checks
from wizard.cli.options import Options


def test_a_valid_file_is_exit_0_and_silent_on_stdout(pilotage: Pilotage) -> None:
    ran = pilotage("validate", STARTER)
    assert (ran.code, ran.out) == (0, "")
    assert "is valid" in ran.err


def test_every_problem_has_its_place_and_its_hint_on_stdout(pilotage: Pilotage, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(Path(STARTER).read_text().replace("region: us-east-1", "regoin: us-east-1"))
    ran = pilotage("validate", STARTER, str(file))
    assert ran.code == 2
    assert f"{file}:" in ran.out
    assert "did you mean `region`?" in ran.out
    assert "in 2 files" in ran.err
    as_json = pilotage("validate", str(file), "--json")
    problems = [line for line in as_json.lines if line["type"] == "problem"]
    assert all({"file", "line", "column", "message", "hint", "level"} <= line.keys() for line in problems)
    assert len(problems) == ran.out.count(f"{file}:")


def test_an_override_is_validated_too(pilotage: Pilotage) -> None:
    assert pilotage("validate", STARTER, "--env", "dev", "--set", "services.backend.count=2").code == 0
    refused = pilotage("validate", STARTER, "--env", "dev", "--set", "services.backend.cuont=2")
    assert refused.code == 2
    assert "did you mean `count`?" in refused.out


def test_the_schema_is_one_json_document(pilotage: Pilotage) -> None:
    assert json.loads(pilotage("schema").out) == pilotage("schema", "--json").lines[0]


def test_doctor_says_what_to_type_where_something_is_missing(pilotage: Pilotage) -> None:
    ran = pilotage("doctor")
    assert ran.code == 0
    assert "no  credentials" in ran.out
    assert "type: aws login" in ran.out
    assert "ok  Python" in ran.out


def test_doctor_in_json_is_a_line_a_check(pilotage: Pilotage) -> None:
    ran = pilotage("doctor", "--sandbox", "--json")
    assert {line["name"] for line in ran.lines} >= {"terminal", "Python", "packages", "PILOTAGE_HOME", "sandbox"}
    assert all(line["ok"] for line in ran.lines if line["needed"])


def test_doctor_is_exit_5_when_not_even_the_sandbox_can_be_used(
    pilotage: Pilotage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PILOTAGE_HOME", str(tmp_path / "file" / "home"))
    ran = pilotage("doctor", "--sandbox")
    assert ran.code == 5
    assert "export PILOTAGE_HOME=FOLDER" in ran.out


@pytest.mark.parametrize(
    ("script", "ok", "words"),
    [("exit 0", True, "answers"), ("echo no daemon here >&2; exit 1", False, "no daemon here")],
)
def test_doctor_asks_the_container_builder_whether_its_daemon_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, ok: bool, words: str
) -> None:
    builder = tmp_path / "podman"
    builder.write_text(f"#!/bin/sh\n{script}\n")
    builder.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = machine_checks.builder(Options())
    assert finding.ok is ok
    assert words in finding.detail


def test_doctor_tells_the_remaining_life_of_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    class Aws:
        def read(self, service: str, operation: str) -> dict[str, object]:
            headers = {"date": "Thu, 26 Nov 2020 00:00:00 GMT"}
            return {"Arn": "arn:x", "Account": "1", "ResponseMetadata": {"HTTPHeaders": headers}}

    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2020-11-26T00:00:00Z")
    caller, clock = account_checks._caller(Aws())
    assert caller.detail == "arn:x in account 1, EXPIRED"
    assert not clock.ok


def test_the_sandbox_tells_a_shell_how_to_reach_it_and_is_gone_after_stop(pilotage: Pilotage) -> None:
    assert pilotage("sandbox", "status", "--json").lines == [{"v": 1, "type": "sandbox", "running": False}]
    started = pilotage("sandbox", "start")
    try:
        exports = dict(line.removeprefix("export ").split("=", 1) for line in started.out.splitlines())
        assert exports["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
        assert "SANDBOX" in started.err
        (status,) = pilotage("sandbox", "status", "--json").lines
        assert status["url"] == exports["AWS_ENDPOINT_URL"]
        assert "fresh world" in pilotage("sandbox", "reset").out
        nothing = pilotage("status", "--sandbox")
        assert nothing.code == 0
        assert "SANDBOX 000000000000" in nothing.out
        assert "begin with: pilotage replay" in nothing.out
        assert "is not locked" in pilotage("unlock", "a/dev", "--sandbox").out
        unknown = pilotage("destroy", "a/dev", "--sandbox", "--yes", "--json")
        assert unknown.lines[-1]["exit_code"] == unknown.code == 2
        assert pilotage("resume", "--json").lines[-1]["verdict"] == "no_changes"
    finally:
        assert "stopped" in pilotage("sandbox", "stop").out


def test_an_unknown_word_after_sandbox_names_the_nearest(pilotage: Pilotage) -> None:
    assert "did you mean: pilotage sandbox start" in pilotage("sandbox", "strat").err
    assert pilotage("sandbox").code == 2
