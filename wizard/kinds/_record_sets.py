"""Record sets of Route 53: reading a zone, who owns a record, and the shapes that a change takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context
from wizard.errors import AwsError
from wizard.kinds import _dns

Place = tuple[str, str]
"""Name and type of a record set."""
TTL = 300
TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
OWNER = re.compile(rf'"{DEPLOYMENT_TAG}=([^,"]*),{ADDRESS_TAG}=([^,"]*)"')


def owner_place(place: Place) -> Place:
    """Where the TXT record stands that says whose a record is."""
    name, type_ = place
    return f"_pilotage-{type_.lower()}.{name}", "TXT"


def sets_of(context: Context, zone: str) -> dict[Place, Mapping[str, Any]]:
    """Every record set of a zone; none when the zone is gone."""
    try:
        items = list(context.aws.pages("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone))
    except AwsError as error:
        if error.code != "NoSuchHostedZone":
            raise
        return {}
    return {(_dns.fqdn(item["Name"]), item["Type"]): item for item in items}


def owner_of(item: Mapping[str, Any] | None) -> tuple[str, str]:
    """Deployment and address that an owner's TXT record names; empty when there is none."""
    for one in item.get("ResourceRecords", ()) if item else ():
        match = OWNER.fullmatch(one["Value"])
        if match:
            return match.group(1), match.group(2)
    return "", ""


def content_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a record set says, as the properties `alias`, or `values` and `ttl`."""
    target = item.get("AliasTarget")
    if target:
        return {"alias": {"dns_name": _dns.fqdn(target["DNSName"]), "zone_id": target["HostedZoneId"]}}
    values = sorted(_dns.value(one["Value"]) for one in item.get("ResourceRecords", ()))
    return {"values": values, "ttl": item.get("TTL")}


def record_set(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted record as a change takes it."""
    shape: dict[str, Any] = {"Name": _dns.fqdn(properties["record"]), "Type": properties["type"]}
    alias = properties.get("alias")
    if alias is not None:
        target = {"HostedZoneId": alias["zone_id"], "DNSName": _dns.fqdn(alias["dns_name"])}
        return shape | {"AliasTarget": target | {"EvaluateTargetHealth": False}}
    values = [{"Value": one} for one in properties["values"]]
    return shape | {"TTL": properties.get("ttl") or TTL, "ResourceRecords": values}


def owner_set(deployment: str, properties: Mapping[str, Any], address: str) -> dict[str, Any]:
    """The TXT record that says whose the wanted record is."""
    name, type_ = owner_place((_dns.fqdn(properties["record"]), properties["type"]))
    text = f'"{DEPLOYMENT_TAG}={deployment},{ADDRESS_TAG}={address}"'
    return {"Name": name, "Type": type_, "TTL": TTL, "ResourceRecords": [{"Value": text}]}
