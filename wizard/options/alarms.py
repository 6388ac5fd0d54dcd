"""Alarms on what hurts users first, and the topic that tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.blueprint.model import Alarms, AmazonMq, AuroraPostgres, DocumentDb, EcsFargate, RdsPostgres
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import MAIN, Site, Target

_ELB = "AWS/ApplicationELB"
_ABOVE, _AT_LEAST, _BELOW = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"
_MINUTE, _MINUTES = 60, 5
_BROKER_PERCENT = 80
_BROKER_MEMORY = 0.3
_NODE_GIB = {"medium": 4, "large": 8, "xlarge": 16} | {f"{size}xlarge": 16 * size for size in (2, 4, 8, 12, 16)}
_BACKLOG = 1000
"""Messages that nobody has taken yet."""
_DATABASE_PERCENT = 80
_FREE_SHARE = 0.1
_GIB = 2**30

Balancer = Ref(f"load_balancer.{MAIN}", "full_name")


def add(site: Site) -> Site:
    """Add the topic when somebody or something is told, and the alarms that the blueprint asks for."""
    watch = site.blueprint.observability
    if watch.alarms is None and watch.email is None:
        return site
    topic = Resource("topic", MAIN, {"name": site.name("topic"), "policy": _policy(site), **site.seal()})
    site = site.plus(topic, topic=topic.ref("arn"), outputs={"alarm_topic": topic.ref("arn")})
    if watch.email is not None:
        person = {"topic": topic.ref("arn"), "protocol": "email", "endpoint": watch.email}
        note = f"{watch.email} must confirm the e-mail from AWS before alarms are told"
        site = site.plus(Resource("subscription", "email", person), outputs={"alarm_email": note})
    return site.plus(*_alarms(site, watch.alarms)) if watch.alarms is not None else site


def _policy(site: Site) -> dict[str, Any]:
    """The alarms and budgets of this account may publish; people of the account do what IAM lets them."""
    statement = {
        "Sid": "AlarmsAndBudgetsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]},
        "Action": "sns:Publish",
        "Resource": site.expansion.arn("sns", site.name("topic")),
        "Condition": {"StringEquals": {"aws:SourceAccount": site.expansion.account}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _alarms(site: Site, wanted: Alarms) -> Iterator[Resource]:
    yield from _services(site, wanted)
    if wanted.unhealthy_targets:
        yield from _workers(site)
    if site.targets:
        yield from _balancer(site, wanted)
    broker = site.blueprint.broker
    if wanted.broker and isinstance(broker, AmazonMq):
        yield from _broker(site, broker)
    if wanted.database and site.database is not None:
        yield from _database(site, site.database)


def _services(site: Site, wanted: Alarms) -> Iterator[Resource]:
    metrics = (("cpu", "CPUUtilization", wanted.cpu), ("memory", "MemoryUtilization", wanted.memory))
    for name, choice in site.blueprint.services.items():
        where = {"ClusterName": Ref(f"cluster.{MAIN}", "name"), "ServiceName": Ref(f"service.{name}", "name")}
        for short, metric, percent in metrics if isinstance(choice, EcsFargate) else ():
            if percent is not None:
                told = f"{short.upper() if short == 'cpu' else 'Memory'} of {name} above {percent} % for five minutes"
                yield _alarm(site, f"{name}-{short}", "AWS/ECS", metric, where, told, (_ABOVE, percent))


def _workers(site: Site) -> Iterator[Resource]:
    """Nobody asks a service without a load balancer how it is; but each running task reports its CPU once a minute."""
    routed = {target.service for target in site.targets}
    for name, choice in site.blueprint.services.items():
        if isinstance(choice, EcsFargate) and name not in routed and _least(site, name):
            where = {"ClusterName": Ref(f"cluster.{MAIN}", "name"), "ServiceName": Ref(f"service.{name}", "name")}
            how = {"statistic": "SampleCount", "missing": "breaching"}
            told = f"No container of {name} runs since five minutes"
            yield _alarm(site, f"{name}-running", "AWS/ECS", "CPUUtilization", where, told, (_BELOW, 1), **how)


def _balancer(site: Site, wanted: Alarms) -> Iterator[Resource]:
    if wanted.http_5xx is not None:
        for origin, who in (("Target", "the containers"), ("ELB", "the load balancer")):
            metric, told = f"HTTPCode_{origin}_5XX_Count", f"Server errors of {who} within five minutes"
            # Without a request there is no error, and no value either.
            how: dict[str, Any] = {"statistic": "Sum", "period": 300, "periods": 1, "missing": "notBreaching"}
            where, limit = {"LoadBalancer": Balancer}, (_ABOVE, wanted.http_5xx)
            yield _alarm(site, f"5xx-{origin.lower()}", _ELB, metric, where, told, limit, **how)
    for target in site.targets:
        yield from _target(site, wanted, target)


def _target(site: Site, wanted: Alarms, target: Target) -> Iterator[Resource]:
    name, groups = _named(target), _groups(target)
    if wanted.unhealthy_targets:
        least = _least(site, target.service)
        told = f"Fewer than {least} healthy containers of {name}"
        how: dict[str, Any] = {"statistic": "Minimum", "missing": "breaching"}
        yield _alarm(site, f"{name}-healthy", _ELB, "HealthyHostCount", groups, told, (_BELOW, least), **how)
        # With autoscaling more may run than the least: then one that is ill shows here only.
        told, how = f"A container of {name} is ill", {"statistic": "Maximum"}
        yield _alarm(site, f"{name}-unhealthy", _ELB, "UnHealthyHostCount", groups, told, (_AT_LEAST, 1), **how)
    if target.alternate is not None and wanted.http_5xx is not None:
        told, metric = f"Server errors of {name} within a minute, which stop a rollout", "HTTPCode_Target_5XX_Count"
        how = {"statistic": "Sum", "periods": 1, "missing": "notBreaching"}
        yield _alarm(site, f"{name}-5xx", _ELB, metric, groups, told, (_ABOVE, wanted.http_5xx), **how)


def guards_of(site: Site, service: str) -> list[str]:
    """Names of the alarms that stop a rollout of a service whose new versions get their requests by a shift."""
    alarms = site.blueprint.observability.alarms
    if alarms is None or alarms.http_5xx is None:
        return []
    return [f"{_named(each)}-5xx" for each in site.targets if each.service == service and each.alternate is not None]


def _named(target: Target) -> str:
    return target.group.address.partition(".")[2]


def _groups(target: Target) -> Any:
    """The dimensions of a target group; of two that take turns, both: one of them is empty most of the time."""
    groups = [group for group in (target.group, target.alternate) if group is not None]
    where = [{"LoadBalancer": Balancer, "TargetGroup": Ref(group.address, "full_name")} for group in groups]
    return where if len(where) > 1 else where[0]


def _least(site: Site, service: str) -> int:
    choice = site.blueprint.services[service]
    if isinstance(choice, EcsFargate):
        return choice.autoscaling.min if choice.autoscaling else choice.count
    return 1


def _broker(site: Site, broker: AmazonMq) -> Iterator[Resource]:
    where = {"Broker": site.name("broker")}
    told = f"CPU of the message broker above {_BROKER_PERCENT} % for five minutes"
    yield _alarm(site, "broker-cpu", "AWS/AmazonMQ", "SystemCpuUtilization", where, told, (_ABOVE, _BROKER_PERCENT))
    share = round(100 * _BROKER_MEMORY)
    told = f"RabbitMQ uses more than {share} % of a node's memory; at 40 to 60 % it stops taking messages"
    limit = (_ABOVE, _NODE_GIB[broker.instance.rpartition(".")[2]] * _GIB * _BROKER_MEMORY)
    yield _alarm(site, "broker-memory", "AWS/AmazonMQ", "RabbitMQMemUsed", where, told, limit)
    told = f"More than {_BACKLOG} messages wait in the broker"
    yield _alarm(site, "broker-backlog", "AWS/AmazonMQ", "MessageReadyCount", where, told, (_ABOVE, _BACKLOG))


def _database(site: Site, server: Ref) -> Iterator[Resource]:
    database = site.blueprint.database
    single = isinstance(database, RdsPostgres)
    namespace = "AWS/DocDB" if isinstance(database, DocumentDb) else "AWS/RDS"
    where = {"DBInstanceIdentifier" if single else "DBClusterIdentifier": server}
    told = f"CPU of the database above {_DATABASE_PERCENT} % for five minutes"
    yield _alarm(site, "database-cpu", namespace, "CPUUtilization", where, told, (_ABOVE, _DATABASE_PERCENT))
    if isinstance(database, RdsPostgres):
        told, limit = "Less than a tenth of the database's disk is free", database.storage_gib * _GIB * _FREE_SHARE
        yield _alarm(site, "database-disk", namespace, "FreeStorageSpace", where, told, (_BELOW, limit))
    elif isinstance(database, (AuroraPostgres, DocumentDb)):
        # The disk of a cluster grows by itself; memory is what runs out.
        told, limit = "Less than 256 MiB of the database's memory is free", _GIB / 4
        yield _alarm(site, "database-memory", namespace, "FreeableMemory", where, told, (_BELOW, limit))


def _alarm(
    site: Site,
    name: str,
    namespace: str,
    metric: str,
    dimensions: Mapping[str, Any] | list[Mapping[str, Any]],
    told: str,
    limit: tuple[str, float],
    **how: Any,
) -> Resource:
    comparison, threshold = limit
    properties = {
        "name": site.name(f"alarm.{name}"),
        "namespace": namespace,
        "metric": metric,
        "dimensions": dimensions,
        "statistic": "Average",
        "period": _MINUTE,
        "periods": _MINUTES,
        "threshold": threshold,
        "comparison": comparison,
        "missing": "missing",
        "topic": site.topic,
        "description": f"{told} ({site.deployment})",
    }
    return Resource("alarm", name, properties | how)
