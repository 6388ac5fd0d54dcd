"""`pilotage new --plain`, typed key by key into a pseudo-terminal."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pilotage
from tests.cli.terminal import Terminal
from tests.walk.walking import moved, single, walked
from wizard.cli.plain_walk import PlainWalk
from wizard.cli.report import Report
from wizard.walk.draft import Drafts
from wizard.walk.walk import Walk
from wizard.walk.writing import blueprint_text

Start = Callable[..., Terminal]
CARE = "ghcr.io/owner/carepolicy-hub:1.4"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def start(folder: Path, apart: Path) -> Iterator[Start]:
    """Starts `pilotage new --plain` in a terminal; whatever is left is ended."""
    begun: list[Terminal] = []

    def begin(*arguments: str, **environment: str) -> Terminal:
        begun.append(Terminal("new", "--plain", *arguments, home=apart, folder=folder, **environment))
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()


def test_a_single_image_becomes_the_blueprint_that_the_answers_make(start: Start, folder: Path) -> None:
    terminal: Terminal = start()
    answers = {
        "app:": CARE,
        "port:": "5001/health",
        "name:": "",
        "region:": "",
        "run it on:": "1",
        "network:": "public",
        "storage:": "s3",
        "database:": "none",
        "or enter:": "SECRET_KEY=\rGROQ_API_KEY=canary-value\rDEBUG=false\r",
        "NAME=role, or enter:": "",
        "domain:": "hub.example.com",
        "watching:": "",
        "environments:": "",
        "enter is s:": "s",
        "enter is carepolicy-hub.yaml:": "",
    }
    for prompt, line in answers.items():
        terminal.answer(prompt, line)
    assert terminal.ended() == 0
    walk = walked_to_secrets(CARE, listens="5001/health", storage="s3", domain="hub.example.com")
    given = walk.paste("SECRET_KEY=\nGROQ_API_KEY=x\nDEBUG=false\n")
    pure = moved(moved(walk.answer_secrets(given)).accept_defaults())  # type: ignore[arg-type]
    assert (folder / "carepolicy-hub.yaml").read_text() == blueprint_text(pure)
    assert "canary" not in terminal.shown + (folder / "carepolicy-hub.yaml").read_text()
    assert Drafts().all() == []


def walked_to_secrets(where: str, **answers: str) -> Walk:
    """The same answers by the pure core, back at the question about secrets."""
    return walked(where, **answers).go("secrets")


def test_bad_input_at_every_question_is_told_in_three_parts_and_loses_nothing(start: Start, folder: Path) -> None:
    single(folder)
    terminal: Terminal = start()
    tries = {
        "app:": ("nowhere", "."),
        "name:": ("My Shop!", "shop"),
        "region:": ("atlantis", "us-east-1"),
        "run it on:": ("9", "ecs-fargate"),
        "network:": ("wifi", "private"),
        "storage:": ("floppy", "s3"),
        "broker:": ("kafka", "none"),
        "database:": ("oracle", "rds-postgres"),
        "or enter:": ("./no-such.env", ""),
        "domain:": ("https://x", "shop.example.com"),
        "watching:": ("very", "alarms"),
        "environments:": ("many", "dev-prod"),
    }
    for prompt, (bad, good) in tries.items():
        terminal.answer(prompt, bad)
        terminal.wait_for("allowed:")
        terminal.wait_for("example:")
        terminal.answer(prompt, good)
        if prompt == "or enter:":
            terminal.answer("NAME=role, or enter:", "")
    terminal.answer("enter is s:", "nonsense")
    terminal.wait_for("allowed:")
    terminal.answer("enter is s:", "e nothing")
    terminal.wait_for("allowed:")
    terminal.answer("enter is s:", "s")
    terminal.answer("enter is shop.yaml:", "shop.txt")
    terminal.wait_for("allowed:")
    terminal.answer("enter is shop.yaml:", "")
    assert terminal.ended() == 0
    chosen = {prompt.rstrip(":"): good for prompt, (_, good) in tries.items()}
    answers = {key: value for key, value in chosen.items() if value and key not in ("app", "run it on", "or enter")}
    pure = blueprint_text(walked(str(folder), **answers))
    assert (folder / "shop.yaml").read_text() == pure


def test_a_starter_keeps_its_comments_and_its_order(start: Start, folder: Path) -> None:
    terminal: Terminal = start("fasttriage")
    terminal.answer("run it on:", "")
    terminal.answer("environments:", "dev")
    terminal.answer("name:", "?")
    terminal.wait_for("example: shop")
    terminal.answer("name:", "")
    terminal.answer("region:", "")
    terminal.answer("domain:", "<")
    terminal.answer("region:", "")
    terminal.answer("domain:", "")
    terminal.answer("or enter:", "")
    terminal.answer("NAME=role, or enter:", "")
    terminal.answer("enter is s:", "")
    terminal.answer("enter is fasttriage.yaml:", "")
    assert terminal.ended() == 0
    assert (folder / "fasttriage.yaml").read_bytes() == (ROOT / "blueprints" / "fasttriage.yaml").read_bytes()
    assert "pilotage replay fasttriage.yaml --env dev --yes --no-input --secrets-file FILE" in terminal.shown


def test_a_file_that_says_something_else_is_replaced_only_by_a_yes(start: Start, folder: Path) -> None:
    (folder / "chatkit.yaml").write_text("mine: 1\n")
    terminal: Terminal = start("chatkit")
    for prompt in ("run it on:", "name:", "region:", "domain:", "or enter:", "NAME=role, or enter:", "enter is s:"):
        terminal.answer(prompt, "")
    terminal.answer("enter is chatkit.yaml:", "")
    terminal.answer("Type yes to replace it:", "")
    terminal.answer("enter is chatkit.yaml:", "other.yaml")
    assert terminal.ended() == 0
    assert (folder / "chatkit.yaml").read_text() == "mine: 1\n"
    assert "openai-api-key" in (folder / "other.yaml").read_text()


@pytest.mark.parametrize("how", ["ctrl-c", "ctrl-d", "SIGTERM", "SIGHUP"])
def test_leaving_keeps_the_draft_cleans_the_terminal_and_says_how_to_carry_on(
    start: Start, folder: Path, how: str
) -> None:
    terminal: Terminal = start(CARE)
    terminal.answer("port:", "5001/health")
    terminal.answer("name:", "bazaar")
    terminal.wait_for("region:")
    if how.startswith("SIG"):
        terminal.kill(signal.Signals[how])
    else:
        terminal.type("\x03" if how == "ctrl-c" else "\x04")
    terminal.wait_for("pilotage new --plain")
    assert terminal.is_clean()
    assert terminal.ended() == 130
    (draft,) = Drafts().all()
    assert (draft.name, draft.at) == ("bazaar", "region")
    again: Terminal = start()
    again.answer("enter is yes:", "")
    assert "Where in the world?" in again.wait_for("region:")


def test_a_draft_survives_a_kill_and_can_be_dropped(start: Start) -> None:
    terminal: Terminal = start(CARE)
    terminal.answer("port:", "5001/health")
    terminal.wait_for("What is it called?")
    terminal.kill(signal.SIGKILL)
    again: Terminal = start()
    again.answer("enter is yes:", "drop")
    again.wait_for("Where is your application?")
    assert Drafts().all() == []


def test_without_a_terminal_it_names_the_command_that_needs_none(pilotage: Pilotage) -> None:
    ran = pilotage("new")
    assert ran.code == 2
    assert "pilotage replay FILE --yes" in ran.err


@pytest.mark.parametrize("flags", [("--no-input",), ("--json",)])
def test_who_wants_no_questions_gets_none(start: Start, flags: tuple[str, ...]) -> None:
    terminal: Terminal = start(*flags)
    assert terminal.ended() == 2


def test_a_file_that_is_nothing_is_refused_before_any_question(start: Start) -> None:
    terminal: Terminal = start("no-such-thing")
    assert terminal.ended() == 2
    assert "allowed is" in terminal.shown and "next:" in terminal.shown


def test_a_terminal_that_only_writes_lines_is_enough(start: Start, folder: Path) -> None:
    terminal: Terminal = start("chatkit", TERM="dumb")
    for prompt in ("run it on:", "name:", "region:", "domain:"):
        terminal.answer(prompt, "")
    terminal.answer("(not shown)", "OPENAI_API_KEY=canary")
    terminal.answer("next:", "")
    terminal.answer("NAME=role, or enter:", "")
    terminal.answer("enter is s:", "")
    terminal.answer("enter is chatkit.yaml:", "")
    assert terminal.ended() == 0
    assert "canary" not in terminal.shown and "\x1b" not in terminal.raw
    assert (folder / "chatkit.yaml").exists()


def test_what_is_pasted_before_a_prompt_is_there_is_not_shown(start: Start) -> None:
    terminal: Terminal = start("chatkit")
    terminal.wait_for("run it on:")
    terminal.type("\r\r\r\rOPENAI_API_KEY=canary\r\r\r")
    terminal.wait_for("enter is s:")
    assert "canary" not in terminal.shown


def test_what_the_command_line_says_is_not_asked_again(start: Start, folder: Path) -> None:
    values = str(ROOT / "blueprints" / "practice.env")
    terminal = start("fasttriage", "--env", "prod", "--region", "eu-west-1", "--secrets-file", values)
    for prompt in ("run it on:", "name:", "domain:", "or enter:", "NAME=role, or enter:"):
        terminal.answer(prompt, "")
    review = terminal.wait_for("enter is s:")
    assert "Review   fasttriage/prod   eu-west-1" in review
    assert "still to be given" not in review and "--env" in review
    terminal.type("c\r")
    terminal.wait_for("pilotage replay fasttriage.yaml --env prod --yes --no-input")


class Script:
    """Answers prompts from a list, and remembers them."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.prompts: list[str] = []

    def line(self, label: str) -> str:
        self.prompts.append(label)
        return self._answers.pop(0)

    variables = line


@pytest.mark.parametrize(("works", "answers"), [(True, ("yes",)), (False, ())])
def test_the_keyring_is_offered_only_where_there_is_one(works: bool, answers: tuple[str, ...]) -> None:
    script = Script("OPENAI_API_KEY=canary", "OPENAI_API_KEY=sekret", "OPENAI_API_KEY=secret", "", *answers)
    report = Report()
    said: list[str] = []
    report.above = lambda text, style: said.append(text)
    questions = PlainWalk(report, script, Drafts(), lambda: works)
    walk = questions.to_review(without_secrets("chatkit"))
    assert walk.situation.variables.keyring is works
    assert any("keyring" in prompt for prompt in script.prompts) is works
    assert "  this is no role" in said and not any("canary" in line for line in said)


def without_secrets(where: str) -> Walk:
    """A walk in which only the question about secrets is open."""
    walk = walked(where).go("secrets")
    return replace(walk, given=walk.given.without("secrets"))
