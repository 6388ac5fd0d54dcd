"""The wizard in a terminal makes the same calls as the file it saved makes without one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.acceptance.practice import Practice
from tests.cli.terminal import Terminal
from tests.walk.walking import several, written

CANARIES = {"GROQ_API_KEY": "canary-groq", "GOOGLE_CLIENT_ID": "canary-google", "STRIPE_API_KEY": "canary-stripe"}
ASKED = "STRIPE_API_KEY"
"""The variable that the folder's application reads; the dotenv file has more."""
HEARTBEAT = ("s3", "PutObject")
BEFORE = ("name:", "region:", "run it on:", "network:", "storage:", "broker:", "database:")
AFTER = ("domain:", "watching:", "environments:")


def test_a_walk_of_a_folder_deploys_and_its_file_makes_the_same_calls_on_a_fresh_account(
    practice: Practice, tmp_path: Path
) -> None:
    folder = several(tmp_path / "shop")
    before = practice.last_call()
    shown = walk_and_deploy(practice, folder)
    by_hand = mutations(practice, before)
    assert by_hand
    again = tmp_path / "values.env"
    written(tmp_path, {"values.env": "".join(f"{name}={value}\n" for name, value in CANARIES.items())})
    assert replay(practice, folder / "shop.yaml", again)["verdict"] == "no_changes"
    practice.reset()
    assert replay(practice, folder / "shop.yaml", again)["verdict"] == "ok"
    assert mutations(practice, 0) == by_hand
    written_down = shown + (folder / "shop.yaml").read_text() + journals(practice.home)
    assert not [value for value in CANARIES.values() if value in written_down]
    assert "shop/main" in shown


def walk_and_deploy(practice: Practice, folder: Path) -> str:
    """Type the whole walk, deploy at its end, and return everything that the terminal showed."""
    settings = {"PILOTAGE_TIME_SCALE": str(practice.scale)}
    terminal = Terminal("new", "--plain", "--sandbox", ".", home=practice.home, folder=folder, **settings)
    for prompt in BEFORE:
        terminal.answer(prompt, "")
    terminal.answer("or enter:", f"{ASKED}={CANARIES[ASKED]}\r")
    terminal.answer("NAME=role, or enter:", "")
    for prompt in AFTER:
        terminal.answer(prompt, "")
    terminal.answer("enter is s:", "d")
    terminal.answer(".yaml:", "")
    terminal.answer("Type yes:", "yes")
    assert terminal.ended(90) == 0, terminal.shown[-3000:]
    return terminal.shown


def replay(practice: Practice, file: Path, secrets: Path) -> dict[str, object]:
    """Replay the saved file without a terminal; its last line."""
    options = ("--sandbox", "--yes", "--no-input", "--json", "--secrets-file", str(secrets))
    finished = practice.run("replay", str(file), *options)
    assert finished.code == 0, finished.stdout[-2000:]
    return finished.last


def mutations(practice: Practice, since: int) -> Counter[tuple[str, str]]:
    """The calls that changed something, counted; their order follows from which steps happened to be ready first."""
    calls = practice.calls_since(since)
    made = Counter((call["service"], call["operation"]) for call in calls if call["mutating"])
    # The lock in the logbook is renewed by the clock, so how often depends on how busy this machine is.
    del made[HEARTBEAT]
    return made


def journals(home: Path) -> str:
    """Everything that was written under the home, but for what belongs to the sandbox's own world."""
    return "".join(
        path.read_text("utf-8", "replace")
        for path in home.rglob("*")
        if path.is_file() and "sandbox" not in path.relative_to(home).parts[0]
    )
