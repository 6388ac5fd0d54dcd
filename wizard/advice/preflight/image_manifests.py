"""For which processors an image is made, read from its manifest, and whether that fits what is to run it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wizard.advice.preflight.checked import Checked, State, Topic
from wizard.images.wanted import Wanted

MEDIA_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What ECR is to answer with: an index of several images, or one."""
NO_PROCESSOR = frozenset({"", "unknown"})
"""What the attestations in an index say."""


def parsed(text: str) -> Mapping[str, Any]:
    """A manifest; empty when it is none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def platforms_of_index(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The platforms that an index lists, `linux/amd64`; empty for the manifest of one image."""
    listed = manifest.get("manifests") or ()
    found = (one.get("platform") or {} for one in listed if isinstance(one, Mapping))
    return frozenset(_platform(one) for one in found if one.get("architecture", "") not in NO_PROCESSOR)


def platform_of_config(config: Mapping[str, Any]) -> frozenset[str]:
    """The platform that the configuration of one image names; empty when it names none."""
    return frozenset({_platform(config)} if config.get("architecture") else ())


def config_digest(manifest: Mapping[str, Any]) -> str:
    """Where the configuration of one image is; empty for an index."""
    config = manifest.get("config")
    return str(config.get("digest", "")) if isinstance(config, Mapping) else ""


def fits(wanted: Wanted, platforms: frozenset[str], why_not_read: str, push: str) -> Checked:
    """Whether an image that is there can be run by what is to run it."""
    subject = f"{wanted.label}: {wanted.name}"
    if not platforms:
        evidence = f"it is in ECR; for which processor it is made was not read: {why_not_read}"
        return Checked(Topic.IMAGES, subject, State.NOT_CHECKED, evidence)
    made = ", ".join(sorted(platforms))
    if wanted.platform in platforms:
        return Checked(Topic.IMAGES, subject, State.OK, f"it is in ECR, made for {made}")
    evidence = f"it is made for {made}, and the service runs on {wanted.platform}: every task would fail to start"
    return Checked(Topic.IMAGES, subject, State.FAILS, evidence, push)


def _platform(one: Mapping[str, Any]) -> str:
    return f"{one.get('os') or 'linux'}/{one['architecture']}"
