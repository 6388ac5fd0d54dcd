"""What AWS's service authorization reference says about resources: which calls name none, and the ARN of each kind.

An ARN here is what is known before anything is made: names are ours, ids are AWS's and stay open (`*`).
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from wizard.advice.paper import Paper
from wizard.engine.graph import Resource
from wizard.engine.values import refs_in

NO_RESOURCE = (
    "acm:ListCertificates",
    "apprunner:List*s",
    "application-autoscaling:Describe*",
    "cloudtrail:DescribeTrails",
    "cloudtrail:ListTrails",
    "cloudwatch:GetMetric*",
    "cloudwatch:ListMetrics",
    "cognito-idp:DescribeUserPoolDomain",
    "cognito-idp:ListUserPools",
    "dynamodb:ListBackups",
    "dynamodb:ListTables",
    "ec2:Describe*",
    "ecr:GetAuthorizationToken",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "ecs:ListServices",
    "ecs:ListTaskDefinitions",
    "elasticloadbalancing:Describe*",
    "elasticloadbalancing:SetWebA[Cc][Ll]",
    "iam:ListOpenIDConnectProviders",
    "iam:ListRoles",
    "kms:ListAliases",
    "kms:ListKeys",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "mq:ListBrokers",
    "route53:ListHostedZones*",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sns:GetSubscriptionAttributes",
    "sns:ListSubscriptions",
    "sns:ListTopics",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
    "sqs:ListQueues",
    "ssm:DescribeParameters",
    "sts:GetCallerIdentity",
    "tag:GetResources",
    "wafv2:ListWebACLs",
)
"""Calls for which AWS knows no resource: `*` is all that can be written."""
NAMES_ONE_AFTER_ALL = frozenset({"apprunner:ListOperations", "ec2:DescribeVpcAttribute"})
"""Calls that the patterns above would take in, but that name a resource."""
CREATES_WITHOUT_RESOURCE = frozenset(
    {
        "acm:RequestCertificate",
        "cognito-idp:CreateUserPool",
        "elasticfilesystem:CreateFileSystem",
        "kms:CreateKey",
        "mq:CreateBroker",
    }
)
"""Creates for which AWS knows no resource but sees the tags that the new one is to carry."""
UNNAMED = frozenset({"certificate", "file_system", "mount_target", "access_point", "kms_key", "user_pool"})
"""Kinds whose ids AWS chooses: any id, and only those that carry our tag may be changed."""

MADE_ALONG = {
    "db_cluster": "secretsmanager:R:A:secret:rds!*",
    "db_instance": "secretsmanager:R:A:secret:rds!*",
    "scaling_policy": "cloudwatch:R:A:alarm:TargetTracking-*",
}
"""What a service makes along with a resource of a kind, in the caller's name, under names of its own."""

LISTS = {
    "elasticfilesystem:DescribeAccessPoints": "elasticfilesystem:R:A:access-point/* "
    "elasticfilesystem:R:A:file-system/*",
    "elasticfilesystem:DescribeFileSystems": "elasticfilesystem:R:A:file-system/*",
    "rds:DescribeDBClusters": "rds:R:A:cluster:*",
    "rds:DescribeDBInstances": "rds:R:A:db:*",
}
"""Reads that ask for several at once, with a filter or none: AWS checks them against any resource of the type."""

_TEMPLATES = {
    "access_point": "elasticfilesystem:R:A:access-point/* elasticfilesystem:R:A:file-system/*",
    "alarm": "cloudwatch:R:A:alarm:{name}",
    "app_runner_scaling": "apprunner:R:A:autoscalingconfiguration/{name}/*",
    "app_runner_service": "apprunner:R:A:service/{name}/* apprunner:R:A:autoscalingconfiguration/*/*",
    "bucket": "s3:::{name} s3:::{name}/*",
    "budget": "budgets::A:budget/{name}",
    "broker": "mq:R:A:broker:{name}:*",
    "certificate": "acm:R:A:certificate/*",
    "certificate_validation": "acm:R:A:certificate/*",
    "cluster": "ecs:R:A:cluster/{name}",
    "db_cluster": "rds:R:A:cluster:{name} rds:R:A:cluster-snapshot:{name}-final-* rds:R:A:subgrp:* "
    "rds:R:A:cluster-pg:*",
    "db_cluster_instance": "rds:R:A:db:{name} rds:R:A:cluster:*",
    "db_instance": "rds:R:A:db:{name} rds:R:A:snapshot:{name}-final-* rds:R:A:subgrp:* rds:R:A:pg:*",
    "db_parameter_group": "rds:R:A:pg:{name} rds:R:A:cluster-pg:{name}",
    "db_subnet_group": "rds:R:A:subgrp:{name}",
    "express_service": "ecs:R:A:service/{cluster}/{name} ecs:R:A:service-deployment/{cluster}/{name}/* "
    "ecs:R:A:service-revision/{cluster}/{name}/*",
    "file_system": "elasticfilesystem:R:A:file-system/*",
    "image": "ecr:R:A:repository/{repository}",
    "kms_key": "kms:R:A:key/* kms:R:A:{alias}",
    "listener": "elasticloadbalancing:R:A:loadbalancer/app/{load_balancer}/* "
    "elasticloadbalancing:R:A:listener/app/{load_balancer}/*",
    "listener_rule": "elasticloadbalancing:R:A:listener/app/{load_balancer}/* "
    "elasticloadbalancing:R:A:listener-rule/app/{load_balancer}/*",
    "load_balancer": "elasticloadbalancing:R:A:loadbalancer/app/{name}/*",
    "log_group": "logs:R:A:log-group:{name} logs:R:A:log-group:{name}:*",
    "migration": "ecs:R:A:task-definition/{family}:* ecs:R:A:task/{cluster}/*",
    "mount_target": "elasticfilesystem:R:A:file-system/*",
    "oidc_provider": "iam::A:oidc-provider/{url}",
    "parameter": "ssm:R:A:parameter/{name}",
    "queue": "sqs:R:A:{name}",
    "repository": "ecr:R:A:repository/{name}",
    "role": "iam::A:role{path}{name}",
    "scalable_target": "application-autoscaling:R:A:scalable-target/*",
    "scaling_policy": "application-autoscaling:R:A:scalable-target/*",
    "secret": "secretsmanager:R:A:secret:{name}-??????",
    "service": "ecs:R:A:service/{cluster}/{name} ecs:R:A:service-deployment/{cluster}/{name}/* "
    "ecs:R:A:service-revision/{cluster}/{name}/*",
    "subscription": "sns:R:A:{topic}",
    "table": "dynamodb:R:A:table/{name}",
    "target_group": "elasticloadbalancing:R:A:targetgroup/{stem}*/*",
    "task_definition": "ecs:R:A:task-definition/{family}:*",
    "topic": "sns:R:A:{name}",
    "trail": "cloudtrail:R:A:trail/{name}",
    "user_pool": "cognito-idp:R:A:userpool/*",
    "user_pool_client": "cognito-idp:R:A:userpool/*",
    "user_pool_domain": "cognito-idp:R:A:userpool/*",
    "web_acl": "wafv2:R:A:regional/webacl/{name}/* wafv2:R:A:regional/managedruleset/*/*",
    "web_acl_association": "wafv2:R:A:regional/webacl/*/* elasticloadbalancing:R:A:loadbalancer/app/*/*",
}
"""ARNs without `arn:<partition>:`; `R` and `A` are Region and account, `{name}` is the property of that name."""


_WORDS = ("name", "path", "family", "cluster", "alias", "repository", "load_balancer", "topic", "url")


def names_no_resource(action: str) -> bool:
    """Whether `*` is all that AWS lets one write for a call."""
    listed = any(fnmatchcase(action, pattern) for pattern in NO_RESOURCE)
    return listed and action not in NAMES_ONE_AFTER_ALL


def listed(paper: Paper, action: str) -> list[str]:
    """The ARNs of a read that asks for several at once; none for another one."""
    templates = LISTS.get(action, "").split()
    return [_placed(paper, *template.split(":", 3)) for template in templates]


def services_of(kind: str) -> list[str]:
    """The services whose resources a kind's ARNs are; empty when none is known."""
    return sorted({template.split(":")[0] for template in _TEMPLATES.get(kind, "").split()})


def encrypting_services(kind: str) -> list[str]:
    """The services that use a key for a kind: its own, and that of what is made along (the secret of a database)."""
    made = MADE_ALONG.get(kind, "").partition(":")[0]
    return sorted({*services_of(kind), made} - {""})


def arns_of(paper: Paper, resources: Iterable[Resource]) -> list[str]:
    """The ARNs of resources, as far as they are known before they are made."""
    found: dict[str, None] = {}
    for resource in resources:
        for template in _TEMPLATES[resource.kind].split():
            found[_filled(paper, template, resource)] = None
    return sorted(found)


def made_along(paper: Paper, kind: str, service: str) -> list[str]:
    """ARNs of what a service makes along with the resources of a kind."""
    template = MADE_ALONG.get(kind, "")
    return [_filled(paper, template, each) for each in paper.of_kind(kind)[:1] if template.startswith(f"{service}:")]


def _filled(paper: Paper, template: str, resource: Resource) -> str:
    service, region, account, rest = template.split(":", 3)
    if "{stem}" in rest:
        # One that replaces another beside it has a tail of five characters within AWS's 32.
        rest = rest.replace("{stem}", _word(paper, resource, "name")[:27].rstrip("-"))
    for name in _WORDS:
        if f"{{{name}}}" in rest:
            rest = rest.replace(f"{{{name}}}", _word(paper, resource, name))
    return _placed(paper, service, region, account, rest.replace("parameter//", "parameter/"))


def _placed(paper: Paper, service: str, region: str, account: str, rest: str) -> str:
    place = f"{paper.scope.region if region else ''}:{paper.scope.account if account else ''}"
    return f"arn:{paper.scope.partition}:{service}:{place}:{rest}"


def _word(paper: Paper, resource: Resource, name: str) -> str:
    """A property as a part of an ARN; a reference is the name of what it refers to; `*` where nobody knows yet."""
    value = resource.properties.get(name)
    if value is None and name not in resource.properties:
        parents = (paper.graph.resources[ref.address].properties for ref in sorted(resource.refs, key=str))
        value = next((each[name] for each in parents if name in each), None)
    for ref in refs_in(value):
        value = paper.graph.resources[ref.address].properties.get("name")
    if name == "cluster" and value is None:
        return "default"
    if not isinstance(value, str) or not value:
        return "*"
    return value.removeprefix("https://").rpartition(":cluster/")[2] if name in ("url", "cluster") else value
