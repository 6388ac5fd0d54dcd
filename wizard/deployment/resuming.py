"""Open an interrupted run again, with the blueprint and the options that it had."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.document import Document
from wizard.deployment.opening import Deployment, open_document
from wizard.deployment.request import Request
from wizard.deployment.runs import RunFolder
from wizard.errors import WorldMoved

SAID_NOW = ("profile", "region", "secrets_file", "sandbox", "wait_image_minutes")
"""What is said now about place, secrets and patience wins over what the run was given."""


def reopen(folder: RunFolder, now: Request) -> Deployment:
    """The deployment of a run, as it was asked for.

    Raises `WorldMoved` when a later run of it exists, here or elsewhere: an old blueprint must not undo that one.
    """
    asked = folder.request()
    again: dict[str, Any] = {"ask": now.ask, "on_call": now.on_call}
    again |= {name: getattr(now, name) for name in SAID_NOW if getattr(now, name)}
    request = Request.from_record(asked["request"], **again)
    deployment = open_document(Document(asked["blueprint"], asked["file"]), request)
    recorded = deployment.connection.logbook().list(deployment.name, "runs/")
    newest = recorded[-1].removeprefix("runs/").removesuffix(".json") if recorded else folder.run
    if newest > folder.run:
        raise WorldMoved(
            f"a later run of {deployment.name} exists: {newest}",
            evidence=f"run {folder.run} would bring back an older blueprint",
            safe="nothing was changed",
            next_step=f"pilotage history {deployment.name}   then replay the blueprint that you want",
        )
    return deployment
