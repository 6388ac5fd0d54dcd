"""Looks at the hosted zone, its delegation, and the CAA records that a certificate of Amazon meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wizard.advice.preflight import Checked, State, Topic, domains
from wizard.deployment.preflight.dns import NotAnswered, Resolver
from wizard.deployment.preflight.look import Look
from wizard.engine.graph import Resource
from wizard.engine.kind import FoundKind, Live
from wizard.errors import AwsError

SANDBOX = "the names of the SANDBOX are in no public DNS"


def domain(look: Look, live: Mapping[str, Live] | None, new: Iterable[Resource]) -> Iterable[Checked]:
    """Zone, delegation, and CAA for each certificate that is to be made."""
    zones = {
        address: resource
        for address, resource in look.deployment.graph.resources.items()
        if resource.kind == "hosted_zone"
    }
    for address, resource in zones.items():
        yield from _zone(look, resource, (live or {}).get(address), known=live is not None)
    here = {str(each.properties["name"]).rstrip("."): live.get(at) if live else None for at, each in zones.items()}
    for certificate in (each for each in new if each.kind == "certificate"):
        names = [certificate.properties["domain"], *(certificate.properties.get("alternative_names") or ())]
        for name in dict.fromkeys(each for each in names if isinstance(each, str)):
            yield _caa(look, name, here)


def _zone(look: Look, wanted: Resource, live: Live | None, *, known: bool) -> Iterator[Checked]:
    name = str(wanted.properties["name"]).rstrip(".")
    subject = f"hosted zone {name}"
    if live is None:
        kind = look.deployment.kinds["hosted_zone"]
        if not known or not isinstance(kind, FoundKind):
            yield Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, "what is in AWS could not be read")
            return
        what, _, how = kind.missing(wanted.properties).partition("; ")
        yield Checked(Topic.DOMAIN, subject, State.FAILS, what, how.rpartition("servers at it: ")[2] or how)
        return
    yield Checked(Topic.DOMAIN, subject, State.OK, f"it is there: {live.id}")
    yield _delegation(look, name, live.id)


def _delegation(look: Look, zone: str, id_: str) -> Checked:
    subject = f"delegation of {zone}"
    if look.is_sandbox:
        return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, SANDBOX)
    resolver = Resolver.of_this_machine()
    if resolver is None:
        return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, "this machine names no resolver in /etc/resolv.conf")
    try:
        answer = look.aws.read("route53", "get_hosted_zone", Id=id_)
        told = resolver.name_servers(zone)
    except AwsError as error:
        return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, f"{error.operation}: {error.code}")
    except NotAnswered as silent:
        return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, str(silent), f"dig NS {zone}")
    of_zone = (answer.get("DelegationSet") or {}).get("NameServers") or ()
    return domains.delegation(zone, of_zone, told, f"the resolver {resolver.address}")


def _caa(look: Look, name: str, zones: Mapping[str, Live | None]) -> Checked:
    """Records in our own zones are read from Route 53; those of names above them from DNS."""
    found: dict[str, list[tuple[str, str]]] = {}
    subject = f"CAA of {name}"
    for each in domains.ancestors(name):
        zone = next((live for at, live in zones.items() if live and (each == at or each.endswith(f".{at}"))), None)
        try:
            records = _in_zone(look, zone.id, each) if zone else _in_dns(look, each)
        except AwsError as error:
            return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, f"{error.operation}: {error.code}")
        except NotAnswered as silent:
            return Checked(Topic.DOMAIN, subject, State.NOT_CHECKED, str(silent), f"dig CAA {each}")
        if records:
            found[each] = records
            break
    return domains.caa(name, found)


def _in_zone(look: Look, zone: str, name: str) -> list[tuple[str, str]]:
    answer = look.aws.read(
        "route53",
        "list_resource_record_sets",
        HostedZoneId=zone,
        StartRecordName=name,
        StartRecordType="CAA",
        MaxItems="1",
    )
    found = []
    for record in answer["ResourceRecordSets"]:
        if record["Type"] == "CAA" and record["Name"].rstrip(".").lower() == name:
            words = (each["Value"].split(None, 2) for each in record.get("ResourceRecords") or ())
            found += [(each[1].lower(), each[2].strip('"')) for each in words if len(each) == 3]
    return found


def _in_dns(look: Look, name: str) -> list[tuple[str, str]]:
    if look.is_sandbox:
        return []
    resolver = Resolver.of_this_machine()
    if resolver is None:
        raise NotAnswered("this machine names no resolver in /etc/resolv.conf")
    return resolver.caa(name)
