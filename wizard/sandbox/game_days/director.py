"""Lists the scenarios, plays one, and undoes what was played."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import world
from wizard.sandbox.front import FrontDoor
from wizard.sandbox.game_days.acts import Undo
from wizard.sandbox.game_days.scenarios import BY_NAME, SCENARIOS
from wizard.sandbox.game_days.stage import stage_of, title
from wizard.sandbox.handling import Refused

_PLAYED: list[tuple[str, str, Undo | None]] = []
"""Scenario, service and undoing of each that is not healed yet, in the order played."""


def listing() -> list[dict[str, str]]:
    """Name and line of every scenario."""
    return [{"scenario": scenario.name, "line": scenario.line} for scenario in SCENARIOS]


def break_service(name: str, target: str, front: FrontDoor) -> dict[str, str]:
    """Play a scenario on a service.

    Raises `ValueError` for an unknown scenario or service, and for a service on which it cannot be played.
    """
    scenario = BY_NAME.get(name)
    if scenario is None:
        raise ValueError(f"there is no scenario {name}; there are: {', '.join(BY_NAME)}")
    with world.LOCK:
        world.AGENDA.advance()
        stage = stage_of(target, front)
        try:
            undo = scenario.act(stage)
        except Refused as refused:
            raise ValueError(f"{refused.code}: {refused.message}") from None
        _PLAYED.append((name, title(stage), undo))
    return {"scenario": name, "line": scenario.line, "service": title(stage), "cluster": stage.service.cluster.name}


def heal() -> list[dict[str, Any]]:
    """Undo everything that was played, the newest first; versions that were deployed stay for the person to roll back.

    Nothing is healed twice.
    """
    healed = []
    with world.LOCK:
        world.AGENDA.advance()
        while _PLAYED:
            name, service, undo = _PLAYED.pop()
            if undo is not None:
                undo()
            healed.append({"scenario": name, "service": service, "healed": BY_NAME[name].healed})
    return healed


@world.on_reset
def _forget() -> None:
    _PLAYED.clear()
