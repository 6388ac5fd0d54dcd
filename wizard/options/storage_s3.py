"""A private S3 bucket: no public access, TLS only, encrypted, with the life of its objects as asked."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import S3, Lifecycle
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.site import Site

_ABORT_DAYS = 7
"""Parts of an upload that was never finished cost money and are seen by nobody."""


def expand(site: Site, name: str, choice: S3) -> Site:
    """Add the bucket."""
    sealed = site.sealed or choice.encryption == "kms"
    bucket = Resource(
        "bucket",
        name,
        {
            "name": site.name(f"bucket.{name}"),
            "versioning": choice.versioning,
            "encryption": site.key if sealed else choice.encryption,
            "block_public": True,
            "tls_only": True,
            "lifecycle": [_rule(number, rule) for number, rule in enumerate(choice.lifecycle, 1)]
            + [{"id": "unfinished-uploads", "prefix": "", "abort_multipart_days": _ABORT_DAYS}],
        },
    )
    return site.plus(
        bucket,
        buckets={**site.buckets, name: bucket.ref("name")},
        sealed_buckets=site.sealed_buckets | ({name} if sealed else set()),
        placeholders={**site.placeholders, f"bucket.{name}": bucket.ref("name")},
    )


def _rule(number: int, rule: Lifecycle) -> dict[str, Any]:
    moves = {"STANDARD_IA": rule.to_ia_after_days, "GLACIER": rule.to_glacier_after_days}
    transitions = {storage_class: days for storage_class, days in moves.items() if days is not None}
    written: dict[str, Any] = {"id": f"rule-{number}", "prefix": rule.prefix or ""}
    if transitions:
        written["transitions"] = transitions
    if rule.expire_after_days is not None:
        written["expire_days"] = rule.expire_after_days
    if rule.old_versions_after_days is not None:
        written["old_versions_days"] = rule.old_versions_after_days
    return written


OPTION = Option("storage", S3, expand)
