"""Holds the table of controls against a graph and what a read of AWS found. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.advice.controls.at_rest import AT_REST
from wizard.advice.controls.control import Around, Carrier, Control, State, Verdict
from wizard.advice.controls.doors import DOORS
from wizard.advice.controls.in_transit import IN_TRANSIT
from wizard.advice.controls.keeping import KEEPING
from wizard.advice.controls.records import RECORDS
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Live
from wizard.engine.values import Supply, has_unknown, resolve
from wizard.engine.world import Kinds, attributes_of, differences

HIPAA: tuple[Control, ...] = (*AT_REST, *DOORS, *IN_TRANSIT, *RECORDS, *KEEPING)
"""Every control of the preset."""
GRAVEST = (State.BROKEN, State.NOT_CHECKED, State.OK)


@dataclass(frozen=True)
class Finding:
    """One control as one resource carries it. An empty address: nothing of the deployment does."""

    control: Control
    address: str
    id: str
    state: State
    evidence: str
    by_hand: str
    """The `aws` command that shows a person the same."""
    differs: bool = False
    """Whether the resource is not as the blueprint wants it, so that a replay repairs it."""
    otherwise: str = ""
    """What repairs it where a replay does not."""


def check(graph: Graph, live: Mapping[str, Live], kinds: Kinds, supply: Supply) -> tuple[Finding, ...]:
    """Every control that says something about the graph, resource by resource, in the order of the table."""
    around = Around(graph, live)
    return tuple(
        finding
        for control in HIPAA
        for finding in _carried(control, around, kinds, supply) or _not_carried(control, graph)
    )


def state_of(findings: tuple[Finding, ...], control: Control) -> State:
    """The gravest state of a control among its findings."""
    states = [finding.state for finding in findings if finding.control is control]
    return min(states, key=GRAVEST.index, default=State.OK)


def _carried(control: Control, around: Around, kinds: Kinds, supply: Supply) -> list[Finding]:
    return [
        _finding(control, carrier, resource, around, kinds, supply)
        for carrier, resource in _carriers(control, around.graph)
    ]


def _carriers(control: Control, graph: Graph) -> Iterator[tuple[Carrier, Resource]]:
    for carrier in control.carriers:
        for resource in graph.resources.values():
            if resource.kind == carrier.kind and carrier.carries(resource):
                yield carrier, resource


def _finding(
    control: Control, carrier: Carrier, resource: Resource, around: Around, kinds: Kinds, supply: Supply
) -> Finding:
    found = around.live.get(resource.address)
    desired = resolve(resource.properties, attributes_of(around.live), supply)
    by_hand = carrier.by_hand.format_map(_Facts(desired, found))
    if found is None:
        verdict = Verdict(State.BROKEN, "it is not there")
        return Finding(control, resource.address, "", verdict.state, verdict.evidence, by_hand, differs=True)
    verdict = carrier.judge(found, around)
    differs = bool(differences(kinds[resource.kind], desired, found))
    state, evidence, otherwise = verdict.state, verdict.evidence, carrier.otherwise
    return Finding(control, resource.address, found.id, state, evidence, by_hand, differs, otherwise)


def _not_carried(control: Control, graph: Graph) -> list[Finding]:
    if control.absent is None:
        return []
    verdict = control.absent.judge(graph)
    return [Finding(control, "", "", verdict.state, verdict.evidence, control.absent.by_hand)]


class _Facts(dict[str, str]):
    """What a command names: the resource as it is, else as it is wanted, else the word in angle brackets."""

    def __init__(self, desired: Mapping[str, Any], live: Live | None) -> None:
        known = dict(desired) | (dict(live.properties) | dict(live.attributes) if live else {})
        super().__init__(
            {name: shlex.quote(str(value)) for name, value in known.items() if value and not has_unknown(value)}
        )
        # RDS has two sets of commands for parameter groups.
        self["of_cluster"] = "-cluster" if desired.get("cluster") is True else ""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"
