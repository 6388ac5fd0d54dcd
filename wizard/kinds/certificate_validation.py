"""The moment a certificate is issued: looked for, never made. Whatever presents the certificate waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, FoundKind, Live, Properties
from wizard.errors import NeedsPerson
from wizard.kinds import _acm, _dns


class CertificateValidation(FoundKind):
    """Present once the certificate is ISSUED. AWS looks for the validation record by itself."""

    name = "certificate_validation"
    title = "Certificate validation"
    uses = frozenset({"certificate"})
    poll_seconds = 10
    iam = {"read": ("acm:DescribeCertificate",)}

    def create_seconds(self, properties: Properties) -> float:
        """Usually half a minute to five minutes."""
        return 90

    def limit_seconds(self, properties: Properties) -> float:
        """75 minutes: longer than that, the zone is not the one that public DNS asks.

        Ten where a person has to write the record: the run says so, ends, and carries on when it is called again.
        """
        return 600 if properties.get("record") else 4500

    def monthly_usd(self, properties: Properties) -> float | None:
        """Costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for each known certificate; raises `NeedsPerson` for one that will never be issued."""
        found = []
        for address, properties in wanted.items():
            arn = properties.get("certificate")
            item = _acm.described(context, arn) if isinstance(arn, str) else None
            if item is None:
                continue
            if item["Status"] in _acm.DEAD:
                raise self._refused(item)
            if item["Status"] == "ISSUED":
                actual = {"certificate": arn, "domain": item["DomainName"]}
                found.append(Live(address, str(arn), actual, {"id": arn, "arn": arn}))
        return found

    @staticmethod
    def _refused(item: dict[str, Any]) -> NeedsPerson:
        domain, arn = item["DomainName"], item["CertificateArn"]
        return NeedsPerson(
            f"the certificate for {domain} was not issued: {_acm.cause_of(item)}",
            evidence=f"{arn} is {item['Status']}",
            safe="nothing else depends on it yet; what was made stays",
            next_step=f"correct the DNS of {domain}; aws acm delete-certificate --certificate-arn {arn}; "
            "then run the same command again",
        )

    def missing(self, properties: Properties) -> str:
        """What to look at while it is not issued."""
        domain, record = properties.get("domain"), properties.get("record")
        if isinstance(record, Mapping):
            return (
                f"the certificate for {domain} waits for a record that you write where the DNS of {domain} is kept: "
                f"{record['name']} {record['type']} {record['value']}"
            )
        return (
            f"the certificate for {domain} is not issued yet; see which name servers the world asks: "
            f"dig +short NS {domain}"
        )

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Domain names without case and dot; the record to write is only there to be told."""
        return name == "record" or _dns.same_name(desired, actual)
