"""The sandbox's own endpoints under `/_pilotage/`: JSON about the sandbox, for rehearsals and tests; not AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from wizard.sandbox import app_runner, catalogue, game_days, model_check, world
from wizard.sandbox.answer import Answer
from wizard.sandbox.ecs.interruption import interrupt
from wizard.sandbox.front import FrontDoor
from wizard.sandbox.record import Fault
from wizard.sandbox.server import SandboxServer, json_answer


@dataclass(frozen=True)
class Control:
    """Answers control requests about one front door."""

    front: FrontDoor
    server: SandboxServer

    def answer(self, method: str, what: str, query: str, body: bytes) -> Answer:
        """Route one request; anything unknown is a 404 that lists what there is."""
        routes: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("POST", "reset"): self._reset,
            ("GET", "calls"): self._calls,
            ("GET", "inventory"): lambda _: catalogue.everything(),
            ("GET", "unchecked"): lambda _: model_check.unchecked(),
            ("POST", "clock"): self._set_clock,
            ("POST", "latency"): self._latency,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "app-runner"): self._app_runner,
            ("GET", "scenarios"): lambda _: game_days.listing(),
            ("POST", "break"): self._break,
            ("POST", "heal"): lambda _: game_days.heal(),
            ("POST", "interrupt"): lambda arguments: interrupt(str(arguments["task"])),
        }
        route = routes.get((method, what))
        if route is None:
            known = ["GET status", *(" ".join(key) for key in routes)]
            return json_answer(404, {"error": "no such endpoint", "endpoints": known})
        try:
            arguments = {key: values[-1] for key, values in parse_qs(query).items()}
            if body:
                arguments |= json.loads(body)
            return json_answer(200, route(arguments))
        except (ValueError, KeyError, TypeError) as error:
            return json_answer(400, {"error": str(error)})

    def _reset(self, _arguments: dict[str, Any]) -> Any:
        with world.LOCK:
            world.reset()
            self.front.calls.clear()
            self.front.faults.clear()
            self.front.latency_seconds = 0.0
        return {"reset": True}

    def _set_clock(self, arguments: dict[str, Any]) -> Any:
        """`scale` changes the pace; `skip` lets AWS seconds pass at once."""
        with world.LOCK:
            if "scale" in arguments:
                world.AGENDA.set_scale(float(arguments["scale"]))
            world.skip(float(arguments.get("skip", 0)))
        return self.server.status()

    def _calls(self, arguments: dict[str, Any]) -> Any:
        return self.front.calls.since(int(arguments.get("since", 0)))

    def _latency(self, arguments: dict[str, Any]) -> Any:
        self.front.latency_seconds = max(float(arguments.get("ms", 0)), 0.0) / 1000
        return {"ms": self.front.latency_seconds * 1000}

    def _add_fault(self, arguments: dict[str, Any]) -> Any:
        fault = Fault.from_request(arguments)
        self.front.faults.add(fault)
        return vars(fault)

    def _clear_faults(self, _arguments: dict[str, Any]) -> Any:
        self.front.faults.clear()
        return {"faults": []}

    def _break(self, arguments: dict[str, Any]) -> Any:
        """Play a `scenario` on a `service`; without one, on the first behind a load balancer."""
        return game_days.break_service(str(arguments["scenario"]), str(arguments.get("service", "")), self.front)

    def _app_runner(self, arguments: dict[str, Any]) -> Any:
        """`open` false: this account is one of those to which App Runner is closed."""
        with world.LOCK:
            return app_runner.set_open(bool(arguments["open"]))
