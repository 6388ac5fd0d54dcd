"""Controls about what is on its way: everything that crosses a network is encrypted, or refused."""

from __future__ import annotations

import re
from typing import Any

from wizard.advice.controls.control import Around, Carrier, Control, State, Verdict
from wizard.advice.controls.judging import is_on, shows, verdict
from wizard.engine.graph import Resource
from wizard.engine.kind import Live

TRANSIT = "164.312(e)(2)(ii)"
DEMANDS = {"rds.force_ssl": "1", "tls": "enabled"}
"""The parameter by which PostgreSQL and DocumentDB refuse an unencrypted connection."""
NEW_ENOUGH = re.compile(r"ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-")
"""The names of AWS's policies say the oldest TLS that they take."""


def _listens_over_tls(live: Live, _around: Around) -> Verdict:
    """HTTPS with a policy of TLS 1.2 or newer; plain HTTP only to send people on."""
    protocol, policy, action = (live.properties.get(name) for name in ("protocol", "tls_policy", "action"))
    if protocol == "HTTPS":
        evidence = f"HTTPS by {policy}"
        return verdict(bool(NEW_ENOUGH.match(str(policy))), evidence, f"{evidence}, which takes TLS older than 1.2")
    sent_on = isinstance(action, dict) and "redirect" in action
    return verdict(sent_on, "HTTP is sent on to HTTPS", "plain HTTP is answered")


def _demands_tls(parameters: Any) -> Verdict:
    for name, value in DEMANDS.items():
        if name in parameters:
            evidence = f"{name} is {parameters[name]}"
            return verdict(parameters[name] == value, evidence, f"{evidence}, not {value}")
    return Verdict(State.BROKEN, f"neither {' nor '.join(DEMANDS)} is set")


def _mounts_over_tls(volumes: Any) -> Verdict:
    shares = [share for volume in volumes if (share := _share(volume))]
    plain = [share for share in shares if share.get("transitEncryption") != "ENABLED"]
    return verdict(not plain, "files travel over TLS", f"{len(plain)} of {len(shares)} file systems mounted in plain")


def _share(volume: Any) -> dict[str, Any]:
    found: dict[str, Any] = volume.get("efsVolumeConfiguration") or {}
    return found


def _mounts(resource: Resource) -> bool:
    return any(_share(volume) for volume in resource.properties.get("volumes") or ())


def _speaks_tls(live: Live, _around: Around) -> Verdict:
    endpoint = str(live.attributes.get("endpoint") or "")
    if not endpoint:
        return Verdict(State.NOT_CHECKED, "it has no address yet")
    evidence = f"it answers on {endpoint}"
    return verdict(endpoint.startswith("amqps://"), evidence, evidence)


IN_TRANSIT = (
    Control(
        "tls-at-the-door",
        "Browsers speak HTTPS with the load balancer, TLS 1.2 or newer; plain HTTP is only sent on.",
        TRANSIT,
        (
            Carrier(
                "listener",
                _listens_over_tls,
                "aws elbv2 describe-listeners --listener-arns {arn} --query 'Listeners[].[Protocol,SslPolicy]'",
            ),
        ),
    ),
    Control(
        "tls-to-data",
        "Databases, files, queues, brokers and buckets refuse a connection that is not encrypted.",
        TRANSIT,
        (
            Carrier(
                "db_parameter_group",
                shows("parameters", _demands_tls),
                "aws rds describe-db{of_cluster}-parameters --db{of_cluster}-parameter-group-name {name} --source user",
            ),
            Carrier(
                "bucket",
                is_on("tls_only", "the refusal of plain HTTP"),
                "aws s3api get-bucket-policy --bucket {name} --query Policy",
            ),
            Carrier(
                "queue",
                is_on("tls_only", "the refusal of plain HTTP"),
                "aws sqs get-queue-attributes --queue-url {url} --attribute-names Policy",
            ),
            Carrier(
                "broker", _speaks_tls, "aws mq describe-broker --broker-id {id} --query 'BrokerInstances[].Endpoints'"
            ),
            Carrier(
                "task_definition",
                shows("volumes", _mounts_over_tls),
                "aws ecs describe-task-definition --task-definition {family} --query taskDefinition.volumes",
                carries=_mounts,
            ),
        ),
    ),
)
