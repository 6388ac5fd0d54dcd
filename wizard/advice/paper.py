"""A deployment on paper: the graph of a blueprint, in a real or made-up account, without a call to AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.blueprint.checks.data import source_of
from wizard.blueprint.document import Document
from wizard.blueprint.environments import resolve as chosen
from wizard.blueprint.model import Blueprint
from wizard.blueprint.names import Names
from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Scope
from wizard.engine.values import UNKNOWN, Ref, resolve
from wizard.kinds.registry import all_kinds
from wizard.options import Expansion, expand

MADE_UP_ACCOUNT = "123456789012"
"""The account of AWS's own examples, for pictures and prices that need none."""
PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


@dataclass(frozen=True)
class Paper:
    """What would exist, where."""

    graph: Graph
    scope: Scope

    @property
    def deployment(self) -> str:
        """`<app>/<env>`."""
        return self.scope.deployment

    def of_kind(self, *kinds: str) -> list[Resource]:
        """The resources of these kinds, sorted by address."""
        found = (each for each in self.graph.resources.values() if each.kind in kinds)
        return sorted(found, key=lambda each: each.address)

    def title(self, kind: str) -> str:
        """A kind in the words of AWS."""
        title = all_kinds()[kind].title
        return title[:1].upper() + title[1:]


def on_paper(
    document: Document,
    environment: str | None,
    sets: tuple[str, ...] = (),
    *,
    account: str | None = None,
    region: str | None = None,
    secrets: Iterable[str] | None = None,
    **asked: Any,
) -> Paper:
    """Expand a blueprint; raises as `resolve` and `expand` do.

    `account` is for those who know it; otherwise the blueprint's, otherwise a made-up one. `secrets` are the names that
    have a value; None takes every optional secret for given. `asked` is what else a run may ask of an `Expansion`.
    """
    blueprint, env = chosen(document, environment, sets)
    return of_blueprint(blueprint, env, account=account, region=region, secrets=secrets, **asked)


def of_blueprint(
    blueprint: Blueprint,
    env: str,
    *,
    account: str | None = None,
    region: str | None = None,
    secrets: Iterable[str] | None = None,
    **asked: Any,
) -> Paper:
    """The same for a blueprint that was checked before; raises as `expand` does."""
    here = account or blueprint.account or MADE_UP_ACCOUNT
    where = region or blueprint.region
    scope = Scope(f"{blueprint.name}/{env}", here, where, partition=partition_of(where))
    graph = expand(
        Expansion(
            blueprint=blueprint,
            environment=env,
            account=here,
            region=where,
            partition=scope.partition,
            names=Names(blueprint.name, env, here, where, blueprint.names),
            given_secrets=frozenset(_every_secret(blueprint) if secrets is None else secrets),
            **asked,
        )
    )
    return Paper(graph, scope)


def partition_of(region: str) -> str:
    """The partition that a Region belongs to."""
    return next((partition for prefix, partition in PARTITIONS if region.startswith(prefix)), "aws")


def known(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as far as they are known before anything is made."""
    found: dict[str, Any] = resolve(properties, _unknown, _nobody)
    return found


def _every_secret(blueprint: Blueprint) -> set[str]:
    return {source_of(name, secret) for name, secret in blueprint.secrets.items()}


def _unknown(ref: Ref) -> Any:
    return UNKNOWN


def _nobody(wanted: object) -> None:
    return None
