"""Causes that keep AWS from placing a task at all: there is no stopped task, only an event of the service."""

from __future__ import annotations

from wizard.release.diagnosis.rule import Rule, event_says

RULES: tuple[Rule, ...] = (
    Rule(
        "vCPU quota reached",
        event_says(
            r"limit on the number of vCPUs", r"vCPU.*(?:limit|quota)", r"(?:CPU|MEMORY) configuration is above your"
        ),
        "the account's quota of Fargate vCPUs is used up",
        "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 "
        "--desired-value NUMBER",
    ),
    Rule(
        "task quota reached",
        event_says(r"limit on the number of tasks", r"(?:concurrent|running) tasks.*(?:limit|quota)"),
        "the account's quota of tasks is used up",
        "aws service-quotas list-service-quotas --service-code fargate --query Quotas[].[QuotaName,Value,QuotaCode]",
    ),
    Rule(
        "no capacity",
        event_says(
            r"Capacity is (?:currently )?unavailable",
            r"RESOURCE:CAPACITY",
            r"RESOURCE:FARGATE",
            r"InsufficientCapacity",
        ),
        "AWS has no Fargate capacity in these Availability Zones right now; it keeps trying",
        "aws ecs update-service --cluster {cluster} --service {service} --force-new-deployment "
        "--capacity-provider-strategy capacityProvider=FARGATE,weight=1   (where Spot ran out; or add a zone)",
    ),
    Rule(
        "no container instances",
        event_says(
            r"no container instances? (?:were found|met all)",
            r"closest matching",
            r"RESOURCE:(?:MEMORY|CPU|PORTS|GPU)",
            r"missing an attribute",
            r"placement constraint",
        ),
        "no EC2 instance of the cluster has room for the task, or fits its constraints",
        "aws ecs list-container-instances --cluster {cluster}",
    ),
    Rule(
        "deployment configuration leaves no room",
        event_says(r"because of the service deployment configuration"),
        "the deployment may neither stop an old task nor start a new one: minimumHealthyPercent and maximumPercent "
        "leave no room at this count",
        "aws ecs update-service --cluster {cluster} --service {service} "
        "--deployment-configuration minimumHealthyPercent=100,maximumPercent=200",
        final=True,
    ),
    Rule(
        "task definition inactive",
        event_says(r"task ?definition (?:is|was|.* is) inactive", r"TaskDefinition is inactive"),
        "the task definition of the service was deregistered, so that no task can start from it",
        "{rollback}",
        final=True,
    ),
    Rule(
        "too many targets",
        event_says(r"TooManyTargets", r"TooManyRegistrationsForTargetId", r"targets.*(?:limit|quota|maximum)"),
        "the target group or load balancer cannot take another target: a quota is used up",
        "aws service-quotas list-service-quotas --service-code elasticloadbalancing "
        "--query Quotas[].[QuotaName,Value,QuotaCode]",
        final=True,
    ),
    Rule(
        "load balancer calls throttled",
        event_says(r"(?:being|was|were) throttled on", r"throttl\w+.*(?:elb|target)"),
        "AWS limits how often ECS may call the load balancer for this account; it tries again",
        "aws ecs describe-services --cluster {cluster} --services {service} --query services[].events[:5].message",
    ),
)
