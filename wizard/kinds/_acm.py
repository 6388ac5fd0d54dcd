"""Reading a certificate, and what its states mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Live
from wizard.errors import AwsError
from wizard.kinds import _dns

DEAD = ("FAILED", "VALIDATION_TIMED_OUT", "EXPIRED", "REVOKED", "INACTIVE")
"""A certificate in one of these never becomes good: another one must be requested."""

CAUSES = {
    "CAA_ERROR": "a CAA record of the domain does not allow amazon.com to issue certificates for it",
    "PCA_ACCESS_DENIED": "the private certificate authority refused",
    "DOMAIN_NOT_ALLOWED": "the domain is on a list of unsafe domains",
    "ADDITIONAL_VERIFICATION_REQUIRED": "AWS wants to verify the domain with you: open a support case",
    "DOMAIN_VALIDATION_DENIED": "the validation was refused",
    "VALIDATION_TIMED_OUT": "the validation record did not show in public DNS within 72 hours",
}


def described(context: Context, arn: str) -> dict[str, Any] | None:
    """A certificate as AWS describes it; None when there is none."""
    try:
        answer = context.aws.read("acm", "describe_certificate", CertificateArn=arn)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return None
    found: dict[str, Any] = answer["Certificate"]
    return found


def cause_of(certificate: dict[str, Any]) -> str:
    """Why a certificate is dead, in words."""
    reason = certificate.get("FailureReason") or certificate["Status"]
    return CAUSES.get(reason, f"AWS says {reason}")


def tags_of(context: Context, arn: str) -> Mapping[str, str]:
    """Tags of a certificate, from the index where it knows them."""
    listed = context.index.tags(arn)
    if listed is not None:
        return listed
    try:
        return tag_map(context.aws.read("acm", "list_tags_for_certificate", CertificateArn=arn)["Tags"])
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return {}


def live(item: Mapping[str, Any], tags: Mapping[str, str]) -> Live:
    """A described certificate; the validation attributes are there once AWS shows the records."""
    domain = item["DomainName"]
    others = [_dns.fqdn(name) for name in item.get("SubjectAlternativeNames", ())]
    properties = {"domain": domain, "alternative_names": sorted(set(others) - {_dns.fqdn(domain)})}
    options = item.get("DomainValidationOptions", ())
    records = [one["ResourceRecord"] for one in options if "ResourceRecord" in one]
    attributes: dict[str, Any] = {"id": item["CertificateArn"], "arn": item["CertificateArn"]}
    attributes |= {"state": item["Status"], "complete": bool(options) and len(records) == len(options)}
    if records:
        first = records[0]
        attributes |= {"validation_name": _dns.fqdn(first["Name"]), "validation_type": first["Type"]}
        attributes["validation_value"] = first["Value"]
        # A name and its wildcard are proved by one and the same record.
        by_name = {_dns.fqdn(one["Name"]): one for one in records}
        attributes["validation_records"] = [
            {"name": name, "type": one["Type"], "value": one["Value"]} for name, one in sorted(by_name.items())
        ]
    address, owner = tags.get(ADDRESS_TAG, ""), tags.get(DEPLOYMENT_TAG, "")
    return Live(address, item["CertificateArn"], properties, attributes, owner)
