"""What Amazon MQ for RabbitMQ accepts, late in 2026, and what it costs in us-east-1."""

from __future__ import annotations

import re
from typing import Any

from wizard.engine.kind import Properties
from wizard.errors import UsageError
from wizard.kinds import prices

VERSIONS = ("3.13", "4.2", "4.3")
M5 = ("large", "xlarge", "2xlarge", "4xlarge")
M7G = ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
INSTANCES = frozenset({f"mq.m5.{size}" for size in M5} | {f"mq.m7g.{size}" for size in M7G})


def broker_problems(properties: Properties) -> list[str]:
    """Every rule that the known properties break."""
    known = {key: value for key, value in properties.items() if isinstance(value, (str, list))}
    return [
        *_name(known.get("name")),
        *_user(known.get("user")),
        *_size(known.get("instance"), known.get("version")),
        *_place(known.get("mode"), known.get("subnets")),
    ]


def _name(name: Any) -> list[str]:
    if name is None or re.fullmatch(r"[A-Za-z0-9_-]{1,50}", name):
        return []
    return [f"the broker name {name!r} must be 1-50 letters, digits, - or _ ({len(name)} now)"]


def _user(user: Any) -> list[str]:
    if user is None or (re.fullmatch(r"[A-Za-z0-9._-]{2,100}", user) and user != "guest"):
        return []
    return [f"the broker user {user!r} must be 2-100 letters, digits, . _ or -, and not guest"]


def _size(instance: Any, version: Any) -> list[str]:
    found = []
    if version is not None and not any(version == v or version.startswith(f"{v}.") for v in VERSIONS):
        found.append(f"Amazon MQ has no RabbitMQ {version}: it has {', '.join(VERSIONS)}")
    if instance is not None and instance not in INSTANCES:
        found.append(f"RabbitMQ does not run on {instance}: the smallest is mq.m7g.medium, then mq.m5.large")
    elif instance is not None and version is not None and version[0] == "4" and not instance.startswith("mq.m7g."):
        found.append(f"RabbitMQ {version} runs only on mq.m7g, not on {instance}")
    return found


def _place(mode: Any, subnets: Any) -> list[str]:
    if mode not in (None, "single", "cluster"):
        return [f"a RabbitMQ broker is single or cluster, not {mode}"]
    if mode == "single" and subnets is not None and len(subnets) != 1:
        return [f"a single broker lies in exactly one subnet, not {len(subnets)}"]
    return []


def insist_on_password(password: str, address: str) -> None:
    """Raise `UsageError`, without the value, when Amazon MQ would refuse the password."""
    broken = [
        rule
        for rule, holds in (
            ("at least 12 characters", len(password) >= 12),
            ("at most 250 characters", len(password) <= 250),
            ("at least 4 different characters", len(set(password)) >= 4),
            ("none of , : =", not set(",:=") & set(password)),
        )
        if not holds
    ]
    if broken:
        raise UsageError(
            f"Amazon MQ would refuse the password of {address}",
            evidence=f"it needs {', '.join(broken)}",
            safe="the broker was not made",
            next_step="supply another one, or let it be made up (generate: true)",
        )


def monthly_usd(instance: Any, mode: Any, storage_gib: Any) -> float | None:
    """Of 730 hours; a cluster has three nodes, each with a disk."""
    hourly = prices.hourly(prices.instance(prices.RABBITMQ, instance))
    storage = storage_gib if isinstance(storage_gib, int) else 0
    if hourly is None:
        return None
    nodes = 3 if mode == "cluster" else 1
    return round(prices.monthly(hourly * nodes) + nodes * storage * prices.BROKER_STORAGE_GIB_MONTH, 2)
