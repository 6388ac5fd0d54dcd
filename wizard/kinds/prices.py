"""The prices that kinds reckon with: us-east-1, on demand, USD, without traffic. One dated place to renew them in."""

from __future__ import annotations

DATED = "2026-11"
"""When these were last compared with AWS's own price list."""
REGION = "us-east-1"
HOURS_A_MONTH = 730

LOAD_BALANCER_HOUR = 0.0225
PUBLIC_ADDRESS_HOUR = 0.005
"""A public IPv4 address, in use or idle."""
NAT_GATEWAY_HOUR = 0.045
INTERFACE_ENDPOINT_HOUR = 0.01
"""In each zone."""
SECRET_MONTH = 0.40
FARGATE_HOUR = {"X86_64": (0.04048, 0.004445), "ARM64": (0.03238, 0.00356)}
"""A vCPU and a GB of memory."""
SPOT_SHARE = 0.3
"""What Fargate Spot costs of the price on demand; it varies, so this is a rough figure."""
BROKER_HOUR = {"mq.m7g.medium": 0.137, "mq.m7g.large": 0.2734, "mq.m5.large": 0.288}
"""One node. Sources disagree about m7g.medium (0.077 to 0.137): the highest is taken."""


def monthly(hourly: float) -> float:
    """The price of a month of 730 hours."""
    return round(hourly * HOURS_A_MONTH, 2)
