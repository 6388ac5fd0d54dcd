"""The one door from the command line to the full-screen face; Textual is loaded when it is opened, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cli.report import Report

if TYPE_CHECKING:
    from screens.page import Page
    from wizard.deployment.request import Request
    from wizard.walk.walk import Walk


def home_screen(report: Report, *, sandbox: bool, profile: str | None, region: str | None) -> int:
    """Bare `pilotage` in a terminal: the home screen."""
    from wizard.deployment.request import Request

    return _shown(report, Request(sandbox=sandbox, profile=profile, region=region))


def walk_screen(report: Report, request: Request, walk: Walk | None) -> int:
    """`pilotage new`: the questions, from a walk that has begun, from a draft, or from nothing."""
    from screens.walk.begin import first_page
    from screens.walk.screen import WalkPage

    return _shown(report, request, WalkPage(walk) if walk else first_page(request.region))


def console_screen(report: Report, request: Request, target: str, *, read_only: bool) -> int:
    """`pilotage console`: one service, or all of them."""
    from screens.console.services import console_page

    return _shown(report, request, console_page(target, read_only=read_only))


def _shown(report: Report, request: Request, first: Page[Any] | None = None) -> int:
    """Open the application on a screen; its last words are written once the terminal is given back."""
    from screens.entry import open_app

    code, words = open_app(request, first)
    for each in words:
        report.say(each)
    return code
