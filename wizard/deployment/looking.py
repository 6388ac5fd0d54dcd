"""What is there: services and their health, past runs, outputs. Reads only, from AWS alone."""

from __future__ import annotations

from typing import Any

from wizard.aws.lock import LOCK_NAME
from wizard.deployment.opening import Connection, Deployment
from wizard.deployment.replaying import outputs_of
from wizard.deployment.services import find_services
from wizard.deployment.states import ServiceState, states_of
from wizard.engine.world import read_world


class Looking:
    """Reads of one account and Region."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._aws = connection.aws

    def services(self, name: str = "", *, everything: bool = False) -> list[ServiceState]:
        """Every service that Pilotage made, or those of `APP[/ENV[/SERVICE]]`, or all of the account; worst first."""
        return states_of(find_services(self._aws, name, everything=everything))

    def history(self, name: str) -> list[dict[str, Any]]:
        """Past runs, newest first. One that says it runs but does not hold the lock died: `unfinished`."""
        logbook = self._connection.logbook()
        entries = [logbook.get(name, key) for key in reversed(logbook.list(name, "runs/"))]
        runs = [entry.body for entry in entries if entry is not None]
        if any(run["verdict"] == "running" for run in runs):
            lock = logbook.get(name, LOCK_NAME)
            holder = lock.body.get("run") if lock else None
            dead = [run for run in runs if run["verdict"] == "running" and run["run"] != holder]
            for run in dead:
                run["verdict"] = "unfinished"
        return runs

    def deployments(self) -> list[str]:
        """Every deployment that the logbook knows."""
        return self._connection.logbook().names()


def current_outputs(deployment: Deployment) -> dict[str, Any]:
    """The outputs of what stands now."""
    world = read_world(deployment.graph, deployment.kinds, deployment.reading_context(), deployment.secrets)
    return outputs_of(deployment, world.live)
