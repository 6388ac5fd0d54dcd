"""What exists in the services that Pilotage uses, beside the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.sandbox import app_runner, app_runner_scaling, ecs, moto_state
from wizard.sandbox.catalogue.entry import Entry, tag_map
from wizard.sandbox.dns import SEED_ZONE
from wizard.sandbox.identity import SERVICE_LINKED_PATH
from wizard.sandbox.world import ACCOUNT, DEFAULT_REGION


def entries(region: str) -> Iterator[Entry]:
    """Resources of one region."""
    yield from _ecs(region)
    yield from _app_runner(region)
    yield from _balancing(region)
    yield from _brokers(region)
    yield from _images_logs_secrets(region)
    yield from _databases(region)
    yield from _certificates_and_keys(region)


def _ecs(region: str) -> Iterator[Entry]:
    for one in ecs.inventory(ACCOUNT, region):
        dead = one["status"] in ("INACTIVE", "STOPPED")
        yield Entry(
            service="ecs",
            type=one["type"],
            id=one["id"],
            name=one["name"],
            region=region,
            arn="" if dead else one["id"],
            tags=tag_map(one["tags"]),
            details={"status": one["status"]},
        )


def _app_runner(region: str) -> Iterator[Entry]:
    for one in app_runner.services():
        if one.region == region:
            arn = "" if one.status == "DELETED" else one.arn
            details = {"status": one.status}
            yield Entry("apprunner", "service", one.arn, one.name, region, arn, dict(one.tags), details)
    for scaling in app_runner_scaling.known(region).values():
        if scaling.name != app_runner_scaling.DEFAULT_NAME:
            name = f"{scaling.name}/{scaling.revision}"
            arn, tags = scaling.arn, dict(scaling.tags)
            yield Entry("apprunner", "autoscalingconfiguration", arn, name, region, arn, tags)


def _balancing(region: str) -> Iterator[Entry]:
    store = moto_state.elbv2(region)

    def entry(kind: str, arn: str, name: str) -> Entry:
        tags = tag_map(store.tagging_service.get_tag_dict_for_resource(arn))
        return Entry("elbv2", kind, arn, name, region, arn, tags)

    for balancer in store.load_balancers.values():
        yield entry("loadbalancer", balancer.arn, balancer.name)
        for listener in balancer.listeners.values():
            yield entry("listener", listener.arn, f"{balancer.name}:{listener.port}")
            for rule in listener.rules.values():
                if not rule.is_default:
                    yield entry("listener-rule", rule.arn, f"{balancer.name}:{listener.port}#{rule.priority}")
    for group in store.target_groups.values():
        yield entry("targetgroup", group.arn, group.name)


def _brokers(region: str) -> Iterator[Entry]:
    store = moto_state.mq(region)
    own = {getattr(broker, "own_configuration", None) for broker in store.brokers.values()}
    for broker in store.brokers.values():
        tags = tag_map(store.tagger.get_tag_dict_for_resource(broker.arn))
        details = {"status": broker.state}
        yield Entry("mq", "broker", broker.id, broker.name, region, broker.arn, tags, details)
    for configuration in store.configs.values():
        if configuration.id not in own:
            tags = tag_map(store.tagger.get_tag_dict_for_resource(configuration.arn))
            yield Entry("mq", "configuration", configuration.id, configuration.name, region, configuration.arn, tags)


def _images_logs_secrets(region: str) -> Iterator[Entry]:
    registry = moto_state.ecr(region)
    for repository in registry.repositories.values():
        tags = tag_map(registry.tagger.get_tag_dict_for_resource(repository.arn))
        details = {"images": len(repository.images)}
        yield Entry("ecr", "repository", repository.arn, repository.name, region, repository.arn, tags, details)
    log_store = moto_state.logs(region)
    for name, group in log_store.groups.items():
        arn = group.arn.removesuffix(":*")
        yield Entry("logs", "log-group", arn, name, region, arn, tag_map(log_store.list_tags_log_group(name)))
    for secret in dict.values(moto_state.secretsmanager(region).secrets):
        deleted = secret.is_deleted()
        details = {"deletion_date": secret.deleted_date} if deleted else {}
        yield Entry(
            "secretsmanager", "secret", secret.arn, secret.name, region, secret.arn, tag_map(secret.tags), details
        )


def _databases(region: str) -> Iterator[Entry]:
    store = moto_state.rds(region)

    def entry(kind: str, arn: str, name: str, resource: Any, **details: Any) -> Entry:
        return Entry("rds", kind, arn, name, region, arn, tag_map(resource.tags), details)

    for one in store.databases.values():
        yield entry("db", one.arn, one.db_instance_identifier, one, status=one.status)
    for one in store.clusters.values():
        yield entry("cluster", one.arn, one.db_cluster_identifier, one, status=one.status)
    for one in store.subnet_groups.values():
        if one.arn.rpartition(":")[2] != "default":
            yield entry("subgrp", one.arn, one.arn.rpartition(":")[2], one)
    for kind, groups in (("pg", store.db_parameter_groups), ("cluster-pg", store.db_cluster_parameter_groups)):
        for name, one in groups.items():
            if not name.startswith("default."):
                yield entry(kind, one.arn, name, one)
    for name, one in store.database_snapshots.items():
        if one.snapshot_type == "manual":
            yield entry("snapshot", one.arn, name, one, status=one.status)
    for name, one in store.cluster_snapshots.items():
        if one.snapshot_type == "manual":
            yield entry("cluster-snapshot", one.arn, name, one, status=one.status)


def _certificates_and_keys(region: str) -> Iterator[Entry]:
    for certificate in moto_state.acm(region)._certificates.values():
        arn = certificate.arn
        details = {"status": certificate.status}
        yield Entry("acm", "certificate", arn, certificate.common_name, region, arn, tag_map(certificate.tags), details)
    keys = moto_state.kms(region)
    for key in keys.keys.values():
        if getattr(key, "key_manager", "CUSTOMER") == "AWS":
            continue
        aliases = sorted(key.aliases)
        if any(alias.startswith("alias/aws/") for alias in aliases):
            continue
        tags = tag_map(keys.tagger.get_tag_dict_for_resource(key.id))
        details = {"status": key.key_state, "aliases": aliases}
        if key.deletion_date is not None:
            details["deletion_date"] = key.deletion_date.isoformat()
        yield Entry("kms", "key", key.arn, (aliases or [key.id])[0], region, key.arn, tags, details)


def global_entries() -> Iterator[Entry]:
    """Roles, policies, hosted zones and records, buckets."""
    iam = moto_state.iam()
    for role in iam.roles.values():
        if not role.path.startswith(SERVICE_LINKED_PATH):
            yield Entry("iam", "role", role.arn, role.name, DEFAULT_REGION, tags=tag_map(role.tags))
    for arn, policy in iam.managed_policies.items():
        if ":iam::aws:" not in arn:
            yield Entry("iam", "policy", arn, policy.name, DEFAULT_REGION, tags=tag_map(policy.tags))
    for arn, provider in iam.open_id_providers.items():
        yield Entry("iam", "oidc-provider", arn, provider.url, DEFAULT_REGION, arn, tag_map(provider.get_tags()))
    for bucket in moto_state.s3().buckets.values():
        tags = tag_map(moto_state.s3().tagger.get_tag_dict_for_resource(bucket.arn))
        yield Entry("s3", "bucket", bucket.name, bucket.name, bucket.region_name, bucket.arn, tags)
    yield from _zones()


def _zones() -> Iterator[Entry]:
    store = moto_state.route53()
    for zone in store.zones.values():
        if zone.name != SEED_ZONE:
            tags = tag_map(store.list_tags_for_resource(zone.resource_id))
            yield Entry("route53", "hosted-zone", zone.resource_id, zone.name, DEFAULT_REGION, tags=tags)
        for record in zone.rrsets:
            if record.type not in ("NS", "SOA") or record.name != zone.name:
                yield Entry(
                    "route53", "record", f"{zone.resource_id}/{record.name}/{record.type}", record.name, DEFAULT_REGION
                )
