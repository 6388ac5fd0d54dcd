"""What a background run can carry out: the same façade calls that the commands make, with a screen's consent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from screens.bridge import BackgroundRun, Opener
from wizard.engine.clock import Clock
from wizard.engine.events import EventStream

if TYPE_CHECKING:
    from wizard.deployment.opening import Deployment
    from wizard.deployment.replaying import Result
    from wizard.deployment.request import Request
    from wizard.deployment.runs import RunFolder
    from wizard.engine.kind import Live


def replay_of(opener: Opener, request: Request) -> BackgroundRun:
    """Plan and make it so. A plan that would delete data is shown, and wants that typed apart."""
    return BackgroundRun(request, opener, _replay)


def removal_of(opener: Opener, request: Request) -> BackgroundRun:
    """Take a deployment down; the screen asked before. Data stays."""
    return BackgroundRun(request, opener, _remove)


def file_opener(path: Path) -> Opener:
    """Opens a blueprint file."""

    def opener(request: Request) -> Deployment:
        from wizard.deployment.opening import open_file

        return open_file(path, request)

    return opener


def name_opener(name: str) -> Opener:
    """Opens a deployment by its name, with the blueprint of its last run."""

    def opener(request: Request) -> Deployment:
        from wizard.deployment.opening import open_named

        return open_named(name, request)

    return opener


def run_opener(folder: RunFolder) -> Opener:
    """Opens an interrupted run."""

    def opener(request: Request) -> Deployment:
        from wizard.deployment.resuming import reopen

        return reopen(folder, request)

    return opener


def _events(run: BackgroundRun) -> EventStream:
    from wizard.deployment.runs import new_run_id

    events = EventStream(new_run_id(), Clock())
    events.subscribe(run.hear)
    return events


def _replay(deployment: Deployment, run: BackgroundRun) -> Result:
    from wizard.deployment.replaying import replay

    return replay(deployment, _events(run), run.confirm, run.stopping, may_delete_data=True)


def _remove(deployment: Deployment, run: BackgroundRun) -> Result:
    from wizard.deployment.removing import destroy

    def agreed(lives: Mapping[str, Live]) -> bool:
        return not run.stopping.is_set()

    return destroy(deployment, _events(run), agreed, run.stopping)
