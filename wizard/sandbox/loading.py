"""Puts the sandbox together: the handler table, a fresh world, the front door, the control endpoints."""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass
from typing import Any

from wizard.sandbox import handlers, warm_up, world
from wizard.sandbox.answer import Answer
from wizard.sandbox.control import Control
from wizard.sandbox.front import FrontDoor
from wizard.sandbox.moto_app import MotoApplication
from wizard.sandbox.server import SandboxServer


@dataclass(frozen=True)
class LoadedRooms:
    """Everything that answers requests."""

    front: FrontDoor
    controls: Control

    def aws(self, environ: dict[str, Any], body: bytes) -> Answer:
        """Answer an AWS request; raises `LostAnswer`."""
        return self.front.answer(environ, body)

    def control(self, method: str, what: str, query: str, body: bytes) -> Answer:
        """Answer a control request."""
        return self.controls.answer(method, what, query, body)


def load(server: SandboxServer) -> LoadedRooms:
    """Load everything that must be there for the first request; the rest is warmed up in the background."""
    handlers.load()
    world.reset()
    front = FrontDoor(MotoApplication())
    threading.Thread(target=_warm_up, args=(front, server), name="warm-up", daemon=True).start()
    return LoadedRooms(front, Control(front, server))


def _warm_up(front: FrontDoor, server: SandboxServer) -> None:
    try:
        warm_up.warm_up(front)
    finally:
        # What was loaded stays for ever; the collector need not look at it again.
        gc.freeze()
        gc.enable()
        server.warm()
