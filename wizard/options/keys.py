"""An own KMS key, where the blueprint wants one: whose use is recorded, and without which nobody reads the data."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import S3, AuroraPostgres, Blueprint, DocumentDb, RdsPostgres
from wizard.engine.graph import Resource
from wizard.options.site import MAIN, Site

_SEAL = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]


def add(site: Site) -> Site:
    """Add the key when something is to be encrypted with it."""
    if not _wanted(site.blueprint):
        return site
    key = Resource(
        "kms_key",
        MAIN,
        {
            "alias": f"alias/{site.name('key')}",
            "description": f"Data of {site.deployment}",
            "policy": {"Version": "2012-10-17", "Statement": _statements(site)},
            "rotation": True,
        },
    )
    return site.plus(key, key=key.ref("arn"))


def _wanted(blueprint: Blueprint) -> bool:
    database = blueprint.database
    return (
        blueprint.hardening.kms
        or any(isinstance(storage, S3) and storage.encryption == "kms" for storage in blueprint.storage.values())
        or (isinstance(database, (RdsPostgres, AuroraPostgres, DocumentDb)) and database.kms)
    )


def _statements(site: Site) -> list[dict[str, Any]]:
    """Who may use the key. In the policy of a key the resource `*` is the key itself."""
    here = site.expansion
    owner = {"AWS": f"arn:{here.partition}:iam::{here.account}:root"}
    found = [
        {
            "Sid": "RolesOfThisAccountAsIamSays",
            "Effect": "Allow",
            "Principal": owner,
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if not site.sealed:
        return found
    logs = here.arn("logs", "*")
    found.append(
        _service(f"logs.{here.region}.amazonaws.com", _SEAL, {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}})
    )
    # Alarms and budgets are sent to a topic whose messages this key encrypts.
    messages = ["kms:Decrypt", "kms:GenerateDataKey*"]
    for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
        found.append(_service(service, messages, {"StringEquals": {"aws:SourceAccount": here.account}}))
    if site.blueprint.hardening.cloudtrail:
        trail = {"StringEquals": {"aws:SourceArn": here.arn("cloudtrail", f"trail/{site.name('trail')}")}}
        found.append(_service("cloudtrail.amazonaws.com", ["kms:DescribeKey", "kms:GenerateDataKey*"], trail))
    return found


def _service(service: str, actions: list[str], condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "Sid": "".join(part.capitalize() for part in service.split(".")[0].split("-")),
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": actions,
        "Resource": "*",
        "Condition": condition,
    }
