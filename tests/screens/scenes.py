"""Every screen, set up so that it always looks the same: no account, no clock, a folder of its own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from screens.app import PilotageApp
from screens.deploy.screen import Deploy
from screens.dialogs import AskSecret
from screens.environment import ChooseEnvironment
from screens.home import Home, Look
from screens.open_file import OpenFile
from screens.plan import PlanPage
from screens.walk.begin import ChooseDraft
from screens.walk.review import ReviewPage
from screens.walk.screen import WalkPage
from screens.widgets.log_lines import LogLines
from tests.screens.staged import DAY, STEPS, Told
from tests.walk.walking import moved, several, walked
from wizard.deployment.states import ServiceState
from wizard.engine.plan import Action, Change, Plan
from wizard.engine.world import Difference
from wizard.home import home
from wizard.release.hold import Hold
from wizard.release.service_ref import Platform, ServiceRef
from wizard.walk.draft import Drafts
from wizard.walk.walk import Walk

Act = Callable[[Pilot[Any]], Awaitable[None]]
DOTENV = "STRIPE_API_KEY=canary-stripe\nLOG_LEVEL=info\nnot a line\n"


@dataclass(frozen=True)
class Scene:
    """One screen, and what somebody does on it before it is looked at."""

    name: str
    page: Callable[[], Screen[Any]]
    keys: tuple[str, ...] = ()
    act: Act | None = None
    size: tuple[int, int] | None = None
    """Only at this size; None for every size."""


def shop() -> Walk:
    """A walk of an application that was read from a folder, at its second question."""
    folder = Path("shop")
    if not folder.exists():
        several(folder)
    return moved(Walk.begin(region="us-east-1", where="shop"))


def at(question: str) -> Callable[[], Screen[Any]]:
    """The walk at one of its questions, everything before it answered as offered."""

    def page() -> Screen[Any]:
        walk = shop()
        while walk.at != question:
            walk = moved(walk.answer(walk.current()))
        return WalkPage(walk)

    return page


def deploy(told: Callable[[Told], Told]) -> Callable[[], Screen[Any]]:
    """A run at some moment."""
    return lambda: Deploy(told(Told()).run, "shop/dev", agreed=True)


def services() -> Look:
    """What runs in the account of the pictures."""
    names = (("chatkit/prod", "backend", "DOWN", 0), ("carepolicy-hub/main", "web", "OK", 2))
    hold = Hold("dana", "schema 42", "2026-03-01T09:00:00Z")
    return Look(
        tuple(
            ServiceState(
                ServiceRef(Platform.ECS, name, f"arn:{name}", "cluster", deployment, name),
                state,
                running,
                2,
                "v14",
                "",
                "",
                hold if state == "OK" else None,
            )
            for deployment, name, state, running in names
        )
    )


def furnish() -> None:
    """Something unfinished on this machine: a draft."""
    drafts = home() / "drafts"
    for old in drafts.glob("*.json") if drafts.is_dir() else ():
        old.unlink()
    walk = moved(moved(shop().answer("shop")).answer("ecs-fargate"))
    Drafts().save(walk)
    for path in drafts.glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8")) | {"saved_at": DAY.isoformat(), "id": "0a1b2c3d"}
        path.unlink()
        (drafts / "0a1b2c3d.json").write_text(json.dumps(record), encoding="utf-8")


def home_page() -> Screen[Any]:
    """Home with a draft and two services."""
    furnish()
    return Home()


def files_page() -> Screen[Any]:
    """Two blueprints in a folder."""
    folder = Path("files")
    folder.mkdir(exist_ok=True)
    for name in ("shop.yaml", "other.yaml"):
        (folder / name).write_text("blueprint: 1\n", encoding="utf-8")
    return OpenFile(folder)


def drafts_page() -> Screen[Any]:
    """A draft, or a new one."""
    furnish()
    return ChooseDraft("us-east-1")


def plan_page() -> Screen[Any]:
    """A plan that changes, replaces and deletes."""
    image = Difference("image", "shop:v1", "shop:v2")
    zone = Difference("availability_zone", "us-east-1a", "us-east-1b")
    changes = (
        Change("task_definition.backend", Action.UPDATE, "image differs", (image,), seconds=2),
        Change("db_instance.main", Action.REPLACE, "the zone cannot change", (zone,), "its data is lost", 600),
        Change("alarm.old", Action.DELETE, "no longer in the blueprint"),
        *(Change(address, Action.CREATE, "", seconds=seconds) for address, seconds, _ in STEPS[:4]),
    )
    return PlanPage("shop/dev", Plan("shop/dev", changes, "seen", 720, monthly_usd=214.0), 1.0)


async def paste(pilot: Pilot[Any]) -> None:
    """A `.env` into the question about variables."""
    from screens.walk.variables import Variables

    pilot.app.screen.query_one(Variables)._add(DOTENV)


async def whole_typed(pilot: Pilot[Any]) -> None:
    """An answer that cannot be taken."""
    await pilot.press("ctrl+u", *"Bad Name!", "enter")


def deploy_at_end() -> Callable[[], Screen[Any]]:
    """The result of a run that went well."""
    return deploy(Told.well)


SCENES = (
    Scene("home", home_page),
    Scene("home filter", home_page, ("slash", *"care")),
    Scene("open file", files_page),
    Scene("environment", lambda: ChooseEnvironment(Path("shop.yaml"), ("dev", "prod"))),
    Scene("drafts", drafts_page),
    Scene("walk first", lambda: WalkPage(Walk(region="us-east-1"))),
    Scene("walk compute", at("compute")),
    Scene("walk text", at("name")),
    Scene("walk wrong", at("name"), act=whole_typed),
    Scene("walk database", at("database")),
    Scene("walk variables", at("secrets"), act=paste),
    Scene("walk environments", at("environments")),
    Scene("walk words", at("compute"), ("f1",)),
    Scene("review", lambda: ReviewPage(shop_review())),
    Scene("review file", lambda: ReviewPage(shop_review()), ("v",)),
    Scene("review rights", lambda: ReviewPage(shop_review()), ("p",)),
    Scene("save as", lambda: ReviewPage(shop_review()), ("s",)),
    Scene("deploy resources", deploy(Told.half), ("down", "down", "down", "enter")),
    Scene("deploy rollout", deploy(Told.rolling), ("tab",)),
    Scene("deploy calls", deploy(Told.half), ("tab", "tab")),
    Scene("deploy logs", deploy(Told.half), ("l",)),
    Scene("deploy done", deploy_at_end()),
    Scene("deploy failed", deploy(Told.badly)),
    Scene("deploy undo", deploy(Told.badly), ("u",)),
    Scene("plan", plan_page),
    Scene("plan confirm", plan_page, ("d",)),
    Scene("plan confirm data", plan_page, ("d", *"dev", "enter")),
    Scene("ask secret", lambda: AskSecret("STRIPE_API_KEY"), tuple("canary-stripe")),
    Scene("help", home_page, ("question_mark",)),
    Scene("palette", deploy(Told.half), ("ctrl+p",)),
    Scene("too small", home_page, size=(50, 15)),
)


def shop_review() -> Walk:
    """The whole walk, answered as offered."""
    shop()
    return walked("shop")


async def seen(app: PilotageApp, pilot: Pilot[Any], scene: Scene) -> None:
    """Open a scene's screen, do what is done on it, and wait until nothing moves."""
    with patch("screens.home._found", lambda place: services()):
        await app.push_screen(scene.page())
        await settled(app, pilot)
        await pilot.press(*scene.keys)
        if scene.act is not None:
            await settled(app, pilot)
            await scene.act(pilot)
        await settled(app, pilot)


async def left(app: PilotageApp, depth: int) -> None:
    """Close what a scene opened."""
    while len(app.screen_stack) > depth:
        await app.pop_screen()


async def settled(app: PilotageApp, pilot: Pilot[Any]) -> None:
    """Wait for threads and drawing."""
    await pilot.pause()
    while any(not worker.is_finished for worker in app.workers):
        # One that a newer one replaced is no failure.
        with contextlib.suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()
    for log in app.screen.query(LogLines):
        log.flush_lines()
    await pilot.pause()
