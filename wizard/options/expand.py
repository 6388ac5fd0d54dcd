"""From a blueprint to a graph: the steps in their fixed order, each building on what earlier ones decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wizard.engine.graph import Graph
from wizard.errors import UsageError
from wizard.options import (
    alarms,
    audit,
    budget,
    delivery,
    firewall,
    flow_logs,
    images,
    keys,
    logs,
    receipt,
    roles,
    scaling,
    secrets,
    security_groups,
    strategies,
)
from wizard.options.given_database import as_given
from wizard.options.hardening import hardened
from wizard.options.registry import SECTIONS, choices, option_for
from wizard.options.site import Expansion, Site

Step = Callable[[Site], Site]

_TAKEN = frozenset({"alb", "broker", "database", "deploy", "endpoints", "execution", "flow-logs", "infrastructure"})
"""Names of security groups and roles that a deployment has besides those of its services."""


def expand(expansion: Expansion) -> Graph:
    """Every resource that should exist for a blueprint, with its outputs.

    Raises UsageError for a choice that no option serves, before anything else is looked at.
    """
    for section in SECTIONS:
        for name, choice in choices(expansion.blueprint, section):
            option_for(section, name, choice)
    expansion = as_given(replace(expansion, blueprint=hardened(expansion.blueprint)))
    _refuse_taken_names(expansion)
    site = Site(expansion, placeholders=_facts(expansion))
    for step in _STEPS:
        site = step(site)
    return Graph.of(site.resources, site.outputs)


def _facts(expansion: Expansion) -> dict[str, str]:
    return {
        "app": expansion.blueprint.name,
        "env": expansion.environment,
        "account": expansion.account,
        "region": expansion.region,
    }


def _refuse_taken_names(expansion: Expansion) -> None:
    for name in expansion.blueprint.services:
        if name in _TAKEN:
            raise UsageError(
                f"`services.{name}`: a service cannot be called {name}",
                evidence="A security group or a role of this name exists beside those of the services.",
                safe="AWS was not called.",
                next_step=f"Call it {name}-service or, better, by what it does.",
            )


def _chosen(section: str) -> Step:
    """The step that expands each choice of a section by the option that serves it."""

    def step(site: Site) -> Site:
        for name, choice in choices(site.blueprint, section):
            site = option_for(section, name, choice).expand(site, name, choice)
        return site

    return step


_STEPS: tuple[Step, ...] = (
    keys.add,
    _chosen("network"),
    flow_logs.add,
    security_groups.add,
    logs.add,
    images.add,
    _chosen("storage"),
    _chosen("broker"),
    _chosen("database"),
    secrets.add,
    roles.add,
    strategies.add,
    _chosen("ingress"),
    firewall.add,
    _chosen("identity"),
    _chosen("services"),
    scaling.add,
    alarms.add,
    audit.add,
    budget.add,
    delivery.add,
    receipt.add,
)
