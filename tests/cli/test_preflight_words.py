"""A preflight in words: what fails carries what to type, and the last line says whether anything does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wizard.advice.preflight import Checked, State, Topic
from wizard.cli.image import _row, _show
from wizard.cli.preflight import _print
from wizard.cli.report import Report
from wizard.errors import ExitCode
from wizard.images.registry import Kept, Repository

DEPLOYMENT: Any = SimpleNamespace(
    name="shop/prod", connection=SimpleNamespace(identity=SimpleNamespace(place="111122223333 eu-west-1"))
)
FINE = Checked(Topic.QUOTAS, "VPCs per Region", State.OK, "1 of 5 in use, 1 more needed")
SILENT = Checked(Topic.DOMAIN, "delegation of shop.example", State.NOT_CHECKED, "the resolver did not answer")
BAD = Checked(Topic.SECRETS, "API_KEY", State.FAILS, "no value was given", "pilotage secrets set API_KEY")


def printed(capfd: pytest.CaptureFixture[str], *checks: Checked, code: ExitCode) -> list[str]:
    _print(Report(), DEPLOYMENT, checks, code)
    return capfd.readouterr().out.splitlines()


def test_a_failure_is_followed_by_what_to_type(capfd: pytest.CaptureFixture[str]) -> None:
    assert printed(capfd, FINE, BAD, SILENT, code=ExitCode.PREFLIGHT) == [
        "shop/prod  111122223333 eu-west-1",
        "ok  quotas   VPCs per Region: 1 of 5 in use, 1 more needed",
        "no  secrets  API_KEY: no value was given",
        "             type: pilotage secrets set API_KEY",
        "?   domain   delegation of shop.example: the resolver did not answer",
        "",
        "1 thing would fail; nothing was created",
    ]


def test_what_could_not_be_checked_is_counted(capfd: pytest.CaptureFixture[str]) -> None:
    last = printed(capfd, FINE, SILENT, code=ExitCode.OK)[-1]
    assert last == "nothing that was checked would fail, 1 could not be checked"


def test_an_image_is_shown_with_its_tags_and_whoever_runs_it(capfd: pytest.CaptureFixture[str]) -> None:
    kept = Kept("sha256:" + "ab" * 32, ("latest", "v1"), None, 41_600_000, ("shop-web:3 (serving)",))
    assert _row(kept) == ("  latest, v1", "abababababab", "", "42", "shop-web:3 (serving)")
    _show(Report(), "shop/prod", Repository("shop-web"))
    _show(Report(), "shop/prod", Repository("shop-api", "host/shop-api"))
    assert capfd.readouterr().out.splitlines() == [
        "shop-web  not made yet: a replay makes it",
        "shop-api  host/shop-api",
        "  no image yet: pilotage image push FILE",
    ]
