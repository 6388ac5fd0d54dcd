"""ACM: a certificate is issued a minute after its CNAME stands in a public zone here, and never without."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.acm.models import CertBundle

from wizard.sandbox import dns, moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.listening import certificates_in_use
from wizard.sandbox.world import ACCOUNT, AGENDA, after, on_reset

RECORD_SECONDS = 3.0
ISSUE_SECONDS = 60.0
TIME_OUT_SECONDS = 72 * 3600.0
TOKEN_SECONDS = 3600.0

_PENDING: list[Any] = []
_TOKENS: dict[tuple[str, str], str] = {}

# moto would issue a certificate after a minute whatever stands in DNS.
moto_state.override(CertBundle, check=lambda _self: None)


def validation_record(domain: str) -> dict[str, str]:
    """The CNAME that proves a domain: the same for its wildcard, and for every request of this account."""
    bare = domain.lower().removeprefix("*.")
    proof = hashlib.sha256(f"{ACCOUNT}/{bare}".encode()).hexdigest()
    return {
        "Name": f"_{proof[:32]}.{bare}.",
        "Type": "CNAME",
        "Value": f"_{proof[32:]}.sandbox.acm-validations.aws.",
    }


@handles("acm", "RequestCertificate")
def request_certificate(call: Call) -> dict[str, Any]:
    """Within an hour the same token and the same request give the same certificate."""
    token = call.params.get("IdempotencyToken")
    key = (call.region, f"{token}/{tokens.digest(call.params, 'IdempotencyToken', 'Tags')}")
    known = _TOKENS.get(key) if token else None
    if known in moto_state.acm(call.region)._certificates:
        return {"CertificateArn": known}
    moto_state.acm(call.region)._idempotency_tokens.clear()
    arn = call.moto()["CertificateArn"]
    certificate = moto_state.acm(call.region)._certificates[arn]
    names = [call.params["DomainName"], *call.params.get("SubjectAlternativeNames", ())]
    certificate.sans = list(dict.fromkeys(names))
    certificate.method = call.params.get("ValidationMethod", "EMAIL")
    certificate.records_shown = certificate.waiting = False
    certificate.issued_at = None
    if token:
        _TOKENS[key] = arn
        after(TOKEN_SECONDS, lambda: _forget(key))
    if certificate.status == "PENDING_VALIDATION":
        _PENDING.append(certificate)
        after(RECORD_SECONDS, lambda: _show_records(certificate))
        after(TIME_OUT_SECONDS, lambda: _time_out(certificate))
    return {"CertificateArn": arn}


def _forget(key: tuple[str, str]) -> None:
    _TOKENS.pop(key, None)


def _show_records(certificate: Any) -> None:
    certificate.records_shown = True
    _look()


def _look() -> None:
    for certificate in _PENDING:
        if certificate.records_shown and not certificate.waiting and _proved(certificate):
            certificate.waiting = True
            after(ISSUE_SECONDS, lambda proved=certificate: _issue(proved))  # type: ignore[misc]


def _proved(certificate: Any) -> bool:
    if certificate.method != "DNS":
        return False
    records = [validation_record(name) for name in certificate.sans]
    return all(_stands(record) for record in records)


def _stands(record: dict[str, str]) -> bool:
    return record["Value"].rstrip(".") in dns.public_record_values(record["Name"], "CNAME")


def _issue(certificate: Any) -> None:
    certificate.waiting = False
    if certificate in _PENDING and _proved(certificate):
        _PENDING.remove(certificate)
        certificate.status = "ISSUED"
        certificate.issued_at = AGENDA.clock.now()


def _time_out(certificate: Any) -> None:
    if certificate in _PENDING:
        _PENDING.remove(certificate)
        certificate.status = "VALIDATION_TIMED_OUT"


dns.on_change(_look)


@handles("acm", "DescribeCertificate")
def describe_certificate(call: Call) -> dict[str, Any]:
    """The validation record appears a few seconds after the request; users are the load balancers of listeners."""
    answer = call.moto()
    shown = answer["Certificate"]
    certificate = moto_state.acm(call.region)._certificates[shown["CertificateArn"]]
    shown["InUseBy"] = certificates_in_use(call.region).get(certificate.arn, [])
    if not hasattr(certificate, "method"):
        return answer
    shown["SubjectAlternativeNames"] = list(certificate.sans)
    shown["DomainValidationOptions"] = [_validation(certificate, name) for name in certificate.sans]
    shown.pop("IssuedAt", None)
    if certificate.status == "ISSUED":
        shown["IssuedAt"] = certificate.issued_at
        shown["RenewalEligibility"] = "ELIGIBLE" if shown["InUseBy"] else "INELIGIBLE"
    else:
        for name in ("NotAfter", "NotBefore", "Serial", "Issuer"):
            shown.pop(name, None)
    return answer


def _validation(certificate: Any, name: str) -> dict[str, Any]:
    state = {"ISSUED": "SUCCESS", "PENDING_VALIDATION": "PENDING_VALIDATION"}.get(certificate.status, "FAILED")
    option: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": name,
        "ValidationMethod": certificate.method,
        "ValidationStatus": state,
    }
    if certificate.method == "DNS" and certificate.records_shown:
        option["ResourceRecord"] = validation_record(name)
    return option


@handles("acm", "ListCertificates")
def list_certificates(call: Call) -> dict[str, Any]:
    """The summary says whether a listener uses the certificate."""
    answer = call.moto()
    used = certificates_in_use(call.region)
    for summary in answer.get("CertificateSummaryList", ()):
        summary["InUse"] = summary["CertificateArn"] in used
        if summary.get("Status") != "ISSUED":
            for name in ("IssuedAt", "NotAfter", "NotBefore"):
                summary.pop(name, None)
    return answer


@before("acm", "DeleteCertificate")
def _not_in_use(call: Call) -> None:
    arn = call.params["CertificateArn"]
    if arn in certificates_in_use(call.region):
        raise Refused("ResourceInUseException", f"Certificate {arn} is in use.")


@before("acm", "GetCertificate")
def _issued(call: Call) -> None:
    certificate = moto_state.acm(call.region)._certificates.get(call.params["CertificateArn"])
    if certificate is not None and certificate.status == "PENDING_VALIDATION":
        raise Refused("RequestInProgressException", f"Certificate {certificate.arn} is still being requested.")


@on_reset
def _clear() -> None:
    _PENDING.clear()
    _TOKENS.clear()
