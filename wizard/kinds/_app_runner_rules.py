"""What App Runner sells: names, sizes, sources of images, and the price of an instance that waits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Properties

SIZES: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024),
    512: (1024,),
    1024: (2048, 3072, 4096),
    2048: (4096, 6144),
    4096: (8192, 10240, 12288),
}
"""Memory in MiB that goes with CPU units."""
IDLE_GB_HOUR_USD = 0.007
_IMAGE = r"(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com|public\.ecr\.aws)/.+"


def problems_of(properties: Properties) -> list[str]:
    """Rules of App Runner that the properties of a service break."""
    found = []
    name, image = properties.get("name"), properties.get("image")
    if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{3,39}", name):
        found.append(f"the name {name!r} must be 4-40 letters, digits, - or _, a letter or digit first")
    if isinstance(image, str) and not re.match(_IMAGE, image):
        found.append(f"App Runner takes images from ECR and ECR Public only, not {image}")
    cpu, memory = properties.get("cpu"), properties.get("memory")
    if isinstance(cpu, int) and isinstance(memory, int) and memory not in SIZES.get(cpu, ()):
        pairs = "; ".join(f"{one} with {', '.join(map(str, many))}" for one, many in SIZES.items())
        found.append(f"App Runner does not sell {cpu} CPU units with {memory} MiB; it sells {pairs}")
    return found


def idle_monthly_usd(memory: Any) -> float | None:
    """The price of the memory (MiB) of one instance that nobody visits."""
    return round(int(memory) / 1024 * IDLE_GB_HOUR_USD * 730, 2) if isinstance(memory, (int, str)) else None
