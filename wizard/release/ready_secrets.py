"""Whether secrets and parameters are still there, and the JSON key of a secret that a container takes.

A value is read for one purpose only: to see whether a JSON key is in it. It is not kept, shown or written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.finding import together
from wizard.release.needs import Need
from wizard.release.readiness import Finding, Place

PARAMETERS_A_CALL = 20
IAM_ACTIONS = ("secretsmanager:DescribeSecret", "ssm:DescribeParameters")
ABSENT = "ResourceNotFoundException"


def findings_about_secrets(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One DescribeSecret for each secret; one GetSecretValue more where a JSON key is taken from it."""
    arns = list(dict.fromkeys(need.name for need in needs))
    described = dict(zip(arns, together(lambda arn: _described(place, arn), arns), strict=True))
    return dict(zip(needs, together(lambda need: _secret(place, need, described[need.name]), needs), strict=True))


def _described(place: Place, arn: str) -> Mapping[str, Any] | Finding:
    name = arn.partition(":secret:")[2]
    if arn.split(":")[3] != place.region:
        return Finding.unclear(name, f"the secret {name} is in {arn.split(':')[3]}, which was not asked")
    try:
        answer = place.aws.read("secretsmanager", "describe_secret", SecretId=arn)
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        if error.code == ABSENT:
            return Finding.broken(name, f"the secret {name} is gone")
        return Finding.unclear(name, f"Secrets Manager does not tell about {name} ({error.code})")
    if answer.get("DeletedDate"):
        return Finding.broken(name, f"the secret {name} is marked for deletion")
    return answer


def _secret(place: Place, need: Need, described: Mapping[str, Any] | Finding) -> Finding:
    if isinstance(described, Finding):
        return described
    name = str(described.get("Name", need.name))
    key, stage, version = [*need.detail.split(":"), "", "", ""][:3]
    versions: Mapping[str, Sequence[str]] = described.get("VersionIdsToStages") or {}
    if version and version not in versions:
        return Finding.broken(name, f"the version {version} of the secret {name} is gone")
    wanted = stage or "AWSCURRENT"
    if not version and not any(wanted in stages for stages in versions.values()):
        return Finding.broken(name, f"the secret {name} has no value at {wanted}")
    if not key:
        return Finding.there(f"secret {name}")
    which = {"VersionId": version} if version else {"VersionStage": wanted}
    return _key(place, need.name, name, key, which)


def _key(place: Place, arn: str, name: str, key: str, which: Mapping[str, str]) -> Finding:
    try:
        text = place.aws.read("secretsmanager", "get_secret_value", SecretId=arn, **which).get("SecretString", "")
        held = json.loads(text)
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        return Finding.unclear(name, f"whether the secret {name} has the key {key} cannot be read ({error.code})")
    except ValueError:
        return Finding.broken(name, f"the secret {name} is not JSON, so it has no key {key}")
    if not isinstance(held, dict) or key not in held:
        return Finding.broken(name, f"the secret {name} has no key {key}")
    return Finding.there(f"secret {name}")


def findings_about_parameters(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One DescribeParameters for twenty: it shows names, and no value."""
    found: dict[Need, Finding] = {}
    asked = []
    for need in needs:
        if need.name.startswith("arn:") and not place.is_here(need.name):
            found[need] = Finding.unclear(need.name, f"the parameter {need.name} is elsewhere, and was not asked")
        else:
            asked.append(need)
    batches = [asked[start : start + PARAMETERS_A_CALL] for start in range(0, len(asked), PARAMETERS_A_CALL)]
    for answers in together(lambda batch: _parameters(place, batch), batches):
        found |= answers
    return found


def _parameters(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    names = {need: _names(need.name) for need in needs}
    wanted = sorted({name for several in names.values() for name in several})
    chosen = [{"Key": "Name", "Option": "Equals", "Values": wanted}]
    try:
        found = place.aws.pages("ssm", "describe_parameters", "Parameters", ParameterFilters=chosen, MaxResults=50)
        there = {str(one["Name"]) for one in found}
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        sentence = f"Systems Manager does not tell about parameters ({error.code})"
        return {need: Finding.unclear(need.name, sentence) for need in needs}
    return {
        need: Finding.there(f"parameter {several[0]}")
        if there.intersection(several)
        else Finding.broken(need.name, f"the parameter {several[0]} is gone")
        for need, several in names.items()
    }


def _names(name_or_arn: str) -> tuple[str, ...]:
    """The names that are meant. An ARN does not say whether a name outside of a hierarchy begins with a slash."""
    tail = name_or_arn.partition(":parameter/")[2]
    if not tail:
        return (name_or_arn.partition(":")[0],)
    return (f"/{tail}",) if "/" in tail else (tail, f"/{tail}")
