"""moto's own stores, one door each: the modules that add behaviour look at them and change them here."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.world import ACCOUNT


def ec2(region: str) -> Any:
    """VPCs, subnets, interfaces, gateways, security groups."""
    from moto.ec2.models import ec2_backends

    return ec2_backends[ACCOUNT][region]


def elbv2(region: str) -> Any:
    """Load balancers, target groups, listeners, rules."""
    from moto.elbv2.models import elbv2_backends

    return elbv2_backends[ACCOUNT][region]


def acm(region: str) -> Any:
    """Certificates."""
    from moto.acm.models import acm_backends

    return acm_backends[ACCOUNT][region]


def mq(region: str) -> Any:
    """Brokers."""
    from moto.mq.models import mq_backends

    return mq_backends[ACCOUNT][region]


def ecr(region: str) -> Any:
    """Repositories and images."""
    from moto.ecr.models import ecr_backends

    return ecr_backends[ACCOUNT][region]


def logs(region: str) -> Any:
    """Log groups."""
    from moto.logs.models import logs_backends

    return logs_backends[ACCOUNT][region]


def secretsmanager(region: str) -> Any:
    """Secrets."""
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[ACCOUNT][region]


def rds(region: str) -> Any:
    """Database instances, clusters, subnet groups, snapshots."""
    from moto.rds.models import rds_backends

    return rds_backends[ACCOUNT][region]


def ecs(region: str) -> Any:
    """Clusters, services, task definitions."""
    from moto.ecs.models import ecs_backends

    return ecs_backends[ACCOUNT][region]


def kms(region: str) -> Any:
    """Keys and aliases."""
    from moto.kms.models import kms_backends

    return kms_backends[ACCOUNT][region]


def sqs(region: str) -> Any:
    """Queues."""
    from moto.sqs.models import sqs_backends

    return sqs_backends[ACCOUNT][region]


def efs(region: str) -> Any:
    """File systems, mount targets, access points."""
    from moto.efs.models import efs_backends

    return efs_backends[ACCOUNT][region]


def dynamodb(region: str) -> Any:
    """Tables and their backups."""
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends[ACCOUNT][region]


def scaling(region: str) -> Any:
    """Scalable targets and scaling policies."""
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    return applicationautoscaling_backends[ACCOUNT][region]


def sns(region: str) -> Any:
    """Topics and subscriptions."""
    from moto.sns.models import sns_backends

    return sns_backends[ACCOUNT][region]


def cloudwatch(region: str) -> Any:
    """Alarms."""
    from moto.cloudwatch.models import cloudwatch_backends

    return cloudwatch_backends[ACCOUNT][region]


def wafv2(region: str) -> Any:
    """Web ACLs."""
    from moto.wafv2.models import wafv2_backends

    return wafv2_backends[ACCOUNT][region]


def cloudtrail(region: str) -> Any:
    """Trails."""
    from moto.cloudtrail.models import cloudtrail_backends

    return cloudtrail_backends[ACCOUNT][region]


def budgets() -> Any:
    """Budgets, which have no region."""
    from moto.budgets.models import budgets_backends

    return budgets_backends[ACCOUNT]["aws"]


def iam() -> Any:
    """Roles and policies, which have no region."""
    from moto.iam.models import iam_backends

    return iam_backends[ACCOUNT]["aws"]


def route53() -> Any:
    """Hosted zones, which have no region."""
    from moto.route53.models import route53_backends

    return route53_backends[ACCOUNT]["aws"]


def s3() -> Any:
    """Buckets of all regions."""
    from moto.s3.models import s3_backends

    return s3_backends[ACCOUNT]["aws"]


def override(owner: Any, **members: Any) -> None:
    """Put the sandbox's own members in the place of moto's on one of its classes or modules."""
    for name, member in members.items():
        setattr(owner, name, member)
