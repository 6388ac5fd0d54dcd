"""Cases of the kinds that look up what every account has: the default VPC and its subnets."""

from __future__ import annotations

from tests.kinds.cases import Case

CASES = [
    Case("default_vpc"),
    Case("default_subnet", properties={"zone": "us-east-1a"}),
]
