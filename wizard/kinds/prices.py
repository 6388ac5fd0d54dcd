"""The prices that kinds reckon with: on demand, USD, without traffic. One dated place to renew them in.

The table is us-east-1's. For a while (`using`) live prices of another Region or day can stand in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

DATED = "2026-11"
"""When these were last compared with the sources."""
SOURCE = "AWS's public price pages"
"""Where they are from. What no source names has no price here and is called "not priced", never 0."""
REGION = "us-east-1"
HOURS_A_MONTH = 730

LOAD_BALANCER, NAT_GATEWAY = "load-balancer", "nat-gateway"
FARGATE = ("vcpu", "gb")
"""What a task pays an hour of: `fargate/<architecture>/vcpu` and `fargate/<architecture>/gb`."""
RABBITMQ = "rabbitmq"

_HOURLY: Mapping[str, float] = {
    LOAD_BALANCER: 0.0225,
    NAT_GATEWAY: 0.045,
    "fargate/X86_64/vcpu": 0.04048,
    "fargate/X86_64/gb": 0.004445,
    "fargate/ARM64/vcpu": 0.03238,
    "fargate/ARM64/gb": 0.00356,
    "postgres/db.t4g.micro": 0.016,
    "postgres/db.t4g.small": 0.032,
    "postgres/db.t4g.medium": 0.065,
    "aurora-postgresql/db.t4g.medium": 0.073,
    "docdb/db.t4g.medium": 0.07566,
    "docdb/db.t3.medium": 0.078,
    "docdb/db.r6g.large": 0.26315,
    # Sources disagree about m7g.medium (0.077 to 0.137): the highest is taken.
    "rabbitmq/mq.m7g.medium": 0.137,
    "rabbitmq/mq.m7g.large": 0.2734,
    "rabbitmq/mq.m5.large": 0.288,
}
"""An hour of a gateway, a balancer, a vCPU, a GB of memory, or one instance in one zone (`<engine>/<class>`)."""
PUBLIC_ADDRESS_HOUR = 0.005
"""A public IPv4 address, in use or idle."""
INTERFACE_ENDPOINT_HOUR = 0.01
"""In each zone."""
SECRET_MONTH = 0.40
SPOT_SHARE = 0.3
"""What Fargate Spot costs of the price on demand; it varies, so this is a rough figure."""
BROKER_STORAGE_GIB_MONTH = 0.10

_live: ContextVar[Mapping[str, float]] = ContextVar("live prices")


def hourly(name: str) -> float | None:
    """What an hour costs: the live price where there is one, else the table's; None when neither knows."""
    return _live.get({}).get(name, _HOURLY.get(name))


def rate(name: str) -> float:
    """The same for what the table has; raises `KeyError` for anything else."""
    return _live.get({}).get(name, _HOURLY[name])


def balancer_month(public_addresses: int) -> float:
    """A load balancer with its public addresses, for a month."""
    return monthly(rate(LOAD_BALANCER) + public_addresses * PUBLIC_ADDRESS_HOUR)


def instance(engine: object, size: object) -> str:
    """The name under which an hour of an instance is priced."""
    return f"{engine}/{size}"


@contextmanager
def using(live: Mapping[str, float]) -> Iterator[None]:
    """Reckon with these prices wherever they name one."""
    token = _live.set(live)
    try:
        yield
    finally:
        _live.reset(token)


def monthly(hourly: float) -> float:
    """The price of a month of 730 hours."""
    return round(hourly * HOURS_A_MONTH, 2)
