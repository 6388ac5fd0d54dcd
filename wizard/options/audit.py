"""A record of every call to AWS in the account, kept in a bucket that only CloudTrail writes to."""

from __future__ import annotations

from typing import Any

from wizard.engine.graph import Resource
from wizard.options.site import MAIN, Site

_BUCKET = "trail"


def add(site: Site) -> Site:
    """Add the trail and its bucket."""
    if not site.blueprint.hardening.cloudtrail:
        return site
    name, bucket_name = site.name("trail"), site.name(f"bucket.{_BUCKET}")
    bucket = Resource(
        "bucket",
        _BUCKET,
        {
            "name": bucket_name,
            "versioning": True,
            "encryption": site.key if site.sealed else "sse-s3",
            "block_public": True,
            "tls_only": True,
            "lifecycle": [],
            "statements": _statements(site, name, bucket_name),
        },
    )
    trail = Resource(
        "trail",
        MAIN,
        {
            "name": name,
            "bucket": bucket.ref("name"),
            "multi_region": True,
            "log_validation": True,
            "logging": True,
            **site.seal(),
        },
    )
    return site.plus(bucket, trail)


def _statements(site: Site, trail: str, bucket: str) -> list[dict[str, Any]]:
    here = site.expansion
    arn = f"arn:{here.partition}:s3:::{bucket}"
    ours = {"aws:SourceArn": here.arn("cloudtrail", f"trail/{trail}")}
    writer = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    return [
        {
            "Sid": "TrailLooksAtItsBucket",
            **writer,
            "Action": "s3:GetBucketAcl",
            "Resource": arn,
            "Condition": {"StringEquals": ours},
        },
        {
            "Sid": "TrailWritesItsFiles",
            **writer,
            "Action": "s3:PutObject",
            "Resource": f"{arn}/AWSLogs/{here.account}/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **ours}},
        },
    ]
