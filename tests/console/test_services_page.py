"""The list of services: the old one at once with its age, never one of another account as if it were this one's."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.console import services
from screens.console.services import Line, ServicesPage
from screens.page import Page
from screens.place import Place
from tests.screens.stage import SANDBOX, play, shown

LINES = [
    Line("shop/prod/web", "OK", 2, 2, "web:7", "is serving", ""),
    Line("shop/prod/worker", "DOWN", 0, 1, "worker:3", "exits with 1", ""),
    Line("cluster:old/api", "IDLE", 0, 0, "api:1", "", "incident 12"),
]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list that was read two minutes ago in the sandbox's account."""
    monkeypatch.setenv("PILOTAGE_HOME", str(tmp_path))
    path = tmp_path / "console.json"
    lines = [each.__dict__ for each in LINES]
    told = {"of": [True, None, None], "account": SANDBOX.account, "at": time.time() - 200, "services": lines}
    path.write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(services, "_read", lambda place: LINES)
    return path


def page(act: Any = None, **place: Any) -> str:
    seen: list[str] = []

    async def look(pilot: Pilot[Any]) -> None:
        if act:
            await pilot.press(*act)
        await pilot.pause()
        seen.append(shown(pilot.app))  # type: ignore[arg-type]

    play(ServicesPage(), look, place=replace(SANDBOX, **place))
    return seen[0]


def test_the_worst_service_comes_first_and_a_hold_is_said(kept: Path) -> None:
    text = page()
    assert text.index("shop/prod/worker") < text.index("shop/prod/web") < text.index("old/api")
    assert "held: incident 12" in text


def test_the_list_of_the_last_time_stands_at_once_and_is_called_old(kept: Path) -> None:
    assert "an old list" in page(account="", connection=None)


def test_a_list_of_another_account_is_not_shown(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_read", lambda place: [])
    assert "shop/prod/web" not in page(account="999999999999", connection=None)


def test_a_filter_keeps_what_contains_the_word(kept: Path) -> None:
    text = page(["slash", *"worker", "enter"])
    assert "shop/prod/worker" in text
    assert "shop/prod/web" not in text


def test_behind_another_page_the_list_is_not_read_and_is_read_again_by_whoever_comes_back(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def read(place: Place) -> list[Line]:
        reads.append(place.account)
        return LINES

    monkeypatch.setattr(services, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(services, "_read", read)
    told: dict[str, int] = {}

    async def look(pilot: Pilot[Any]) -> None:
        list_page = pilot.app.screen
        assert isinstance(list_page, ServicesPage)
        await pilot.app.workers.wait_for_complete()
        await pilot.app.push_screen(Page())
        told["seen"] = len(reads)
        for _ in range(3):
            list_page._tick()
            await pilot.app.workers.wait_for_complete()
        told["behind"] = len(reads)
        await pilot.app.pop_screen()
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        told["back"] = len(reads)

    play(ServicesPage(), look)
    assert 0 < told["seen"] == told["behind"] < told["back"]
