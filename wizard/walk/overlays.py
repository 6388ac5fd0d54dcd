"""How environments differ: `dev` is cheap, `prod` survives the loss of a data centre."""

from __future__ import annotations

from typing import Any

from wizard.walk.routes import groups
from wizard.walk.situation import ECS, Situation

Data = dict[str, Any]
NAMES = {"dev-prod": ("dev", "prod"), "dev-staging-prod": ("dev", "staging", "prod")}
RANGES = {"staging": "10.2.0.0/16", "prod": "10.1.0.0/16"}


def base_host(situation: Situation) -> str:
    """The host that stands first in the file: that of `dev` where there are several environments."""
    return host_of(situation, situation.environment)


def host_of(situation: Situation, environment: str) -> str:
    """The host of an environment: `shop.example.com` for prod, `shop-dev.example.com` for dev."""
    first, dot, rest = situation.host.partition(".")
    own = environment in ("main", "prod")
    return situation.host if own else f"{first}-{environment}{dot}{rest}"


def environments(situation: Situation) -> Data:
    """The section `environments`; empty when there is one environment only."""
    made: Data = {}
    for name in NAMES.get(situation.environments, ()):
        made[name] = {} if name == "dev" else _overlay(situation, name)
    return made


def _overlay(situation: Situation, name: str) -> Data:
    made: Data = {}
    if situation.has_load_balancer:
        made["ingress"] = {"host": host_of(situation, name)}
    if situation.compute != "app-runner" and situation.network != "default-vpc":
        made["network"] = {"cidr": RANGES[name]}
    if name == "prod":
        _survive(situation, made)
    return made


def _survive(situation: Situation, made: Data) -> None:
    """What prod has so that the loss of a data centre is not the loss of the application."""
    if situation.network == "private" and situation.compute == ECS:
        made["network"]["nat"] = "per-zone"
    more: Data = {"count": 2} if situation.compute == ECS else {"autoscaling": {"min": 2, "max": 4}}
    made["services"] = {name: dict(more) for name, parts in groups(situation).items() if not parts[0].is_worker}
    if not made["services"]:
        del made["services"]
    guarded: dict[str, Data] = {
        "rds-postgres": {"multi_az": True, "deletion_protection": True},
        "aurora-postgres": {"instances": 2, "deletion_protection": True},
        "documentdb": {"instances": 2, "deletion_protection": True},
        "dynamodb": {"deletion_protection": True},
    }
    if situation.database in guarded:
        made["database"] = guarded[situation.database]
    if situation.watching == "logs":
        made["observability"] = {"alarms": True}
