"""Causes that lie in the certificate of the load balancer's listener."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, certificate_says, refused

SHOW = "aws acm describe-certificate --certificate-arn CERTIFICATE --query Certificate.[Status,DomainValidationOptions]"

RULES: tuple[Rule, ...] = (
    Rule(
        "certificate expired",
        certificate_says(r"^EXPIRED(?:.* (?P<domain>[\w*.-]+\.\w+))?"),
        "the certificate of the load balancer has expired: {domain}",
        SHOW,
        final=True,
    ),
    Rule(
        "certificate revoked",
        certificate_says(r"^REVOKED"),
        "the certificate of the load balancer was revoked",
        SHOW,
        final=True,
    ),
    Rule(
        "certificate refused by CAA",
        certificate_says(r"CAA_ERROR"),
        "the domain's CAA record does not allow Amazon to make certificates for it",
        "dig CAA DOMAIN   (it must allow amazon.com, or be absent)",
        final=True,
    ),
    Rule(
        "certificate validation timed out",
        certificate_says(r"VALIDATION_TIMED_OUT"),
        "nobody proved in 72 hours that the domain is ours, so that AWS gave the certificate up",
        "pilotage replay FILE --env ENV   (it asks for a new one)",
        final=True,
    ),
    Rule(
        "certificate failed",
        certificate_says(r"^FAILED (?P<why>\w+)?", r"^FAILED"),
        "AWS does not make the certificate: {why}",
        SHOW,
        final=True,
    ),
    Rule(
        "certificate waits for validation",
        certificate_says(r"PENDING_VALIDATION(?:.* (?P<domain>[\w*.-]+\.\w+))?"),
        "the certificate waits until the record that proves the domain is found: {domain}",
        "dig CNAME _TOKEN.DOMAIN   (the record that describe-certificate shows; is the zone delegated?)",
    ),
    Rule(
        "certificate not usable",
        refused(r"UnsupportedCertificate", r"certificate.*(?:fully-qualified|must have|not found|does not exist)"),
        "the load balancer does not take this certificate: it is not issued yet, or lies in another Region",
        "aws acm list-certificates --query CertificateSummaryList[].[DomainName,Status]",
        final=True,
    ),
)
