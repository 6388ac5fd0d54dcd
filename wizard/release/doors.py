"""The certificate behind which a service is reached, if it is not in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import AwsError

IN_ORDER = "ISSUED"
IAM_ACTIONS = (
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeListeners",
    "acm:DescribeCertificate",
)


def certificate_of(aws: Calls, target_group: str) -> str:
    """Status, failure reason and domain of the first certificate in trouble before a target group; empty when none is.

    At most four reads; AWS's refusals leave it empty.
    """
    try:
        groups = aws.read("elbv2", "describe_target_groups", TargetGroupArns=[target_group])["TargetGroups"]
        balancers = groups[0].get("LoadBalancerArns") if groups else None
        if not balancers:
            return ""
        listeners = aws.read("elbv2", "describe_listeners", LoadBalancerArn=balancers[0])["Listeners"]
        arns = [each["CertificateArn"] for listener in listeners for each in listener.get("Certificates") or ()]
        shown = [aws.read("acm", "describe_certificate", CertificateArn=arn)["Certificate"] for arn in arns[:2]]
    except AwsError:
        return ""
    return next((_told(each) for each in shown if each["Status"] != IN_ORDER), "")


def _told(certificate: Mapping[str, Any]) -> str:
    parts = (certificate["Status"], certificate.get("FailureReason", ""), certificate.get("DomainName", ""))
    return " ".join(part for part in parts if part)
