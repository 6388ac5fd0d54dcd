"""Expansions of the starter blueprints, and small questions that tests ask about a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from wizard.blueprint.document import Document, load
from wizard.blueprint.environments import resolve
from wizard.blueprint.model import Blueprint
from wizard.blueprint.names import Names
from wizard.engine.graph import Graph, Resource
from wizard.engine.values import Ref
from wizard.options import Expansion, expand

ACCOUNT = "123456789012"
BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
GOLDEN = Path(__file__).parent / "golden"
STARTERS = (
    ("carepolicy-hub", None),
    ("fasttriage", "dev"),
    ("fasttriage", "prod"),
    ("chatkit", None),
    ("augmed", None),
    ("rung", "dev"),
    ("rung", "prod"),
)


def starter(name: str, env: str | None, *sets: str) -> Blueprint:
    """A starter in one environment, with `--set` on top."""
    return resolve(load(BLUEPRINTS / f"{name}.yaml"), env, sets)[0]


def written(text: str) -> Blueprint:
    """A blueprint from its text."""
    return resolve(Document(text, "test.yaml"))[0]


def expansion(blueprint: Blueprint, env: str = "main", **given: Any) -> Expansion:
    """What expands a blueprint in the test account."""
    region = blueprint.region
    names = Names(blueprint.name, env, ACCOUNT, region, blueprint.names)
    return replace(Expansion(blueprint, env, ACCOUNT, region, "aws", names), **given)


def graph(name: str, env: str | None, *sets: str, **given: Any) -> Graph:
    """The graph of a starter."""
    return expand(expansion(starter(name, env, *sets), env or "main", **given))


def of_kind(graph: Graph, kind: str) -> dict[str, Resource]:
    """The resources of a kind by name."""
    return {resource.name: resource for resource in graph.resources.values() if resource.kind == kind}


def container(graph: Graph, service: str, name: str) -> dict[str, Any]:
    """One container definition of a service."""
    definitions = graph.resources[f"task_definition.{service}"].properties["containers"]
    return next(each for each in definitions if each["name"] == name)


def variables(graph: Graph, service: str, name: str) -> dict[str, Any]:
    """The plain variables of a container."""
    return {each["name"]: each["value"] for each in container(graph, service, name)["environment"]}


def injected(graph: Graph, service: str, name: str) -> dict[str, Any]:
    """The secret variables of a container."""
    return {each["name"]: each["valueFrom"] for each in container(graph, service, name)["secrets"]}


def traffic(graph: Graph) -> set[str]:
    """Every rule of every security group in one line: `backend in 8000 from alb`."""
    return {_sentence(rule) for rule in of_kind(graph, "security_group_rule").values()}


def _sentence(rule: Resource) -> str:
    properties = rule.properties
    peer, group = properties["peer"], properties["group"].address.split(".")[1]
    other = peer.address.split(".")[1] if isinstance(peer, Ref) else {"0.0.0.0/0": "anywhere"}.get(peer, peer)
    assert (properties["protocol"], properties["from_port"]) == ("tcp", properties["to_port"])
    direction = ("in", "from") if properties["direction"] == "ingress" else ("out", "to")
    return f"{group} {direction[0]} {properties['from_port']} {direction[1]} {other}"


def statements(graph: Graph, role: str) -> dict[str, tuple[list[str], list[Any]]]:
    """Actions and resources of a role's policy by statement id."""
    policy = graph.resources[f"role.{role}"].properties["policy"]
    return {each["Sid"]: (each["Action"], each["Resource"]) for each in policy.get("Statement", ())}


def outline(graph: Graph) -> str:
    """Every address and what it waits for, one a line."""
    lines = (f"{address} <- {' '.join(sorted(graph.dependencies(address)))}".rstrip() for address in graph.resources)
    return "\n".join(sorted(lines)) + "\n"


def golden_file(name: str, env: str | None) -> Path:
    """Where the outline of a starter is kept."""
    return GOLDEN / f"{'-'.join(filter(None, (name, env)))}.txt"


def leaves(value: Any) -> Iterator[Any]:
    """Every plain value inside a property."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value


if __name__ == "__main__":
    for name, env in STARTERS:
        golden_file(name, env).write_text(outline(graph(name, env)))
