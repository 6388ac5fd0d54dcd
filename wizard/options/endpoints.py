"""The VPC endpoints that private tasks cannot do without when no NAT gateway leads out: what they really call."""

from __future__ import annotations

from wizard.blueprint.model import Blueprint, DynamoDb, NewVpc, Sqs

_OF_RIGHTS = {
    "bedrock": "bedrock-runtime",
    "transcribe-medical": "transcribe",
    "metrics": "monitoring",
    "traces": "xray",
    "key": "kms",
}


def endpoints_of(blueprint: Blueprint, network: NewVpc) -> tuple[str, ...]:
    """The endpoints that the blueprint names and, without another way out, those that its tasks need."""
    if network.tasks == "public" or network.nat != "none":
        return network.endpoints
    return tuple(dict.fromkeys((*network.endpoints, *_needed(blueprint))))


def _needed(blueprint: Blueprint) -> list[str]:
    # An image is fetched from ECR, its layers from S3, before anything runs; logs are written from the first line on.
    found = ["s3", "ecr.api", "ecr.dkr", "logs"]
    stores = {secret.store for secret in blueprint.secrets.values()}
    found += [
        endpoint for endpoint, store in (("secretsmanager", "secrets-manager"), ("ssm", "ssm")) if store in stores
    ]
    rights = {right.to for service in blueprint.services.values() for right in service.rights}
    found += [endpoint for right, endpoint in _OF_RIGHTS.items() if right in rights]
    if isinstance(blueprint.broker, Sqs):
        found.append("sqs")
    if isinstance(blueprint.database, DynamoDb):
        found.append("dynamodb")
    return found
