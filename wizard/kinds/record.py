"""A DNS record of Route 53, owned through a TXT record beside it because records cannot carry tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import (
    READY,
    Context,
    Identity,
    Kind,
    Live,
    Properties,
    Settling,
    State,
    Status,
)
from wizard.errors import AwsError
from wizard.kinds import _dns, _record_sets

GONE = ("InvalidChangeBatch", "NoSuchHostedZone")


class Record(Kind):
    """A new record is written with CREATE, which AWS refuses when anybody's is there: nothing is ever overwritten."""

    name = "record"
    title = "DNS record"
    identity = Identity.NAMED
    immutable = frozenset({"zone", "record", "type"})
    renewed_beside = frozenset({"zone", "record"})
    poll_seconds = 5
    accepts_equal = True
    settling = (Settling("create", "PriorRequestNotComplete", "", 300),)
    iam = {
        "read": ("route53:ListResourceRecordSets", "route53:GetChange"),
        "create": ("route53:ChangeResourceRecordSets",),
        "update": ("route53:ChangeResourceRecordSets",),
        "delete": ("route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"),
    }

    def __init__(self) -> None:
        # AWS tells the id of a change once; a process that lost it treats the record as spread, a minute early at most.
        self._changes: dict[str, str] = {}

    def problems(self, properties: Properties) -> list[str]:
        """AWS: names and types; and a record is an alias or has values."""
        found = _dns.domain_problems("record", properties.get("record"))
        type_ = properties.get("type")
        if isinstance(type_, str) and type_ not in _record_sets.TYPES:
            found.append(f"type: one of {', '.join(_record_sets.TYPES)}, not {type_}")
        if (properties.get("alias") is None) == (properties.get("values") is None):
            found.append("alias, values: exactly one of them")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Until all name servers have it."""
        return 35

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid with the zone."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged list of each zone: records that are ours but no longer wanted are found by their TXT records."""
        found = []
        for zone in sorted({one["zone"] for one in wanted.values() if isinstance(one.get("zone"), str)}):
            places = {
                (_dns.fqdn(one["record"]), one["type"]): address
                for address, one in wanted.items()
                if one.get("zone") == zone and isinstance(one.get("record"), str)
            }
            sets = _record_sets.sets_of(context, zone)
            for place, item in sets.items():
                owner, address = _record_sets.owner_of(sets.get(_record_sets.owner_place(place)))
                if place in places or owner == context.scope.deployment:
                    found.append(self._live(zone, place, item, places.get(place, address), owner))
        return found

    @staticmethod
    def _live(zone: str, place: _record_sets.Place, item: Mapping[str, Any], address: str, owner: str) -> Live:
        name, type_ = place
        properties = {"zone": zone, "record": name, "type": type_, **_record_sets.content_of(item)}
        id_ = f"{zone}/{name}/{type_}"
        return Live(address, id_, properties, {"id": id_, "fqdn": name}, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Record and owner in one batch: both or none."""
        id_ = f"{properties['zone']}/{_dns.fqdn(properties['record'])}/{properties['type']}"
        owner = _record_sets.owner_set(context.scope.deployment, properties, address)
        try:
            self._change(context, id_, ("CREATE", _record_sets.record_set(properties)), ("UPSERT", owner))
        except AwsError as error:
            if error.code != "InvalidChangeBatch" or "already exists" not in error.message:
                raise
        return id_

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """The record set is replaced as a whole."""
        owner = _record_sets.owner_set(context.scope.deployment, properties, live.address)
        self._change(context, live.id, ("UPSERT", _record_sets.record_set(properties)), ("UPSERT", owner))

    def delete(self, context: Context, live: Live) -> None:
        """AWS wants what is there now, to the letter; so it is read first."""
        place = (live.properties["record"], live.properties["type"])
        sets = _record_sets.sets_of(context, live.properties["zone"])
        present = [sets[one] for one in (place, _record_sets.owner_place(place)) if one in sets]
        if not present:
            return
        try:
            self._change(context, live.id, *(("DELETE", dict(item)) for item in present))
        except AwsError as error:
            if error.code not in GONE or (error.code == "InvalidChangeBatch" and "not found" not in error.message):
                raise

    def _change(self, context: Context, id_: str, *changes: tuple[str, dict[str, Any]]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": item} for action, item in changes]}
        zone = id_.split("/")[0]
        answer = context.aws.write("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch)
        self._changes[id_] = answer["ChangeInfo"]["Id"]

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """INSYNC when all name servers of Route 53 have it."""
        change = self._changes.get(live.id)
        if change is None:
            return READY
        if context.aws.read("route53", "get_change", Id=change)["ChangeInfo"]["Status"] != "INSYNC":
            return Status(State.PENDING, "the record is spreading to the name servers")
        self._changes.pop(live.id, None)
        return READY

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Names, addresses and values by meaning; the order of values says nothing."""
        if name == "record":
            return _dns.same_name(desired, actual)
        if name == "alias":
            actual = actual or {}
            same_zone = desired["zone_id"] == actual.get("zone_id")
            return same_zone and _dns.same_name(desired["dns_name"], actual.get("dns_name"))
        if name == "values":
            return sorted(_dns.value(one) for one in desired) == sorted(actual or ())
        return bool(desired == actual)
