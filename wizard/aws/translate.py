"""What an SDK exception means: refused, throttled, lost, denied, expired, out of quota."""

from __future__ import annotations

import re

from wizard.errors import AmbiguousAnswer, AwsError, CredentialsError, NeedsPerson, PilotageError

THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "TransactionInProgressException",
    }
)
"""Refused before anything was done. `LimitExceededException` is not here: in ACM, KMS, Logs and ECS it is a quota."""

EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "AuthFailure.ExpiredToken",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "RequestTimeTooSkewed",
    }
)
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorized",
        "OptInRequired",
        "403",
    }
)

QUOTAS = {
    "VpcLimitExceeded": ("VPCs per Region", "vpc", "L-F678F1CE"),
    "AddressLimitExceeded": ("Elastic IPs per Region", "ec2", "L-0263D0A3"),
    "InternetGatewayLimitExceeded": ("internet gateways per Region", "vpc", "L-A4707A72"),
    "NatGatewayLimitExceeded": ("NAT gateways per Availability Zone", "vpc", "L-FE5A380F"),
    "SubnetLimitExceeded": ("subnets per VPC", "vpc", "L-407747CB"),
    "SecurityGroupLimitExceeded": ("security groups per Region", "vpc", "L-E79EC296"),
    "RulesPerSecurityGroupLimitExceeded": ("rules per security group", "vpc", "L-0EA8095F"),
    "RouteTableLimitExceeded": ("route tables per VPC", "vpc", "L-589F43AA"),
    "VpcEndpointLimitExceeded": ("VPC endpoints per VPC", "vpc", "L-29B6F2EB"),
    "TooManyLoadBalancers": ("load balancers per Region", "elasticloadbalancing", "L-53DA6B97"),
    "TooManyTargetGroups": ("target groups per Region", "elasticloadbalancing", "L-B22855CB"),
    "TooManyBuckets": ("buckets per account", "s3", "L-DC2B2D3D"),
    "acm:LimitExceededException": ("certificates per account", "acm", "L-F141DD1D"),
    "iam:LimitExceeded": ("roles per account", "iam", "L-FE177D64"),
    "ecs:LimitExceededException": ("services per cluster", "ecs", "L-9EF96962"),
    "logs:LimitExceededException": ("log groups per Region", "logs", "L-D2832119"),
    "secretsmanager:LimitExceededException": ("secrets per Region", "secretsmanager", "L-2F66C23C"),
    "ecr:LimitExceededException": ("repositories per Region", "ecr", "L-CFEB8E8D"),
}
"""A quota by error code (with its service where the code alone is ambiguous): its name, and where to raise it."""


def is_throttled(error: AwsError) -> bool:
    """Whether AWS refused the call only because too many came."""
    return error.code in THROTTLED or (error.status == 429)


def is_expired(error: AwsError) -> bool:
    """Whether the credentials are no longer good."""
    return error.code in EXPIRED


def translated(error: Exception, operation: str) -> PilotageError | None:
    """The error in our words, or None when it is not AWS's (a defect of ours)."""
    from botocore import exceptions as sdk

    if isinstance(error, sdk.ClientError):
        return _client_error(error, operation)
    if isinstance(error, sdk.ParamValidationError):
        return NeedsPerson(
            f"{operation} was not sent: a parameter breaks a rule of AWS",
            evidence=str(error),
            safe="nothing was changed by this call",
            next_step="correct the value in the blueprint, then run the same command again",
        )
    if isinstance(error, (sdk.NoCredentialsError, sdk.PartialCredentialsError)):
        return CredentialsError(
            "no AWS credentials were found",
            evidence=str(error),
            safe="nothing was changed",
            next_step="aws login    (or add --sandbox to try without an account)",
        )
    if isinstance(error, (sdk.HTTPClientError, sdk.ConnectionError)):
        return AmbiguousAnswer(operation, f"{type(error).__name__}: no answer came back")
    if isinstance(error, sdk.BotoCoreError):
        if _about_login(error):
            return expired(operation, str(error))
        return AmbiguousAnswer(operation, str(error))
    return None


def _about_login(error: Exception) -> bool:
    return bool(re.search(r"Token|Login|SSO|Credential", type(error).__name__))


def expired(operation: str, evidence: str) -> CredentialsError:
    """The login ended; what was done stays done."""
    return CredentialsError(
        f"the AWS login is no longer valid ({operation})",
        evidence=evidence,
        safe="what was made is recorded; nothing is lost",
        next_step="aws login   (or: aws sso login), then run the same command again",
    )


def _client_error(error: Exception, operation: str) -> PilotageError:
    response = getattr(error, "response", {})
    code = str(response.get("Error", {}).get("Code", "Unknown"))
    message = str(response.get("Error", {}).get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    service = operation.split(":")[0]
    if code in EXPIRED:
        return expired(operation, f"{code}: {message}")
    quota = QUOTAS.get(code) or QUOTAS.get(f"{service}:{code}")
    if quota:
        return _quota_error(operation, code, message, quota)
    # 501 says that it will never be done, so nothing is in doubt.
    if status >= 500 and status != 501 and code not in THROTTLED:
        return AmbiguousAnswer(operation, f"{code} ({status}): {message}")
    return AwsError(operation, code, message, status=status)


def _quota_error(operation: str, code: str, message: str, quota: tuple[str, str, str]) -> AwsError:
    name, service, number = quota
    error = AwsError(
        operation,
        code,
        message,
        next_step=f"raise it at https://console.aws.amazon.com/servicequotas/home/services/{service}/quotas/{number} "
        "and run the same command again",
    )
    error.summary = f"the quota for {name} is used up ({number})"
    error.safe = "everything made so far stays and is recorded; only what needs this one waits"
    return error


def denial(error: AwsError, resource: str) -> CredentialsError:
    """A refused permission, with the action and the resource it was refused on."""
    action = error.operation
    found = re.search(r"not authorized to perform: ([\w:-]+)(?: on resource: (\S+))?", error.message)
    if found:
        action, resource = found.group(1), found.group(2) or resource
    return CredentialsError(
        f"the permission {action} is lacking on {resource}",
        evidence=f"{error.code}: {error.message}",
        safe="what was made is recorded; nothing is lost",
        next_step=f"let your administrator allow {action} on {resource}, then run the same command again",
    )


def is_denied(error: AwsError) -> bool:
    """Whether AWS refused for want of a permission."""
    return error.code in DENIED
