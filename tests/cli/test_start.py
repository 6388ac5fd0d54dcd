"""How fast it starts: what is imported decides, so that is what is checked."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, STARTER, Pilotage

HEAVY = ("boto3", "botocore", "keyring", "moto", "pydantic", "questionary", "rich", "textual")


def imported_by(*arguments: str) -> set[str]:
    """The packages that a fresh process has imported after one command line."""
    script = (
        "import json, sys; from wizard.cli import main; main(sys.argv[1:]); "
        "sys.stderr.write('\\n' + json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True
    )
    return set(json.loads(ran.stderr.splitlines()[-1]))


def test_the_version_needs_next_to_nothing() -> None:
    assert not imported_by("--version") & {*HEAVY, "click", "difflib", "traceback"}


@pytest.mark.parametrize("arguments", [("--help",), ("plan", "--nonsense"), ("sandbox", "status")])
def test_help_and_refusals_need_nothing_heavy(arguments: tuple[str, ...]) -> None:
    heavy = set(HEAVY) - ({"boto3", "botocore", "pydantic"} if arguments[0] == "plan" else set())
    assert not imported_by(*arguments) & heavy


def test_validating_needs_no_aws_and_no_screen() -> None:
    assert not imported_by("validate", STARTER) & (set(HEAVY) - {"pydantic"})


def test_a_plan_needs_neither_screen_nor_sandbox_nor_keyring() -> None:
    assert not imported_by("plan", STARTER, "--env", "dev") & {"keyring", "moto", "questionary", "rich", "textual"}


def test_the_version_is_told(pilotage: Pilotage) -> None:
    assert pilotage("--version").out.startswith("pilotage ")


def test_alone_and_without_a_terminal_it_prints_the_help(pilotage: Pilotage) -> None:
    ran = pilotage()
    assert ran.code == 0
    assert "replay" in ran.out


def test_every_command_of_the_help_is_there(pilotage: Pilotage) -> None:
    from wizard.cli.entry import COMMANDS

    for command in COMMANDS:
        ran = pilotage(command, "--help")
        assert ran.code == 0
        assert "--log-file" in ran.out or command in ("image", "sandbox", "secrets")
