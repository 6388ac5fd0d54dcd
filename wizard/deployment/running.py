"""What every run that changes something shares: its announcement, lock, folder, journal and logbook entry."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from os import getpid
from typing import Any

from wizard.aws.lock import DeploymentLock, Holder
from wizard.aws.logbook import Logbook
from wizard.deployment.opening import DEPLOYMENT_RECORD, Deployment
from wizard.deployment.runs import Runs
from wizard.engine.events import Event, EventStream, EventType
from wizard.engine.journal import Journal
from wizard.engine.site import Site
from wizard.home import home


@dataclass(frozen=True)
class OpenRun:
    """A run that holds the lock and has its journal."""

    site: Site
    record: Callable[[dict[str, Any]], None]


class Buffer:
    """Keeps the events before there is a journal, then hands them on."""

    def __init__(self, events: EventStream) -> None:
        self._kept: list[Event] = []
        self._sink: Callable[[Event], None] = self._kept.append
        events.subscribe(lambda event: self._sink(event))

    def pour_into(self, journal: Journal) -> None:
        """From now on every event goes to the journal."""
        for event in self._kept:
            journal.record(event)
        self._kept.clear()
        self._sink = journal.record

    def stop(self) -> None:
        """Keep nothing more."""
        self._sink = lambda event: None


def announce(deployment: Deployment, events: EventStream, command: str) -> None:
    """The first event of a run: who, where, what."""
    identity = deployment.connection.identity
    events.publish(
        EventType.RUN_START,
        message=f"{command} {deployment.name} in {identity.place}",
        detail={
            "command": command,
            "deployment": deployment.name,
            "account": identity.account,
            "region": identity.region,
            "sandbox": identity.sandbox,
            "caller": identity.arn,
            "blueprint": deployment.digest[:12],
        },
    )


@contextmanager
def opened_run(
    deployment: Deployment,
    events: EventStream,
    buffer: Buffer,
    command: str,
    stopping: threading.Event,
    may_delete_data: bool,
) -> Iterator[OpenRun]:
    """Lock, folder, journal and logbook entry of a run, given back in the end whatever happens."""
    logbook = deployment.connection.logbook()
    is_new = logbook.open()
    entry = _entry(deployment, events.run, command)
    lock = _lock(deployment, logbook, entry, stopping)
    lock.acquire()
    try:
        journal = _open_journal(deployment, entry, may_delete_data)
        buffer.pour_into(journal)
        clerk = ThreadPoolExecutor(1, thread_name_prefix="logbook")
        begun = clerk.submit(_begin_record, logbook, deployment, entry, is_new)

        def record(ending: dict[str, Any]) -> None:
            begun.result()
            _write_entry(logbook, deployment, entry | {"ended_at": _now(deployment), **ending})
            events.publish(
                EventType.RUN_COMPLETE,
                message=ending["verdict"],
                verdict=ending["verdict"],
                exit_code=ending["exit_code"],
                detail={name: ending[name] for name in ("counts", "kept") if name in ending},
            )

        context = deployment.context(events.run)
        kinds, secrets = deployment.kinds, deployment.secrets
        try:
            yield OpenRun(Site(context, kinds, journal, events, secrets, stopping, may_delete_data), record)
        finally:
            buffer.stop()
            journal.close()
            clerk.shutdown()
    finally:
        lock.release()


def _now(deployment: Deployment) -> str:
    return deployment.connection.clock.now().isoformat(timespec="seconds")


def _lock(deployment: Deployment, logbook: Logbook, entry: dict[str, Any], stopping: threading.Event) -> DeploymentLock:
    holder = Holder(entry["run"], entry["who"], entry["host"], getpid(), entry["started_at"], entry["command"])
    clock = deployment.connection.clock
    return DeploymentLock(logbook, home() / "locks", deployment.name, holder, clock, stopping.set)


def _open_journal(deployment: Deployment, entry: dict[str, Any], may_delete_data: bool) -> Journal:
    """The run's folder with what was asked for, and its journal, which carries on the last one's open intents."""
    runs = Runs(home())
    account = deployment.connection.identity.account
    intents = runs.open_intents(deployment.name, account)
    folder = runs.folder(entry["run"])
    asked = {"command": entry["command"], "deployment": deployment.name, "account": account}
    folder.write_request(asked | {"may_delete_data": may_delete_data} | deployment.record())
    return Journal(folder.journal, intents)


def _begin_record(logbook: Logbook, deployment: Deployment, entry: dict[str, Any], is_new: bool) -> None:
    """What the logbook is told at the start of a run; beside the run, because nothing in it waits for this."""
    if is_new:
        logbook.furnish()
    _write_entry(logbook, deployment, entry)
    logbook.put(deployment.name, DEPLOYMENT_RECORD, deployment.record())


def _entry(deployment: Deployment, run: str, command: str) -> dict[str, Any]:
    return {
        "run": run,
        "deployment": deployment.name,
        "command": command,
        "who": deployment.connection.identity.arn.split(":")[-1],
        "host": platform.node(),
        "started_at": _now(deployment),
        "verdict": "running",
        "tag": deployment.request.tag,
        "blueprint": deployment.digest[:12],
    }


def _write_entry(logbook: Logbook, deployment: Deployment, entry: dict[str, Any]) -> None:
    logbook.put(deployment.name, f"runs/{entry['run']}.json", entry)
