"""What somebody types at a question: never lost, never a command, and told in three parts when it is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import PilotageApp
from screens.dialogs import AskSecret
from screens.page import Page
from screens.walk.screen import WalkPage
from screens.walk.variables import Variables
from screens.widgets.key_line import keys_of
from tests.screens.scenes import SCENES, at, left, seen, settled
from tests.screens.snapshots import alone
from tests.screens.stage import SANDBOX, shown
from wizard.question import QuestionKind
from wizard.walk.draft import Drafts
from wizard.walk.walk import Walk

Act = Callable[[PilotageApp, Pilot[Any]], Awaitable[None]]
BAD = "??? no such thing ???"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    with alone(tmp_path, colour=True):
        yield tmp_path


def on_stage(act: Act, size: tuple[int, int] = (80, 24)) -> None:
    async def run() -> None:
        app = PilotageApp(SANDBOX, Page())
        async with app.run_test(size=size) as pilot:
            await act(app, pilot)

    asyncio.run(run())


def of(app: PilotageApp) -> WalkPage:
    assert isinstance(app.screen, WalkPage)
    return app.screen


async def type_text(pilot: Pilot[Any], text: str) -> None:
    field = pilot.app.screen.query_one(Input)
    field.focus()
    field.value = text
    field.cursor_position = len(text)
    await pilot.pause()


def test_a_bad_answer_is_told_in_three_parts_at_every_question_and_stays_in_the_field() -> None:
    asked: list[str] = []

    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        await app.push_screen(WalkPage(Walk(region="")))
        await settled(app, pilot)
        while not of(app).walk.at_review:
            walk = of(app).walk
            kind = walk.asked().kind
            if kind is QuestionKind.CHOICE:
                # A card cannot be answered wrongly: what cannot serve has no cursor, and a letter chooses nothing.
                await pilot.press("z", "x")
                assert of(app).walk.at == walk.at
            else:
                await type_text(pilot, BAD)
                await pilot.press("enter")
                await settled(app, pilot)
                assert of(app).walk.at == walk.at
                said = shown(app)
                assert "allowed" in said, walk.at
                assert "example" in said, walk.at
                assert app.screen.query_one(Input).value == BAD
                asked.append(walk.at)
                await type_text(pilot, "shop" if walk.at == "app" else "")
            if kind is QuestionKind.SECRETS:
                app.screen.query_one(Variables).focus_field()
            await pilot.press("enter")
            await settled(app, pilot)
            if not isinstance(app.screen, WalkPage):
                break

    at("name")()
    on_stage(act)
    assert {"app", "name", "secrets", "domain"} <= set(asked)


def test_going_back_and_forth_loses_nothing_not_even_what_was_not_accepted() -> None:
    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        await app.push_screen(at("name")())
        await settled(app, pilot)
        await type_text(pilot, "My Shop")
        await pilot.press("escape")
        await settled(app, pilot)
        assert of(app).walk.at == "app"
        await pilot.press("enter")
        await settled(app, pilot)
        assert of(app).walk.at == "name"
        assert app.screen.query_one(Input).value == "My Shop"

    on_stage(act)


def test_every_answer_is_in_the_draft_and_no_value_is() -> None:
    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        await app.push_screen(at("secrets")())
        await settled(app, pilot)
        app.screen.query_one(Variables)._add("STRIPE_API_KEY=canary-stripe")
        app.screen.query_one(Variables)._list.focus()
        await pilot.press("enter")
        await settled(app, pilot)
        (draft,) = Drafts().all()
        opened = Drafts().open(draft.id)
        assert opened is not None
        assert opened.given.to_record() == of(app).walk.given.to_record()

    on_stage(act)
    for path in Path("home").rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes()


@pytest.mark.parametrize("scene", ["home filter", "walk text", "open file", "ask secret", "plan confirm"])
def test_letters_typed_into_a_field_never_act(scene: str) -> None:
    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        found = next(each for each in SCENES if each.name == scene)
        await seen(app, pilot, found)
        field = app.screen.query_one(Input)
        field.focus()
        field.value = ""
        before = list(app.screen_stack)
        for letter in "cnotqdsvperuklyg?/ 1":
            await pilot.press({"?": "question_mark", "/": "slash", " ": "space"}.get(letter, letter))
        assert app.screen_stack == before
        assert field.value == "cnotqdsvperuklyg?/ 1"
        assert app.is_running

    on_stage(act)


def test_a_secret_that_is_cut_or_copied_does_not_reach_the_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
        await app.push_screen(AskSecret("STRIPE_API_KEY"))
        await pilot.pause()
        await pilot.press(*"canary", "shift+home", "super+c", "ctrl+x")
        assert app.screen.query_one(Input).value == ""

    on_stage(act)
    assert copied == []


def test_the_palette_and_the_help_name_every_key_of_a_screen() -> None:
    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        depth = len(app.screen_stack)
        for scene in SCENES:
            if scene.keys or scene.act or not isinstance(page := scene.page(), Page):
                continue
            await app.push_screen(page)
            await settled(app, pilot)
            offered = {command.title for command in app.get_system_commands(app.screen)}
            wanted = {what for _, what in keys_of(app.screen)} - {"all"}
            assert wanted <= offered, scene.name
            assert page.HELP.strip(), f"{scene.name} has no help"
            await left(app, depth)

    on_stage(act)


def test_the_mouse_may_press_the_keys_of_the_last_line_and_is_never_needed() -> None:
    async def act(app: PilotageApp, pilot: Pilot[Any]) -> None:
        await seen(app, pilot, next(each for each in SCENES if each.name == "home"))
        line = shown(app).split("\n")[23]
        await pilot.click("KeyLine", offset=(line.index("? help"), 0))
        await pilot.pause()
        assert type(app.screen).__name__ == "Help"

    on_stage(act)
