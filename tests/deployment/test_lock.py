"""One run at a time: who holds the lock, who may take it over, and who never may."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wizard.aws.lock import LOCK_NAME, DeploymentLock, Holder
from wizard.aws.logbook import Entry, Logbook
from wizard.engine.clock import Clock
from wizard.errors import Locked

APP = "shop/prod"


class Shelf(Logbook):
    """A logbook in memory with the conditional writes of S3."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[dict[str, Any], str]] = {}
        self.age_seconds = 0.0
        self.writes = 0

    def get(self, deployment: str, name: str) -> Entry | None:
        found = self.objects.get(name)
        return Entry(found[0], found[1], self.age_seconds) if found else None

    def put(self, deployment: str, name: str, body: dict[str, Any], **conditions: str) -> str | None:
        found = self.objects.get(name)
        if conditions.get("IfNoneMatch") and found:
            return None
        if conditions.get("IfMatch") and (not found or found[1] != conditions["IfMatch"]):
            return None
        self.writes += 1
        self.objects[name] = (body, f"etag-{self.writes}")
        return f"etag-{self.writes}"

    def delete(self, deployment: str, name: str, **conditions: str) -> None:
        found = self.objects.get(name)
        if found and conditions.get("IfMatch") in (None, found[1]):
            del self.objects[name]


def lock(shelf: Shelf, folder: Path, *, host: str = "", pid: int = 0) -> DeploymentLock:
    holder = Holder("run-1", "user/dana", host or platform.node(), pid or os.getpid(), "2026-11-26T03:12", "replay")
    return DeploymentLock(shelf, folder, APP, holder, Clock(1.0), lambda: None)


def left_by(shelf: Shelf, host: str, pid: int) -> None:
    body = {
        "id": "other",
        "run": "run-0",
        "who": "user/ci",
        "host": host,
        "pid": pid,
        "since": "03:00",
        "command": "replay",
    }
    shelf.put(APP, LOCK_NAME, body)


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_released_lock_leaves_nothing(tmp_path: Path) -> None:
    shelf = Shelf()
    held = lock(shelf, tmp_path)
    held.acquire()
    assert shelf.objects[LOCK_NAME][0]["who"] == "user/dana"
    held.release()
    assert shelf.objects == {}


def test_a_second_run_on_this_machine_is_told_at_once(tmp_path: Path) -> None:
    shelf = Shelf()
    held = lock(shelf, tmp_path)
    held.acquire()
    with pytest.raises(Locked) as caught:
        lock(shelf, tmp_path).acquire()
    assert caught.value.exit_code == 8 and caught.value.verdict == "locked"
    held.release()


def test_another_machines_run_is_named_with_who_where_and_since_when(tmp_path: Path) -> None:
    shelf = Shelf()
    left_by(shelf, "build-7", 4711)
    with pytest.raises(Locked) as caught:
        lock(shelf, tmp_path).acquire()
    assert "replay by user/ci on build-7 (process 4711), run run-0, since 03:00" in caught.value.evidence
    assert shelf.objects[LOCK_NAME][0]["id"] == "other"


def test_a_lock_left_by_a_dead_process_here_never_blocks(tmp_path: Path) -> None:
    shelf = Shelf()
    left_by(shelf, platform.node(), dead_process())
    held = lock(shelf, tmp_path)
    held.acquire()
    assert shelf.objects[LOCK_NAME][0]["run"] == "run-1"
    held.release()


def test_another_machines_lock_is_taken_when_its_lease_has_ended(tmp_path: Path) -> None:
    shelf = Shelf()
    left_by(shelf, "build-7", 4711)
    shelf.age_seconds = 301
    held = lock(shelf, tmp_path)
    held.acquire()
    held.release()
    assert shelf.objects == {}


def test_a_lock_that_was_taken_over_is_not_given_back_by_its_first_holder(tmp_path: Path) -> None:
    shelf = Shelf()
    held = lock(shelf, tmp_path)
    held.acquire()
    left_by(shelf, "build-7", 4711)
    held.release()
    assert shelf.objects[LOCK_NAME][0]["who"] == "user/ci"


def test_an_answer_that_was_lost_is_recognised_as_ones_own(tmp_path: Path) -> None:
    shelf = Shelf()
    held = lock(shelf, tmp_path)
    perform = shelf.put

    def performed_but_denied(deployment: str, name: str, body: dict[str, Any], **conditions: str) -> str | None:
        perform(deployment, name, body, **conditions)
        return None

    shelf.put = performed_but_denied  # type: ignore[method-assign]
    held.acquire()
    shelf.put = perform  # type: ignore[method-assign]
    held.release()
    assert shelf.objects == {}
