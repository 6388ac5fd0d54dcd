"""A public certificate of AWS Certificate Manager, validated through DNS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import (
    DEPLOYMENT_TAG,
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
from wizard.kinds import _acm, _dns

NAMES_A_CERTIFICATE = 100
"""AWS: the upper bound of names in one certificate; an account's own quota begins at 10."""


class Certificate(Kind):
    """Ready when AWS shows the record that proves the domain; that it is issued is another kind's matter."""

    name = "certificate"
    title = "Certificate"
    identity = Identity.TOKENED
    found_by = frozenset({"domain", "alternative_names"})
    immutable = frozenset({"domain", "alternative_names"})
    renewed_beside = immutable
    poll_seconds = 3
    settling = (Settling("delete", "ResourceInUseException", "", 1200),)
    iam = {
        "read": ("acm:ListCertificates", "acm:ListTagsForCertificate", "acm:DescribeCertificate"),
        "create": ("acm:RequestCertificate", "acm:AddTagsToCertificate"),
        "delete": ("acm:DeleteCertificate",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: domain names, and the first one has at most 64 characters."""
        domain, others = properties.get("domain"), properties.get("alternative_names")
        found = _dns.domain_problems("domain", domain)
        if isinstance(domain, str) and len(domain.rstrip(".")) > 64:
            found.append(f"domain: the first name of a certificate has at most 64 characters, {domain} has more")
        for other in others if isinstance(others, list) else ():
            found += _dns.domain_problems("alternative_names", other)
        if isinstance(others, list) and len(others) >= NAMES_A_CERTIFICATE:
            found.append(f"alternative_names: at most {NAMES_A_CERTIFICATE} names in one certificate")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """Until the record to write shows."""
        return 5

    def monthly_usd(self, properties: Properties) -> float | None:
        """Public certificates used with AWS services cost nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for each that the index lists; the list of all only for a wanted one that it does not."""
        found = []
        for arn in context.index.arns(self.name).values():
            item = _acm.described(context, arn)
            if item:
                found.append(_acm.live(item, context.index.tags(arn) or {}))
        have = {_dns.fqdn(live.properties["domain"]) for live in found if live.address in wanted}
        asked = {_dns.fqdn(one["domain"]) for one in wanted.values() if isinstance(one.get("domain"), str)}
        domains = asked - have
        if domains:
            known = {live.id for live in found}
            found += [live for live in self._listed(context, domains) if live.id not in known]
        return sorted(found, key=lambda live: live.attributes["state"] in _acm.DEAD)

    def _listed(self, context: Context, domains: set[str]) -> list[Live]:
        found = []
        for summary in list(context.aws.pages("acm", "list_certificates", "CertificateSummaryList")):
            if _dns.fqdn(summary.get("DomainName", "")) not in domains:
                continue
            arn = summary["CertificateArn"]
            tags = _acm.tags_of(context, arn)
            item = _acm.described(context, arn) if tags.get(DEPLOYMENT_TAG) == context.scope.deployment else None
            if item:
                found.append(_acm.live(item, tags))
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """AWS honours the token for an hour; the SDK does not fill it in by itself."""
        others = list(properties.get("alternative_names") or ())
        answer = context.aws.write(
            "acm",
            "request_certificate",
            DomainName=properties["domain"].rstrip("."),
            ValidationMethod="DNS",
            IdempotencyToken=token[:32],
            Tags=tag_list(context.scope.tags(address)),
            **({"SubjectAlternativeNames": others} if others else {}),
        )
        return str(answer["CertificateArn"])

    def delete(self, context: Context, live: Live) -> None:
        """Refused for some minutes after the listener that used it is gone."""
        try:
            context.aws.write("acm", "delete_certificate", CertificateArn=live.id)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise

    def is_on_its_way(self, live: Live) -> bool:
        """Requested, but the record to write does not show yet."""
        return live.attributes["state"] == "PENDING_VALIDATION" and not live.attributes["complete"]

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """The records to write show some seconds after the request."""
        item = None
        state, complete = live.attributes["state"], live.attributes["complete"]
        if state == "PENDING_VALIDATION" and not complete:
            item = _acm.described(context, live.id)
            state = item["Status"] if item else state
            complete = item is not None and _acm.live(item, {}).attributes["complete"]
        if state in _acm.DEAD:
            cause = _acm.cause_of(item or {"Status": state})
            return Status(State.FAILED, f"the certificate cannot be used: {cause}", corpse=True)
        if complete or state == "ISSUED":
            return READY
        return Status(State.PENDING, "AWS is preparing the record that proves the domain")

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Domain names without case, dot and order."""
        if name == "domain":
            return _dns.same_name(desired, actual)
        return sorted({_dns.fqdn(one) for one in desired}) == sorted(actual or ())
