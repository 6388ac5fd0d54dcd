"""What an Express service may be, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.engine.kind import Properties
from wizard.kinds import prices
from wizard.kinds._fargate import size_problems, task_monthly_usd

BALANCER_ADDRESSES = 2
"""Public addresses of the load balancer, which up to 25 services of a VPC share."""


def problems_of(properties: Properties) -> list[str]:
    """Rules of AWS that the properties of a service break."""
    found = size_problems(properties.get("cpu"), properties.get("memory"))
    name, scaling = properties.get("name"), properties.get("scaling")
    if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        found.append(f"the service name {name!r} must be 1-255 letters, digits, - or _")
    if isinstance(scaling, Mapping) and scaling["min"] > scaling["max"]:
        found.append(f"min {scaling['min']} is more than max {scaling['max']}")
    subnets = properties.get("subnets")
    if isinstance(subnets, list) and len(subnets) == 1:
        found.append("Express Mode makes a load balancer, which needs subnets in two Availability Zones")
    return found


def monthly_usd_of(properties: Properties) -> float | None:
    """The fewest tasks with their public addresses, and the load balancer."""
    scaling = properties.get("scaling")
    if not isinstance(scaling, Mapping):
        return None
    architecture = str(properties.get("architecture") or "X86_64")
    one = task_monthly_usd(int(properties["cpu"]), int(properties["memory"]), architecture)
    one += prices.monthly(prices.PUBLIC_ADDRESS_HOUR)
    return round(int(scaling["min"]) * one + prices.balancer_month(BALANCER_ADDRESSES), 2)
