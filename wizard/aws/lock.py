"""One run at a time for a deployment: a file lock on this machine, and a leased object in the logbook for all others.

Whoever holds the file lock knows that no other process here is running, so an object that names this machine and a
dead process is left over and is taken. Another machine's is taken when its lease ends, or by `unlock`.
"""

from __future__ import annotations

import os
import platform
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from wizard.aws.logbook import Entry, Logbook
from wizard.engine.clock import Clock
from wizard.errors import Locked, PilotageError

LEASE_SECONDS = 300.0
BEAT_SECONDS = 60.0
LOCK_NAME = "lock.json"


@dataclass(frozen=True)
class Holder:
    """Who runs, as written in the lock."""

    run: str
    who: str
    host: str
    pid: int
    since: str
    command: str

    def words(self) -> str:
        """The holder for a person."""
        return f"{self.command} by {self.who} on {self.host} (process {self.pid}), run {self.run}, since {self.since}"


class DeploymentLock:
    """Held from `acquire` to `release`; calls `on_lost` if somebody else takes it over meanwhile."""

    def __init__(
        self, logbook: Logbook, folder: Path, deployment: str, holder: Holder, clock: Clock, on_lost: Callable[[], None]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = FileLock(folder / f"{deployment.replace('/', '-')}.lock", timeout=0)
        self._logbook = logbook
        self._deployment = deployment
        self._holder = holder
        self._clock = clock
        self._on_lost = on_lost
        self._id = uuid.uuid4().hex
        self._etag: str | None = None
        self._ended = threading.Event()
        self._beats = threading.Thread(target=self._keep, name="lock", daemon=True)

    def acquire(self) -> None:
        """Take the lock; raises `Locked` with who holds it."""
        try:
            self._file.acquire()
        except Timeout:
            raise _locked(self._deployment, "another run on this machine") from None
        try:
            self._etag = self._take()
        except BaseException:
            self._file.release()
            raise
        self._beats.start()

    def _take(self) -> str:
        etag = self._logbook.put(self._deployment, LOCK_NAME, self._body(), IfNoneMatch="*")
        if etag:
            return etag
        found = self._logbook.get(self._deployment, LOCK_NAME)
        if found is None:
            return self._take()
        if found.body.get("id") == self._id:
            return found.etag
        if not self._is_left_over(found):
            raise _locked(self._deployment, _holder_of(found).words())
        etag = self._logbook.put(self._deployment, LOCK_NAME, self._body(), IfMatch=found.etag)
        if not etag:
            raise _locked(self._deployment, "another run, which was faster")
        return etag

    def _is_left_over(self, found: Entry) -> bool:
        holder = _holder_of(found)
        if holder.host == platform.node() and not _is_alive(holder.pid):
            return True
        return found.age_seconds * self._clock.scale > LEASE_SECONDS

    def _body(self) -> dict[str, Any]:
        return {"id": self._id, **self._holder.__dict__}

    def _keep(self) -> None:
        while not self._ended.wait(self._clock.real(BEAT_SECONDS)):
            try:
                etag = self._logbook.put(self._deployment, LOCK_NAME, self._body(), IfMatch=self._etag or "")
            except PilotageError:
                continue
            if etag is None:
                self._on_lost()
                return
            self._etag = etag

    def release(self) -> None:
        """Give it back, unless somebody took it over."""
        self._ended.set()
        if self._beats.ident is not None:
            self._beats.join(timeout=5)
        try:
            self._logbook.delete(self._deployment, LOCK_NAME, IfMatch=self._etag or "")
        finally:
            self._file.release()


def _holder_of(entry: Entry) -> Holder:
    known = {name: entry.body.get(name, "") for name in Holder.__dataclass_fields__}
    return Holder(**known)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _locked(deployment: str, holder: str) -> Locked:
    return Locked(
        f"{deployment} is being changed by another run",
        evidence=holder,
        safe="nothing was changed by this command",
        next_step="wait for it to end, then run the same command again",
    )
