"""What the code of a service may do in AWS: the blueprint's `rights` as statements of its task role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wizard.blueprint.model import AppRunner, EcsExpress, EcsFargate, Right
from wizard.engine.values import text
from wizard.options.containers import mounted
from wizard.options.granting import Statement, allow, read_secrets
from wizard.options.refusal import unserved
from wizard.options.site import Site, Value

_OBJECT_ACTIONS = {"read": "s3:GetObject", "write": "s3:PutObject", "delete": "s3:DeleteObject"}
_QUEUE_ACTIONS = {
    "send": ("sqs:SendMessage",),
    "receive": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"),
}
_KEY_ACTIONS = {
    "encrypt": ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
    "decrypt": ("kms:Decrypt",),
}
_TABLE_ACTIONS = {
    "read": ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
    "write": ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem"),
    "delete": ("dynamodb:DeleteItem",),
    "list": ("dynamodb:Scan", "dynamodb:DescribeTable"),
}


def statements_of(site: Site, service: str, choice: EcsFargate | EcsExpress | AppRunner) -> list[Statement]:
    """The statements of a service's rights. Raises UsageError for a right to what this deployment does not have."""
    found: list[Statement] = _mounts(site, choice) if isinstance(choice, EcsFargate) else []
    for number, right in enumerate(choice.rights, 1):
        if right.to in site.buckets:
            found += _bucket(site, number, right)
            continue
        grant = _SERVICES.get(right.to)
        statements = grant(site, right) if grant else _given_secrets(site, choice) if right.to == "secrets" else []
        if not statements:
            known = ", ".join((*site.buckets, "bedrock", "transcribe-medical", "metrics", "traces", "secrets"))
            place = f"services.{service}.rights"
            raise unserved(place, f"a right to `{right.to}`", f"Remove it; rights to {known} can be given.")
        found += statements
    return found


def _mounts(site: Site, choice: EcsFargate) -> list[Statement]:
    """Who mounts a file system reads and writes in its folder, and sees nothing beside it."""
    found = []
    for number, storage in enumerate(mounted(choice), 1):
        files = site.files[storage]
        mount = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        statement = allow(f"Files{number}", mount, [files.arn])
        statement["Condition"] = {"StringEquals": {"elasticfilesystem:AccessPointArn": files.folder_arn}}
        found.append(statement)
    return found


def _bucket(site: Site, number: int, right: Right) -> list[Statement]:
    bucket, partition, prefix = site.buckets[right.to], site.expansion.partition, right.prefix or ""
    statements = []
    actions = sorted(_OBJECT_ACTIONS[verb] for verb in right.allow if verb in _OBJECT_ACTIONS)
    if actions:
        objects = text(f"arn:{partition}:s3:::{{bucket}}/{prefix}*", bucket=bucket)
        statements.append(allow(f"Objects{number}", actions, [objects]))
        if right.to in site.sealed_buckets:
            writes = ["kms:GenerateDataKey"] if "write" in right.allow else []
            statements.append(allow(f"ObjectsKey{number}", ["kms:Decrypt", *writes], [site.key]))
    if "list" in right.allow:
        listing = allow(f"List{number}", ["s3:ListBucket"], [text(f"arn:{partition}:s3:::{{bucket}}", bucket=bucket)])
        if prefix:
            listing["Condition"] = {"StringLike": {"s3:prefix": [f"{prefix}*"]}}
        statements.append(listing)
    return statements


def _given_secrets(site: Site, choice: EcsFargate | EcsExpress | AppRunner) -> list[Statement]:
    """The secrets that its containers learn at their start, for code that reads them anew after a rotation."""
    given = {secret for container in choice.containers.values() for secret in container.secrets.values()}
    found = read_secrets(site, sorted(given & site.secrets.keys()))
    # The role of an App Runner service reads them at the start as well, and a policy knows each Sid once.
    return [statement | {"Sid": f"Code{statement['Sid']}"} for statement in found]


def _bedrock(site: Site, right: Right) -> list[Statement]:
    """Foundation models belong to AWS, so their ARNs have no account; inference profiles belong to the account."""
    here = site.expansion
    models = right.models or ("*",)
    # A profile may answer from another Region, and is then checked against the model there.
    resources = [f"arn:{here.partition}:bedrock:*::foundation-model/{model}" for model in models]
    resources += [here.arn("bedrock", f"inference-profile/{model}") for model in models]
    actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    return [allow("InvokeModels", actions, resources)]


def _transcribe(site: Site, right: Right) -> list[Statement]:
    jobs = [site.expansion.arn("transcribe", "medical-transcription-job/*")]
    return [
        # IAM knows no resource for a job that is yet to be started.
        allow("StartMedicalTranscriptionsWhichHaveNoResource", ["transcribe:StartMedicalTranscriptionJob"], ["*"]),
        allow("FollowMedicalTranscriptions", ["transcribe:GetMedicalTranscriptionJob"], jobs),
    ]


def _metrics(site: Site, right: Right) -> list[Statement]:
    # IAM knows no resource for a metric; the namespace is what can be narrowed.
    statement = allow("WriteOwnMetricsWhichHaveNoResource", ["cloudwatch:PutMetricData"], ["*"])
    namespaces = [site.deployment, f"{site.deployment}/*"]
    return [statement | {"Condition": {"StringLike": {"cloudwatch:namespace": namespaces}}}]


def _traces(site: Site, right: Right) -> list[Statement]:
    # IAM knows no resource for a trace segment.
    return [allow("WriteTracesWhichHaveNoResource", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])]


def _queue(site: Site, right: Right) -> list[Statement]:
    return _on(site.queue, "UseQueue", right, _QUEUE_ACTIONS, ("sqs:GetQueueAttributes", "sqs:GetQueueUrl"))


def _table(site: Site, right: Right) -> list[Statement]:
    return _on(site.table, "UseTable", right, _TABLE_ACTIONS, ())


def _key(site: Site, right: Right) -> list[Statement]:
    return _on(site.key, "UseKey", right, _KEY_ACTIONS, ())


def _on(
    resource: Value, sid: str, right: Right, actions: dict[str, tuple[str, ...]], always: tuple[str, ...]
) -> list[Statement]:
    if not resource:
        return []
    return [allow(sid, sorted({*always, *(action for verb in right.allow for action in actions[verb])}), [resource])]


_SERVICES: dict[str, Callable[[Site, Right], list[Any]]] = {
    "bedrock": _bedrock,
    "transcribe-medical": _transcribe,
    "metrics": _metrics,
    "traces": _traces,
    "broker": _queue,
    "database": _table,
    "key": _key,
}
