"""What exists in the services that only moto answers for, as far as it can list them."""

from __future__ import annotations

from collections.abc import Iterator

from moto.core.resource_tagging import iter_taggable_backends

from wizard.sandbox import moto_state
from wizard.sandbox.catalogue.entry import Entry, tag_map
from wizard.sandbox.world import ACCOUNT

COVERED = ("acm", "ec2", "ecs", "elasticloadbalancing", "elbv2", "kms", "logs", "rds", "s3", "secretsmanager")
"""Namespaces of moto's taggable stores that the other modules of this catalogue list in full."""


def entries(region: str) -> Iterator[Entry]:
    """Alarms, topics, queues, parameters, tables, file systems and so on, tagged or not, and scaling targets."""
    for backend in iter_taggable_backends(ACCOUNT, region):
        if backend.SERVICE_NAMESPACE in COVERED:
            continue
        for resource in backend.iter_tagged_resources():
            service, _, kind = resource.resource_type.partition(":")
            name = resource.arn.rpartition(":")[2].rpartition("/")[2]
            aws_own = ":parameter/aws/" in resource.arn
            if not aws_own:
                yield Entry(service, kind, resource.arn, name, region, resource.arn, tag_map(resource.tags))
    yield from _scaling(region)


def _scaling(region: str) -> Iterator[Entry]:
    backend = moto_state.scaling(region)
    for dimension, targets in backend.targets.items():
        for resource_id, target in targets.items():
            id_, tags = f"{resource_id}/{dimension}", getattr(target, "sandbox_tags", {})
            yield Entry("application-autoscaling", "scalable-target", id_, resource_id, region, target.arn, tags)
    for policy in backend.policies.values():
        yield Entry("application-autoscaling", "scaling-policy", policy.policy_arn, policy.policy_name, region)
