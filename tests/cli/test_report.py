"""Who may write where, and what never reaches a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.cli.report import Report
from wizard.errors import NeedsPerson


def test_in_json_mode_stdout_holds_json_and_words_stay_away(capfd: pytest.CaptureFixture[str]) -> None:
    report = Report(json_lines=True)
    report.data("a table")
    report.tell("progress")
    report.json({"a": 1})
    report.say("an error")
    out, err = capfd.readouterr()
    assert (out, err) == ('{"a":1}\n', "an error\n")


def test_without_json_no_json_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.json({"a": 1})
    report.data("a table")
    assert capfd.readouterr().out == "a table\n"


def test_an_error_has_its_four_parts_also_when_nobody_filled_them(capfd: pytest.CaptureFixture[str]) -> None:
    Report().error(NeedsPerson("it broke", evidence="first line\nsecond line"))
    assert capfd.readouterr().err.splitlines() == [
        "error: it broke",
        "why:   first line",
        "       second line",
        "safe:  nothing was changed",
        "next:  correct the cause, then run the same command again",
    ]


def test_places_in_files_stand_at_the_beginning_of_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    Report().error(NeedsPerson("bad file", evidence="a.yaml:3:1: unknown key\nhint: did you mean `name`?"))
    assert "\na.yaml:3:1: unknown key\n" in capfd.readouterr().err


def test_what_a_container_logged_cannot_steer_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.say("log: \x1b[2J\x1b]0;owned\x07 end")
    report.data("\x9b31mred\x00")
    out, err = capfd.readouterr()
    assert (out, err) == ("31mred\n", "log: [2J]0;owned end\n")


def test_a_log_file_that_cannot_be_written_is_said_once(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    report = Report()
    report.settle(log_file=tmp_path / "file" / "run.log")
    report.say("one")
    report.say("two")
    err = capfd.readouterr().err
    assert err.count("cannot be written") == 1
    assert "one\n" in err
    assert "two\n" in err


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_is_not_used_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setattr("wizard.cli.report._is_terminal", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm")
    report = Report()
    assert report.styled("failed", "bad") == "\033[31mfailed\033[0m"
    monkeypatch.setenv(name, value)
    report.settle()
    assert report.styled("failed", "bad") == "failed"


@pytest.mark.parametrize("settings", [{"no_input": True}, {"json_lines": True}])
def test_nobody_is_asked_when_that_is_said(monkeypatch: pytest.MonkeyPatch, settings: dict[str, bool]) -> None:
    monkeypatch.setattr("wizard.cli.report._is_terminal", lambda stream: True)
    report = Report()
    assert report.may_ask
    report.settle(**settings)  # type: ignore[arg-type]
    assert not report.may_ask
