"""The rules that span several keys. Each looks at a whole blueprint and says what does not fit together.

A rule is a function from a blueprint and its environment's name to findings; adding one to `RULES` is all it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wizard.blueprint.checks import data, identity, ingress, naming, network, services, sizes, texts
from wizard.blueprint.model import Blueprint
from wizard.blueprint.problems import Finding

Rule = Callable[[Blueprint, str], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    sizes.task_sizes,
    sizes.container_shares,
    services.container_wiring,
    services.dependencies,
    services.mounts,
    services.scaling,
    services.replacement,
    services.simple_hosting,
    services.rights,
    ingress.routes,
    ingress.one_rule,
    ingress.health,
    identity.in_front,
    identity.open_paths,
    network.subnets,
    network.way_out,
    network.hipaa,
    data.secrets,
    data.brokers,
    data.databases,
    data.lifecycles,
    naming.rules,
    naming.results,
    texts.placeholders,
)


def check(blueprint: Blueprint, env: str) -> Iterator[Finding]:
    """Everything in a blueprint that does not fit together."""
    for rule in RULES:
        yield from rule(blueprint, env)
