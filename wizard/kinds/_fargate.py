"""Fargate: the sizes of a task, the rules of its containers, and what a running task costs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.engine.kind import Properties
from wizard.kinds import prices

GB = 1024
MEMORY: Mapping[int, Sequence[int]] = {
    256: (512, 1 * GB, 2 * GB),
    512: range(1 * GB, 4 * GB + 1, GB),
    1024: range(2 * GB, 8 * GB + 1, GB),
    2048: range(4 * GB, 16 * GB + 1, GB),
    4096: range(8 * GB, 30 * GB + 1, GB),
    8192: range(16 * GB, 60 * GB + 1, 4 * GB),
    16384: range(32 * GB, 120 * GB + 1, 8 * GB),
    32768: (60 * GB, 120 * GB, 244 * GB),
}
"""Memory in MiB that goes with CPU units."""
MOST_CONTAINERS = 10
RANGES = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
"""Container health checks: seconds, but for `retries`."""


def task_monthly_usd(cpu: int, memory: int, architecture: str = "X86_64", *, spot: bool = False) -> float:
    """What one task that runs for 730 hours costs; `cpu` in units of 1/1024, `memory` in MiB."""
    vcpu, gb = (prices.rate(f"fargate/{architecture}/{part}") for part in prices.FARGATE)
    hourly = cpu / 1024 * vcpu + memory / GB * gb
    return prices.monthly(hourly * (prices.SPOT_SHARE if spot else 1))


def size_problems(cpu: Any, memory: Any) -> list[str]:
    """AWS refuses a pair of CPU and memory that is not on its list."""
    if not isinstance(cpu, (int, str)) or not isinstance(memory, (int, str)):
        return []
    allowed = MEMORY.get(int(cpu))
    if allowed is None:
        return [f"Fargate has no tasks with {cpu} CPU units: it has {', '.join(str(one) for one in MEMORY)}"]
    if int(memory) not in allowed:
        few = list(allowed)
        listed = ", ".join(str(one) for one in few) if len(few) <= 4 else f"{few[0]}-{few[-1]} by {few[1] - few[0]}"
        return [f"with {cpu} CPU units a Fargate task has {listed} MiB of memory, not {memory}"]
    return []


def container_problems(containers: Sequence[Properties]) -> list[str]:
    """Rules for the containers of one task."""
    found = []
    names = [str(container.get("name")) for container in containers]
    if not 1 <= len(containers) <= MOST_CONTAINERS:
        found.append(f"a task has 1-{MOST_CONTAINERS} containers, not {len(containers)}")
    if len(set(names)) < len(names):
        found.append(f"two containers have the same name: {', '.join(sorted(names))}")
    if containers and not any(container.get("essential", True) for container in containers):
        found.append("at least one container must be essential")
    checked = {container.get("name") for container in containers if container.get("healthCheck")}
    for container in containers:
        found += _one_container_problems(container, names, checked)
    return found


def _one_container_problems(container: Properties, names: Sequence[str], checked: set[Any]) -> list[str]:
    name, found = container.get("name"), []
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", str(name)):
        found.append(f"the container name {name!r} must be 1-255 letters, digits, - or _")
    for key, (least, most) in RANGES.items():
        value = (container.get("healthCheck") or {}).get(key)
        if isinstance(value, int) and not least <= value <= most:
            found.append(f"{name}: healthCheck.{key} must be {least}-{most}, not {value}")
    patience = container.get("stopTimeout")
    if isinstance(patience, int) and patience > 120:
        found.append(f"{name}: Fargate gives a container at most 120 seconds to stop, not {patience}")
    for other in container.get("dependsOn") or ():
        if other["containerName"] not in names:
            found.append(f"{name} depends on {other['containerName']}, which is not in the task")
        elif other["condition"] == "HEALTHY" and other["containerName"] not in checked:
            found.append(f"{name} would never start: {other['containerName']} has no health check to become HEALTHY")
    return found
