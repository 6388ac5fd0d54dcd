"""What a run tells at its end: names and addresses that people and pipelines need, never a secret."""

from __future__ import annotations

from typing import Any

from wizard.options.filling import filled
from wizard.options.site import Site

_TOLD = {"repository": "uri", "bucket": "name", "log_group": "name"}
"""The attribute of each kind of which every resource is told."""


def add(site: Site) -> Site:
    """Add an output for each resource worth telling, and the blueprint's own lines, which win over Pilotage's."""
    told: dict[str, Any] = {
        resource.address.replace(".", "_").replace("-", "_"): resource.ref(_TOLD[resource.kind])
        for resource in site.resources
        if resource.kind in _TOLD
    }
    own = {name: filled(site, written, f"outputs.{name}") for name, written in site.blueprint.outputs.items()}
    return site.plus(outputs=told | own)
