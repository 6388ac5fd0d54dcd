"""A person's path through a real terminal: from `pilotage --sandbox` to a running application, key by key."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.practice import SECRETS, Practice
from tests.terminal import Terminal
from wizard.aws import sandbox

SCALE = 600.0
LONG_S = 100.0
CANARY = "canary-5f1d"
DOTENV = "\n".join(f"{line.split('=')[0]}={CANARY}-{number}" for number, line in enumerate(SECRETS.read_text().split()))
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    home = tmp_path_factory.mktemp("screens")
    made = Practice(home, SCALE)
    sandbox.start(home, SCALE)
    yield made
    sandbox.stop(home)


def opened(practice: Practice, folder: Path, *arguments: str, size: tuple[int, int] = (80, 24)) -> Terminal:
    """The application in a terminal with colours."""
    environment = {name: value for name, value in practice.environment().items() if name != "NO_COLOR"}
    return Terminal(arguments or ("--sandbox",), environment, *size, folder=folder)


def walked(terminal: Terminal, starter: str) -> None:
    """From Home to the review: the starter's name, a pasted `.env`, and else what is offered."""
    terminal.wait("looking who you are", LONG_S) if "000000000000" not in terminal.text else None
    terminal.wait("000000000000", LONG_S)
    terminal.press("n")
    terminal.wait("Where is your application?", LONG_S)
    terminal.settle()
    terminal.press(starter)
    terminal.wait(starter, LONG_S)
    terminal.settle()
    terminal.press("enter")
    before = "Where is your application?"
    for _ in range(15):
        wait_gone(terminal, before)
        before = question(terminal)
        if "variables" in before:
            terminal.wait("NAME=VALUE", LONG_S)
            terminal.paste(DOTENV)
            terminal.wait("••••••••", LONG_S)
            terminal.settle()
        if "because" in terminal.text:
            return
        terminal.press("enter")
    raise AssertionError(f"the walk has no end; the screen is\n{terminal.text}")


def question(terminal: Terminal) -> str:
    """The line that asks, or the head of the review."""
    terminal.settle(0.3)
    return terminal.text.split("\n")[3].split("│")[0].strip()


def wait_gone(terminal: Terminal, words: str) -> None:
    """Look until another question is there."""
    for _ in range(int(LONG_S / 0.3)):
        if words not in terminal.text:
            return
        terminal.settle(0.3)
    raise AssertionError(f"{words} stays; the screen is\n{terminal.text}")


def saved_and_deployed(terminal: Terminal, file: str) -> None:
    """From the review to the end of the run."""
    terminal.press("d")
    terminal.wait("Save the blueprint", LONG_S)
    terminal.settle()
    terminal.press("ctrl+u")
    terminal.settle()
    terminal.press(file)
    terminal.wait(file, LONG_S)
    terminal.settle()
    terminal.press("enter")
    terminal.wait("created in", LONG_S)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("starter", "runs"), [("carepolicy-hub", "carepolicy-hub/main"), ("fasttriage", "fasttriage/dev")]
)
def test_a_person_gets_from_nothing_to_a_running_application(
    practice: Practice, tmp_path: Path, starter: str, size: tuple[int, int], runs: str
) -> None:
    practice.reset()
    terminal = opened(practice, tmp_path, size=size)
    try:
        walked(terminal, starter)
        saved_and_deployed(terminal, "mine.yaml")
        assert "https://" in terminal.text
        copied(terminal)
        picture(terminal)
        terminal.press("esc")
        terminal.wait(f"OK      {runs}", LONG_S)
        terminal.wait("n new", LONG_S)
        terminal.press("ctrl+c")
        assert terminal.end(LONG_S) == 0
    finally:
        terminal.kill()
    assert_no_canary(terminal, practice, tmp_path / "mine.yaml")
    assert practice.run("status", runs, "--sandbox", "--json").lines[0]["state"] == "OK"


def copied(terminal: Terminal) -> None:
    """Into the clipboard: the call that gave AWS a secret."""
    terminal.press("tab", "tab", "tab")
    terminal.wait("[calls]", LONG_S)
    terminal.press("/")
    terminal.settle()
    terminal.press("createsecret")
    terminal.wait("createsecret", LONG_S)
    terminal.press("enter")
    terminal.settle()
    terminal.press("y")
    terminal.wait("copied: aws", LONG_S)
    terminal.press("esc")
    terminal.settle()


def picture(terminal: Terminal) -> None:
    """A picture of the calls, from the palette."""
    terminal.press("ctrl+p")
    terminal.wait("Search for commands", LONG_S)
    terminal.settle()
    terminal.press("picture")
    terminal.wait("save a picture", LONG_S)
    terminal.settle()
    terminal.press("enter")
    terminal.wait("saved", LONG_S)


def assert_no_canary(terminal: Terminal, practice: Practice, file: Path) -> None:
    """No value anywhere: not on a screen, in the clipboard, a picture, a draft, a journal, the file."""
    clipboard = [base64.b64decode(each) for each in CLIPBOARD.findall(bytes(terminal.raw))]
    assert any(b"create-secret" in each for each in clipboard)
    kept = [
        path
        for path in practice.home.rglob("*")
        if path.is_file() and "sandbox" not in path.relative_to(practice.home).parts[0]
    ]
    assert any(path.suffix == ".svg" for path in kept)
    assert any(path.name == "journal.jsonl" for path in kept)
    for data in (bytes(terminal.raw), *clipboard, file.read_bytes(), *(path.read_bytes() for path in kept)):
        assert CANARY.encode() not in data
