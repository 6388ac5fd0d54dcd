"""Task definitions: register, describe, list, deregister, delete."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import answers, finding
from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import TaskDefinition
from wizard.sandbox.ecs.task_definition_checks import check
from wizard.sandbox.ecs.task_definition_form import compatibilities, required_attributes, with_defaults
from wizard.sandbox.handling import Refused

STILL_ACTIVE = "The specified task definition is still in ACTIVE status. Please deregister the target and try again."


@operation("RegisterTaskDefinition")
def register_task_definition(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Register the next revision of a family; a number is never used twice."""
    tags = params.pop("tags", [])
    check(region, params)
    family = params.pop("family")
    fields = with_defaults(params)
    fields["compatibilities"] = compatibilities(fields)
    fields["requiresAttributes"] = [{"name": name} for name in required_attributes(fields)]
    revisions = region.families.setdefault(family, [])
    number = revisions[-1].revision + 1 if revisions else 1
    arn = region.arn(f"task-definition/{family}:{number}")
    definition = TaskDefinition(family, number, arn, fields, region.time)
    revisions.append(definition)
    region.tags[arn] = tags
    return {"taskDefinition": answers.task_definition(region, definition), "tags": tags}


@operation("DescribeTaskDefinition")
def describe_task_definition(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe one revision, INACTIVE ones too."""
    definition = finding.task_definition_or_none(region, params["taskDefinition"])
    if definition is None or definition.status == "DELETED":
        raise Refused("ClientException", "Unable to describe task definition.")
    tags = region.tags.get(definition.arn, []) if "TAGS" in params.get("include", []) else []
    return {"taskDefinition": answers.task_definition(region, definition), "tags": tags}


@operation("ListTaskDefinitions")
def list_task_definitions(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List revisions of all families, or of exactly the family that `familyPrefix` names."""
    status = params.get("status", "ACTIVE")
    families = [params["familyPrefix"]] if params.get("familyPrefix") else sorted(region.families)
    found = [
        definition.arn
        for family in families
        for definition in region.families.get(family, [])
        if definition.status == status
    ]
    if params.get("sort") == "DESC":
        found.reverse()
    shown, following = page(found, params, 100)
    return {"taskDefinitionArns": shown} | following


@operation("ListTaskDefinitionFamilies")
def list_task_definition_families(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List families that begin with the prefix; ACTIVE ones have an ACTIVE revision."""
    status = params.get("status", "ALL")
    families = []
    for family, revisions in sorted(region.families.items()):
        states = {definition.status for definition in revisions} - {"DELETED"}
        active = "ACTIVE" in states
        wanted = states and (status == "ALL" or active == (status == "ACTIVE"))
        if wanted and family.startswith(params.get("familyPrefix", "")):
            families.append(family)
    shown, following = page(families, params, 100)
    return {"families": shown} | following


@operation("DeregisterTaskDefinition")
def deregister_task_definition(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Make a revision INACTIVE: what runs it goes on, nothing new starts it."""
    if ":" not in finding.short(params["taskDefinition"]):
        raise Refused("ClientException", "Invalid revision number. Number: null")
    definition = finding.task_definition_or_none(region, params["taskDefinition"])
    if definition is None or definition.status == "DELETED":
        raise Refused("ClientException", "The specified task definition does not exist.")
    if definition.status == "ACTIVE":
        definition.status, definition.deregistered_at = "INACTIVE", region.time
    return {"taskDefinition": answers.task_definition(region, definition)}


@operation("DeleteTaskDefinitions")
def delete_task_definitions(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Delete INACTIVE revisions, up to ten a call."""
    if len(params["taskDefinitions"]) > 10:
        raise Refused("InvalidParameterException", "Only up to 10 task definitions can be deleted in one request.")
    deleted: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    for name in params["taskDefinitions"]:
        definition = finding.task_definition_or_none(region, name) if ":" in finding.short(name) else None
        if definition is None or definition.status == "DELETED":
            failures.append({"arn": name, "reason": "The specified task definition was not found."})
        elif definition.status == "ACTIVE":
            reason = (
                "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
            )
            failures.append({"arn": definition.arn, "reason": reason})
        else:
            answer = answers.task_definition(region, definition)
            deleted.append(answer | {"status": "DELETE_IN_PROGRESS", "deleteRequestedAt": region.wall(region.time)})
            definition.status = "DELETE_IN_PROGRESS" if _in_use(region, definition) else "DELETED"
            region.tags.pop(definition.arn, None)
    return {"taskDefinitions": deleted, "failures": failures}


def _in_use(region: Region, definition: TaskDefinition) -> bool:
    return any(task.definition is definition and task.phase != "STOPPED" for task in region.tasks.values())
