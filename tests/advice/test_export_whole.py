"""A template leaves nothing out: each kind, resource and property is in it, or the reason is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.advice.papers import ENVIRONMENTS, starter, written
from tests.advice.test_export import SCOPE, every, exported
from tests.kinds.cases import all_cases
from tests.options.mixtures import mixtures
from wizard.advice.export.cloudformation import SHAPES
from wizard.advice.export.form import Asked, Note, One, Piece
from wizard.advice.export.values import Values
from wizard.advice.paper import Paper
from wizard.engine.graph import Graph, Resource
from wizard.kinds.registry import all_kinds


def test_every_kind_is_said() -> None:
    assert SHAPES.keys() == all_kinds().keys()


@every
def test_every_resource_is_in_the_template_or_its_reason_is(name: str, env: str | None) -> None:
    paper, found = starter(name, env), exported(name, env)
    made = {entry.address for entry in found.resources.values()}
    values = Values(paper, SHAPES)
    asked = {
        address
        for address, resource in paper.graph.resources.items()
        if any(isinstance(part, Asked) for part in SHAPES[resource.kind].parts(One(resource, values)))
    }
    assert made | asked | found.not_here.keys() == paper.graph.resources.keys()
    assert all(reason.endswith((".", "0.", "FILE")) for reason in found.not_here.values())
    assert not made & found.not_here.keys()


class Watched(dict[str, Any]):
    """Properties that remember which of them somebody looked at."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        super().__init__(properties)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)


OF_PILOTAGE = {
    ("image", "repository"),
    ("image", "wait_minutes"),
    ("repository", "user"),
    ("security_group", "foreign_rules"),
    ("target_group", "alternate"),
    ("task_definition", "keep"),
    ("task_definition", "secret_versions"),
    ("task_definition", "runs_in"),
}
"""Properties that say how Pilotage works, and are no settings in AWS."""
WITHOUT_PORTS = {("security_group_rule", "from_port"), ("security_group_rule", "to_port")}
"""AWS opens all ports of a protocol that is neither TCP, UDP nor ICMP, whatever is asked."""


def unseen(values: Values, resource: Resource) -> set[str]:
    """Properties that the template takes no notice of; none of one that is not in it."""
    watched = Watched(resource.properties)
    parts = list(SHAPES[resource.kind].parts(One(replace(resource, properties=watched), values)))
    return set(watched) - watched.seen if any(isinstance(part, Piece) for part in parts) else set()


def test_no_property_is_passed_over() -> None:
    papers = [Paper(Graph({each.address: each for each in (*case.world, case.subject)}), SCOPE) for case in all_cases()]
    papers += [*(starter(name, env) for name, env in ENVIRONMENTS), *map(written, mixtures())]
    passed_over: set[tuple[str, str]] = set()
    for found in papers:
        values = Values(found, SHAPES)
        for resource in found.graph.resources.values():
            passed_over |= {(resource.kind, name) for name in unseen(values, resource)}
    assert passed_over <= OF_PILOTAGE | WITHOUT_PORTS


def test_what_has_no_resource_in_cloudformation_says_why() -> None:
    silent = [
        kind
        for kind, resource in EXAMPLES.items()
        if not any(isinstance(part, (Piece, Asked, Note)) for part in said(resource))
    ]
    assert silent == []


def said(resource: Resource) -> list[Any]:
    paper = Paper(Graph.of([resource]), SCOPE)
    return list(SHAPES[resource.kind].parts(One(resource, Values(paper, SHAPES))))


EXAMPLES = {
    kind: Resource(
        kind, "one", {"name": "/one", "task_definition": "arn", "command": ["migrate"], "zone": "us-east-1a"}
    )
    for kind in ("certificate_validation", "parameter", "migration", "default_vpc", "default_subnet", "hosted_zone")
}
