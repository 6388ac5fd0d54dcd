"""Causes that keep AWS from taking a call: rights, quotas, throttling, credentials, settings that do not fit."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, event_says, refused

QUOTAS = "aws service-quotas list-service-quotas --service-code {quota_service} --query Quotas[].[QuotaName,Value]"

RULES: tuple[Rule, ...] = (
    Rule(
        "PassRole denied",
        refused(r"iam:PassRole(?:.*resource: (?P<role>arn:\S+))?"),
        "the caller may not hand the role {role} to ECS",
        "pilotage policy FILE --for oncall   (iam:PassRole for that role must be allowed)",
        final=True,
    ),
    Rule(
        "service-linked role missing",
        refused(r"service[- ]linked role", r"ECS service role being passed"),
        "ECS lacks its service-linked role in this account, or may not use it",
        "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
    ),
    Rule(
        "credentials expired",
        refused(r"ExpiredToken|RequestExpired|security token.*(?:expired|invalid)|token has expired"),
        "the credentials of the caller are older than they may be",
        "aws sso login   (or aws login), then the same command again",
    ),
    Rule(
        "call throttled",
        refused(
            r"^(?:Throttling|ThrottlingException|RequestLimitExceeded|SlowDown|TooManyRequests)\w*", r"Rate exceeded"
        ),
        "AWS limits how often this account may call it; Pilotage waits and asks again",
        "aws cloudtrail lookup-events --max-results 50   (who calls so often?)",
    ),
    Rule(
        "load balancer quota reached",
        refused(
            r"TooMany(?P<what>Rules|LoadBalancers|TargetGroups|Listeners|Certificates|UniqueTargetGroups|Actions)\w*",
            r"maximum number of (?P<what>rules|load balancers|target groups|listeners)",
        ),
        "a quota of the load balancer is used up: {what}",
        QUOTAS.replace("{quota_service}", "elasticloadbalancing"),
        final=True,
    ),
    Rule(
        "quota reached",
        refused(
            r"(?P<code>VpcLimitExceeded|AddressLimitExceeded|NatGatewayLimitExceeded|SecurityGroupLimitExceeded"
            r"|RulesPerSecurityGroupLimitExceeded|ServiceQuotaExceeded\w*|LimitExceeded\w*|DBInstanceQuotaExceeded\w*)",
            r"(?:quota|limit) (?:was |has been |is )?(?:exceeded|reached)",
        ),
        "a quota of the account is used up: {code}",
        "aws service-quotas list-services   (then list-service-quotas --service-code SERVICE)",
        final=True,
    ),
    Rule(
        "CPU and memory do not fit",
        refused(r"No Fargate configuration exists for given values", r"invalid 'cpu' setting"),
        "Fargate has no size with this CPU and memory",
        "pilotage validate FILE",
        final=True,
    ),
    Rule(
        "service cannot be changed now",
        refused(
            r"ServiceNotActiveException|still Draining|was not ACTIVE|deployments? (?:is|are) (?:in progress|active)"
        ),
        "the service is being deleted, or is in the middle of another deployment",
        "aws ecs describe-services --cluster {cluster} --services {service} --query services[].[status,deployments]",
    ),
    Rule(
        "caller lacks a permission",
        refused(r"not authorized to perform:? (?P<action>[\w-]+:\w+)", r"^(?:AccessDenied|UnauthorizedOperation)\w*"),
        "the caller may not do this: {action}",
        "pilotage policy FILE --for oncall",
        final=True,
    ),
    Rule("cannot place tasks", event_says(r"unable to place a task"), "AWS cannot place a task of {service}"),
    Rule(
        "tasks keep failing",
        event_says(r"unable to consistently start tasks"),
        "the tasks of {service} fail again and again; AWS tries less and less often",
        "aws ecs list-tasks --cluster {cluster} --service-name {service} --desired-status STOPPED",
    ),
)
