"""How each kind is charged besides its price at rest: the unit prices of its use, or why it costs nothing.

USD, us-east-1, as dated in `wizard.kinds.prices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Rate = tuple[float, str]
"""A price, and of what: `(0.40, "a million requests")`."""

_GIGABYTES_PASSED: Rate = (0.01, "a GB that passes through it")
_SERVERLESS = "db.serverless"
_USE: Mapping[str, tuple[Rate, ...]] = {
    "app_runner_service": ((0.064, "an hour of a busy vCPU"),),
    "bucket": ((0.023, "a GB-month kept"), (0.005, "for 1,000 writes and lists"), (0.0004, "for 1,000 reads")),
    "cluster": ((0.30, "a month for each metric that Container Insights writes"),),
    "db_cluster": ((0.10, "a GB-month kept"), (0.20, "a million reads and writes of storage")),
    "db_instance": ((0.095, "a GB-month of backups beyond the size of the database"),),
    "express_service": ((0.008, "an hour for each capacity unit of its load balancer's traffic"),),
    "file_system": ((0.30, "a GB-month kept"), (0.03, "a GB read"), (0.06, "a GB written")),
    "flow_log": ((0.50, "a GB written"),),
    "kms_key": ((0.03, "for 10,000 requests"), (1.00, "a month for each of the first two rotations")),
    "load_balancer": ((0.008, "an hour for each capacity unit of its traffic"),),
    "log_group": ((0.50, "a GB written"), (0.03, "a GB-month kept")),
    "migration": ((0.04048, "an hour for each vCPU while it runs"), (0.004445, "an hour for each GB of memory")),
    "nat_gateway": ((0.045, "a GB that passes through it"),),
    "queue": ((0.40, "a million requests after the first million"),),
    "record": ((0.40, "a million queries"),),
    "repository": ((0.10, "a GB-month of images"),),
    "secret": ((0.05, "for 10,000 reads"),),
    "subscription": ((2.00, "for 100,000 e-mails after the first thousand"),),
    "table": ((0.25, "a GB-month kept after 25"), (0.625, "a million writes"), (0.125, "a million reads")),
    "topic": ((0.50, "a million messages after the first million"),),
    "trail": ((2.00, "for 100,000 management events where it is not the account's first trail"),),
    "user_pool": ((0.015, "a person who signs in a month, after the first 10,000"),),
    "vpc_endpoint": (_GIGABYTES_PASSED,),
    "web_acl": ((0.60, "a million requests"),),
}
_FREE_BECAUSE: Mapping[str, str] = {
    "of the network only addresses, gateways and traffic are paid": "vpc subnet internet_gateway route_table "
    "security_group security_group_rule default_vpc default_subnet",
    "paid with the load balancer": "target_group listener listener_rule web_acl_association",
    "public certificates and their renewal are free": "certificate certificate_validation",
    "looked up, and paid for where they belong": "hosted_zone image",
    "paid with what runs": "task_definition scalable_target app_runner_scaling",
    "paid with the file system": "mount_target access_point",
    "settings of a database are free": "db_subnet_group db_parameter_group",
    "paid with the people of its pool": "user_pool_client user_pool_domain",
    "IAM is free": "role oidc_provider",
    "standard parameters are free": "parameter",
    "budgets that only notify are free": "budget",
}
_FREE = {kind: reason for reason, kinds in _FREE_BECAUSE.items() for kind in kinds.split()}


@dataclass(frozen=True)
class Charge:
    """What a resource costs by use, and why it is free when it costs nothing at rest."""

    rates: tuple[Rate, ...] = ()
    free: str = ""

    @property
    def by_use(self) -> str:
        """The unit prices in words."""
        return ", ".join(
            f"{price:.10g} {what}" if price < 0.01 else f"{_dollars(price)} {what}" for price, what in self.rates
        )


NOTHING = Charge()
"""Of a kind that nobody entered here."""


def charge_of(kind: str, properties: Mapping[str, Any]) -> Charge:
    """How a resource with these properties is charged. A new kind that nobody entered here is neither: not priced."""
    special = _SPECIAL.get(kind)
    found = special(properties) if special else None
    return found or Charge(_USE.get(kind, ()), _FREE.get(kind, ""))


def _endpoint(properties: Mapping[str, Any]) -> Charge | None:
    return Charge(free="gateway endpoints are free") if properties.get("type") == "gateway" else None


def _cluster(properties: Mapping[str, Any]) -> Charge | None:
    return None if properties.get("container_insights") else Charge(free=_FREE["task_definition"])


def _broker(properties: Mapping[str, Any]) -> Charge | None:
    return None if properties.get("storage_gib") else Charge(((0.10, "a GB-month of its storage"),))


def _record(properties: Mapping[str, Any]) -> Charge | None:
    return Charge(free="queries for an alias of a load balancer are free") if properties.get("alias") else None


def _db_cluster(properties: Mapping[str, Any]) -> Charge | None:
    if properties.get("engine") != "docdb":
        return None
    return Charge((*_USE["db_cluster"], (0.02, "a GB-month of backups beyond the size of the database")))


def _db_cluster_instance(properties: Mapping[str, Any]) -> Charge | None:
    return Charge(free="paid with its cluster's capacity") if properties.get("instance_class") == _SERVERLESS else None


_SPECIAL = {
    "broker": _broker,
    "cluster": _cluster,
    "db_cluster": _db_cluster,
    "db_cluster_instance": _db_cluster_instance,
    "record": _record,
    "vpc_endpoint": _endpoint,
}


def _dollars(price: float) -> str:
    """Two digits, or as many as the price has."""
    return f"{price:.2f}" if round(price, 2) == price else f"{price:.10g}"
