"""Route 53: change batches that are applied whole or not at all, changes that take half a minute to be everywhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from moto.route53.models import RecordSet

from wizard.sandbox import moto_state
from wizard.sandbox.balancing import ZONES
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import AGENDA, after, on_reset

IN_SYNC_SECONDS = 30.0
SEED_ZONE = "example.com."

RecordKey = tuple[str, str, str | None]

_CHANGES: dict[str, dict[str, Any]] = {}
_NUMBERS = itertools.count(1)
_LISTENERS: list[Callable[[], None]] = []


def on_change(listener: Callable[[], None]) -> None:
    """Call this after every change of records, for those who wait for one."""
    _LISTENERS.append(listener)


def normal(name: str) -> str:
    """A record's name as Route 53 keeps it: lower case, ending in a dot, the star escaped."""
    name = name.lower().replace("*", "\\052")
    return name if name.endswith(".") else f"{name}."


def public_record_values(name: str, kind: str) -> set[str]:
    """What public zones here answer for a name, without the trailing dot."""
    wanted = normal(name)
    return {
        value.rstrip(".").lower()
        for zone in moto_state.route53().zones.values()
        if not zone.private_zone
        for record in zone.rrsets
        if record.type == kind and record.name == wanted
        for value in record.records or ()
    }


def _new_change() -> dict[str, Any]:
    change_id = f"/change/C{next(_NUMBERS):020d}"
    change = {"Id": change_id, "Status": "PENDING", "SubmittedAt": AGENDA.clock.now()}
    _CHANGES[change_id] = change
    after(IN_SYNC_SECONDS, lambda: change.update(Status="INSYNC"))
    return dict(change)


@handles("route53", "GetChange")
def get_change(call: Call) -> dict[str, Any]:
    """PENDING for half a minute, then INSYNC."""
    change_id = f"/change/{call.params['Id'].removeprefix('/change/')}"
    if change_id not in _CHANGES:
        raise Refused("NoSuchChange", f"Could not find resource with ID: {change_id.removeprefix('/change/')}", 404)
    return {"ChangeInfo": dict(_CHANGES[change_id])}


@handles("route53", "CreateHostedZone")
def create_hosted_zone(call: Call) -> dict[str, Any]:
    """A caller reference is good for one zone only."""
    for zone in moto_state.route53().zones.values():
        if zone.caller_reference == call.params["CallerReference"]:
            raise Refused(
                "HostedZoneAlreadyExists", "A hosted zone has already been created with this caller reference.", 409
            )
    vpc = call.params.get("VPC")
    if vpc:
        region = vpc.get("VPCRegion", call.region)
        if vpc.get("VPCId") not in moto_state.ec2(region).vpcs:
            raise Refused(
                "InvalidVPCId", f"The VPC: {vpc.get('VPCId')} in region: {region} that you provided is not found."
            )
    answer = call.moto()
    zone = moto_state.route53().zones[answer["HostedZone"]["Id"].rpartition("/")[2]]
    _as_in_aws(zone)
    answer["HostedZone"]["Id"] = zone.id
    answer["Location"] = f"https://route53.amazonaws.com/2013-04-01{zone.id}"
    return {**answer, "ChangeInfo": _new_change()}


def _as_in_aws(zone: Any) -> None:
    """Zone ids begin with Z, and the SOA record is text; moto has neither."""
    zones = moto_state.route53().zones
    del zones[zone.resource_id]
    zone.resource_id = f"Z{zone.resource_id}"
    zones[zone.resource_id] = zone
    for record in zone.rrsets:
        record.name = normal(record.name)
        record.records = [one["Value"] if isinstance(one, dict) else one for one in record.records or ()]


@handles("route53", "DeleteHostedZone")
def delete_hosted_zone(call: Call) -> dict[str, Any]:
    """A change like any other."""
    call.moto()
    return {"ChangeInfo": _new_change()}


@handles("route53", "ChangeResourceRecordSets")
def change_records(call: Call) -> dict[str, Any]:
    """All changes or none; every reason against is named in one error."""
    zone = moto_state.route53().get_hosted_zone(call.params["HostedZoneId"].rpartition("/")[2])
    records: dict[RecordKey, Any] = {(one.name, one.type, one.set_identifier): one for one in zone.rrsets}
    reasons: list[str] = []
    for change in call.params["ChangeBatch"]["Changes"]:
        reasons += _apply(zone, records, change["Action"], change["ResourceRecordSet"])
    reasons += _conflicts(records, zone)
    if reasons:
        raise Refused("InvalidChangeBatch", f"[{', '.join(dict.fromkeys(reasons))}]")
    zone.rrsets = list(records.values())
    answer = {"ChangeInfo": _new_change()}
    for listener in _LISTENERS:
        listener()
    return answer


def _apply(zone: Any, records: dict[RecordKey, Any], action: str, wanted: dict[str, Any]) -> list[str]:
    name, kind = normal(wanted["Name"]), wanted["Type"]
    key = (name, kind, wanted.get("SetIdentifier"))
    label = f"[name='{name}', type='{kind}']"
    apex = normal(zone.name)
    if name != apex and not name.endswith(f".{apex}"):
        return [f"RRSet with DNS name {name} is not permitted in zone {apex}"]
    if bool(wanted.get("AliasTarget")) == bool(wanted.get("ResourceRecords")):
        raise Refused(
            "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
            f"TrafficPolicyInstanceId], but found none or more than one in Change with [Action={action}, Name={name}, "
            f"Type={kind}, SetIdentifier={wanted.get('SetIdentifier', 'null')}]",
        )
    fresh = _record(name, wanted)
    if action == "DELETE":
        return _delete(records, key, fresh, label)
    if action == "CREATE" and key in records:
        return [f"Tried to create resource record set {label} but it already exists"]
    if problem := _alias_problem(name, kind, wanted):
        return [problem]
    records[key] = fresh
    return []


def _delete(records: dict[RecordKey, Any], key: RecordKey, fresh: Any, label: str) -> list[str]:
    here = records.get(key)
    if here is None:
        return [f"Tried to delete resource record set {label} but it was not found"]
    if _values(here) != _values(fresh):
        return [f"Tried to delete resource record set {label} but the values provided do not match the current values"]
    del records[key]
    return []


def _record(name: str, wanted: dict[str, Any]) -> Any:
    fields = {**wanted, "Name": name, "ResourceRecords": [one["Value"] for one in wanted.get("ResourceRecords", ())]}
    if alias := wanted.get("AliasTarget"):
        fields["AliasTarget"] = {**alias, "DNSName": normal(alias["DNSName"])}
    kind: Any = RecordSet
    return kind(fields)


def _values(record: Any) -> tuple[Any, ...]:
    alias = record.alias_target or {}
    target = (alias.get("HostedZoneId"), normal(alias["DNSName"])) if alias else None
    return sorted(record.records or ()), None if alias else int(record.ttl or 0), target


def _alias_problem(name: str, kind: str, wanted: dict[str, Any]) -> str | None:
    alias = wanted.get("AliasTarget")
    if not alias:
        return None
    target, zone_id = normal(alias["DNSName"]), alias["HostedZoneId"]
    region = next((region for region, one in ZONES.items() if one == zone_id), None)
    balancer = target.endswith(".elb.amazonaws.com.")
    if balancer and (region is None or not target.endswith(f".{region}.elb.amazonaws.com.")):
        within = False
    elif region is not None:
        within = balancer
    else:
        within = True
    if within:
        return None
    return (
        f"Tried to create an alias that targets {target}, type {kind} in zone {zone_id}, "
        "but the alias target name does not lie within the target zone"
    )


def _conflicts(records: dict[RecordKey, Any], zone: Any) -> list[str]:
    apex = normal(zone.name)
    kinds: dict[str, set[str]] = {}
    for name, kind, _ in records:
        kinds.setdefault(name, set()).add(kind)
    reasons = []
    for name, here in kinds.items():
        if "CNAME" in here and name == apex:
            reasons.append(f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {apex}")
        elif "CNAME" in here and len(here) > 1:
            reasons.append(
                f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records "
                "with the same DNS name in zone " + apex
            )
    return reasons


@before("route53", "ListResourceRecordSets")
def _zone_exists(call: Call) -> None:
    moto_state.route53().get_hosted_zone(call.params["HostedZoneId"].rpartition("/")[2])


@on_reset
def _seed() -> None:
    _CHANGES.clear()
    zone = moto_state.route53().create_hosted_zone(
        SEED_ZONE, private_zone=False, caller_reference="the sandbox's own zone"
    )
    _as_in_aws(zone)
