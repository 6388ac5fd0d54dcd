"""From answers to a graph on paper: in memory only, quick enough for every key press, and remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wizard.advice.cost import PriceList, price_list
from wizard.advice.paper import Paper, known, of_blueprint
from wizard.advice.topology import Topology, topology
from wizard.blueprint.building import build
from wizard.blueprint.environments import Merged
from wizard.blueprint.model import Blueprint
from wizard.engine.graph import Resource
from wizard.engine.kind import Identity
from wizard.engine.plan import Action, Change, critical_path
from wizard.errors import PilotageError
from wizard.kinds.registry import all_kinds
from wizard.walk.edits import edited, edits_of
from wizard.walk.shape import data_of
from wizard.walk.situation import Situation, section

REMEMBERED = 256
"""Drawings kept: a walk visits the same few dozen again and again while somebody moves through the choices."""


@dataclass(frozen=True)
class Drawing:
    """What the answers come to: a graph with its price and its time, or the reason why there is none."""

    paper: Paper | None = None
    prices: PriceList | None = None
    topology: Topology | None = None
    seconds: float = 0.0
    to_make: int = 0
    problem: str = ""

    @property
    def monthly_usd(self) -> float:
        """Sum of what is priced; 0 when nothing can be drawn."""
        return self.prices.monthly_usd if self.prices else 0.0

    @property
    def minutes(self) -> int:
        """Minutes until there is a URL, one at least."""
        return max(1, round(self.seconds / 60)) if self.paper else 0


def desired(situation: Situation) -> Mapping[str, Any]:
    """The whole blueprint as plain data: environments and all."""
    if situation.is_starter:
        return edited(situation.starter.data, edits_of(situation))
    return data_of(situation)


def draw(situation: Situation, environment: str | None = None) -> Drawing:
    """The drawing of one environment."""
    if not situation.app.form:
        return Drawing(problem="nothing is known about the application yet")
    written = json.dumps(desired(situation), default=str)
    # Optional and composed secrets count as given only where somebody gave them: what is made depends on it.
    given = frozenset(situation.variables.secret) if situation.is_starter else frozenset()
    return _draw(written, environment or situation.environment, given)


@lru_cache(maxsize=REMEMBERED)
def _draw(written: str, environment: str, given: frozenset[str]) -> Drawing:
    blueprint, problem = blueprint_of(json.loads(written), environment)
    if blueprint is None:
        return Drawing(problem=problem)
    return drawing_of(blueprint, environment, given)


def blueprint_of(data: Mapping[str, Any], environment: str) -> tuple[Blueprint | None, str]:
    """The blueprint of an environment, or the first thing that is wrong with it."""
    overlay = section(section(data, "environments"), environment)
    merged = Merged({})
    merged.data = merged.take({key: value for key, value in data.items() if key != "environments"}, (), ())
    merged.merge(merged.data, overlay, (), ("environments", environment))
    blueprint, found = build(merged.data, environment)
    errors = [each for each in found if each.level == "error"]
    return (None, errors[0].message) if errors or blueprint is None else (blueprint, "")


def drawing_of(blueprint: Blueprint, environment: str, given: frozenset[str] = frozenset()) -> Drawing:
    """The drawing of a checked blueprint; `given` are variables whose secret value somebody has."""
    try:
        paper = of_blueprint(blueprint, environment, secrets=given)
    except PilotageError as error:
        return Drawing(problem=error.summary)
    made = [resource for resource in paper.graph.resources.values() if not _is_found(resource)]
    return Drawing(paper, price_list(paper), topology(paper), seconds_of(paper), len(made))


def _is_found(resource: Resource) -> bool:
    return all_kinds()[resource.kind].identity is Identity.FOUND


def seconds_of(paper: Paper) -> float:
    """AWS seconds along the longest chain, from nothing to everything."""
    kinds = all_kinds()
    changes = [
        Change(each.address, Action.CREATE, "", seconds=kinds[each.kind].create_seconds(known(each.properties)))
        for each in paper.graph.resources.values()
    ]
    return critical_path(paper.graph, changes)[0]
