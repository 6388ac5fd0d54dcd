"""Everything that exists in the sandbox's world, in one flat list, without what AWS puts there itself.

The inventory of the control endpoints and the tagging API read the same list.
"""

from __future__ import annotations

from typing import Any

from wizard.sandbox import world
from wizard.sandbox.catalogue import hardening, network, rest, services
from wizard.sandbox.catalogue.entry import Entry, regions_in_use


def entries(region: str) -> list[Entry]:
    """What exists in one region; resources without a region are listed with the default region."""
    found = [*network.entries(region), *services.entries(region), *hardening.entries(region)]
    if region == world.DEFAULT_REGION:
        found += [*services.global_entries(), *hardening.global_entries()]
    known = {entry.arn for entry in found if entry.arn}
    return found + [entry for entry in rest.entries(region) if entry.arn not in known]


def everything() -> list[dict[str, Any]]:
    """The inventory of all regions, as the control endpoint shows it."""
    with world.LOCK:
        world.AGENDA.advance()
        return [entry.shown() for region in regions_in_use() for entry in entries(region) if entry.counts]
