"""The tagging API: every kind of resource that Pilotage tags, also those that moto leaves out."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from wizard.sandbox import catalogue
from wizard.sandbox.catalogue.entry import Entry
from wizard.sandbox.handling import Call, Refused, handles

PAGE = 100


@handles("resourcegroupstaggingapi", "GetResources")
def get_resources(call: Call) -> dict[str, Any]:
    """Resources with tags, chosen by tags, types or ARNs, page by page."""
    params = call.params
    if params.get("ResourceARNList") and (params.get("TagFilters") or params.get("ResourceTypeFilters")):
        raise Refused(
            "InvalidParameterException", "ResourceARNList cannot be combined with TagFilters or ResourceTypeFilters."
        )
    found = [entry for entry in catalogue.entries(call.region) if entry.arn and entry.tags and _wanted(entry, params)]
    start = _start(params.get("PaginationToken", ""))
    size = params.get("ResourcesPerPage", PAGE)
    end = start + size
    return {
        "PaginationToken": base64.b64encode(str(end).encode()).decode() if end < len(found) else "",
        "ResourceTagMappingList": [
            {
                "ResourceARN": entry.arn,
                "Tags": [{"Key": key, "Value": value} for key, value in entry.tags.items()],
            }
            for entry in found[start:end]
        ],
    }


@handles("resourcegroupstaggingapi", "GetTagKeys")
def get_tag_keys(call: Call) -> dict[str, Any]:
    """Keys in use in the region."""
    keys = {key for entry in catalogue.entries(call.region) if entry.arn for key in entry.tags}
    return {"PaginationToken": "", "TagKeys": sorted(keys)}


@handles("resourcegroupstaggingapi", "GetTagValues")
def get_tag_values(call: Call) -> dict[str, Any]:
    """Values in use for a key."""
    key = call.params["Key"]
    values = {entry.tags[key] for entry in catalogue.entries(call.region) if entry.arn and key in entry.tags}
    return {"PaginationToken": "", "TagValues": sorted(values)}


def _start(token: str) -> int:
    if not token:
        return 0
    try:
        return int(base64.b64decode(token, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Refused("PaginationTokenExpiredException", "The pagination token is not valid.") from error


def _wanted(entry: Entry, params: dict[str, Any]) -> bool:
    arns = params.get("ResourceARNList")
    if arns and entry.arn not in arns:
        return False
    kinds = params.get("ResourceTypeFilters")
    if kinds and not any(_is_of(entry.arn, kind) for kind in kinds):
        return False
    for wanted in params.get("TagFilters", ()):
        value = entry.tags.get(wanted["Key"])
        if value is None or (wanted.get("Values") and value not in wanted["Values"]):
            return False
    return True


def _is_of(arn: str, kind: str) -> bool:
    """Whether an ARN is of a type such as `ec2`, `ec2:subnet` or `elasticloadbalancing:loadbalancer/app`."""
    service, _, wanted = kind.partition(":")
    _, _, arn_service, _, _, resource = arn.split(":", 5)
    if service != arn_service:
        return False
    if not wanted or arn_service == "s3":
        return True
    return resource.startswith((f"{wanted}/", f"{wanted}:"))
