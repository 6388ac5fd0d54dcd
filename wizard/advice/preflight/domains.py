"""Whether the world asks a hosted zone, and whether Amazon may issue certificates for its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wizard.advice.preflight.checked import Checked, State, Topic

AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
"""The names by which a CAA record lets AWS Certificate Manager issue; one of them is enough."""


def delegation(zone: str, of_zone: Iterable[str], in_dns: Iterable[str], resolver: str) -> Checked:
    """Whether the name servers that the world is told are those of the zone."""
    subject = f"delegation of {zone}"
    expected, told = {_plain(each) for each in of_zone}, {_plain(each) for each in in_dns}
    servers = ", ".join(sorted(expected))
    fix = f"where the domain was bought, or in the zone above it, set its name servers to: {servers}"
    if not told:
        return Checked(
            Topic.DOMAIN,
            subject,
            State.FAILS,
            f"{resolver} knows no name servers of {zone}: no certificate would be issued",
            fix,
        )
    if not told & expected:
        evidence = (
            f"{resolver} names {', '.join(sorted(told))}, which is not this zone: no certificate would be issued, "
            "and nobody would find the address"
        )
        return Checked(Topic.DOMAIN, subject, State.FAILS, evidence, fix)
    return Checked(Topic.DOMAIN, subject, State.OK, f"{resolver} names its name servers")


def ancestors(domain: str) -> list[str]:
    """The names at which CAA records count for a domain, nearest first, without the top-level domain."""
    labels = _plain(domain).removeprefix("*.").split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]


def caa(domain: str, found: Mapping[str, Sequence[tuple[str, str]]]) -> Checked:
    """Whether the nearest CAA records let Amazon issue; `found` are tag and value of each, by name.

    RFC 8659: the nearest name that has CAA records decides; without `issue` (or `issuewild` for a wildcard) among
    them, everybody may issue.
    """
    subject = f"CAA of {_plain(domain)}"
    for name in ancestors(domain):
        records = found.get(name)
        if not records:
            continue
        values = [value for tag, value in records if tag == "issuewild"] if domain.startswith("*.") else []
        values = values or [value for tag, value in records if tag == "issue"]
        issuers = {value.partition(";")[0].strip().lower() for value in values}
        if not values or issuers & AMAZON:
            return Checked(Topic.DOMAIN, subject, State.OK, f"the CAA records of {name} let Amazon issue")
        named = ", ".join(sorted(issuers - {""})) or "nobody"
        return Checked(
            Topic.DOMAIN,
            subject,
            State.FAILS,
            f"the CAA records of {name} let only {named} issue certificates, so ACM could not",
            f'add to {name} a record CAA with the value: 0 issue "amazon.com"',
        )
    return Checked(Topic.DOMAIN, subject, State.OK, "no CAA record keeps Amazon from issuing a certificate")


def _plain(name: str) -> str:
    return name.rstrip(".").lower()
