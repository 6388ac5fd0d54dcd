"""Examples of the kinds that come before a new version."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.cases.compute import CLUSTER, GROUPS, NETWORK, ROLE, SUBNETS, WEB

MIGRATION = {
    "cluster": CLUSTER.ref("arn"),
    "task_definition": WEB.ref("arn"),
    "container": "web",
    "command": ["alembic", "upgrade", "head"],
    "subnets": [subnet.ref("id") for subnet in SUBNETS],
    "security_groups": [GROUPS[0].ref("id")],
    "public_ip": True,
    "service": "api",
    "recorded": True,
}

CASES = [
    Case(
        # It is found by what it runs: another revision or command is another migration, with a test of its own.
        "migration",
        world=[*NETWORK, ROLE, CLUSTER, WEB],
        properties=MIGRATION,
        constant=frozenset(MIGRATION),
        needs_wanted=True,
    ),
]
