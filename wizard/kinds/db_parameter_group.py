"""A DB parameter group: settings of the engine for one family, for instances or for whole clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of
from wizard.kinds._rds import NOT_NOW

GONE = ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault", "DBClusterParameterGroupNotFound")
BATCH = 20
"""AWS: parameters in one modify or reset call."""


class DbParameterGroup(Kind):
    """AWS has two kinds, with calls of their own: `cluster` says which."""

    name = "db_parameter_group"
    title = "DB parameter group"
    identity = Identity.NAMED
    found_by = frozenset({"name", "cluster"})
    immutable = frozenset({"name", "family", "cluster"})
    renewed_beside = immutable
    settling = (*NOT_NOW, *(Settling(verb, "InvalidDBParameterGroupState", "", 1800) for verb in ("update", "delete")))
    iam = {
        "read": (
            "rds:DescribeDBParameterGroups",
            "rds:DescribeDBClusterParameterGroups",
            "rds:DescribeDBParameters",
            "rds:DescribeDBClusterParameters",
            "rds:ListTagsForResource",
        ),
        "create": ("rds:CreateDBParameterGroup", "rds:CreateDBClusterParameterGroup", "rds:AddTagsToResource"),
        "update": (
            "rds:DescribeDBParameters",
            "rds:DescribeDBClusterParameters",
            "rds:ModifyDBParameterGroup",
            "rds:ModifyDBClusterParameterGroup",
            "rds:ResetDBParameterGroup",
            "rds:ResetDBClusterParameterGroup",
        ),
        "delete": ("rds:DeleteDBParameterGroup", "rds:DeleteDBClusterParameterGroup"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name."""
        name = properties.get("name")
        if isinstance(name, str) and (
            not re.fullmatch(r"[a-z][a-z0-9-]{0,254}", name) or "--" in name or name.endswith("-")
        ):
            return [f"the parameter group name {name!r} must be 1-255 lower-case letters, digits or -, a letter first"]
        return []

    def monthly_usd(self, properties: Properties) -> float | None:
        """Settings cost nothing."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Values of parameters are text."""
        if name == "parameters":
            return {key: str(value) for key, value in desired.items()} == (actual or {})
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """Two calls for each: the group, and the parameters that somebody has set."""
        found = []
        for (name, of_cluster), address in self._names(context, wanted).items():
            with ignoring(*GONE):
                answer = context.aws.read("rds", *_call("describe", of_cluster, "s"), **_named(name, of_cluster))
                for group in answer["DBClusterParameterGroups" if of_cluster else "DBParameterGroups"]:
                    found.append(_live(context, group, of_cluster, address))
        return found

    def _names(self, context: Context, wanted: Mapping[str, Properties]) -> dict[tuple[str, bool], str]:
        names = {
            (name, wanted[address]["cluster"]): address
            for name, address in addresses_by_name(wanted).items()
            if isinstance(wanted[address].get("cluster"), bool)
        }
        for address, arn in context.index.arns(self.name).items():
            kind, _, name = arn.split(":", 5)[5].partition(":")
            names.setdefault((name, kind == "cluster-pg"), address)
        return names

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """An empty group; its parameters are set by `update`."""
        name, of_cluster = properties["name"], properties["cluster"]
        with ignoring("DBParameterGroupAlreadyExists", "DBParameterGroupAlreadyExistsFault"):
            context.aws.write(
                "rds",
                *_call("create", of_cluster),
                **_named(name, of_cluster),
                DBParameterGroupFamily=properties["family"],
                Description=name,
                Tags=tag_list(context.scope.tags(address)),
            )
        return str(name)

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Dynamic parameters take effect at once; static ones with the next reboot."""
        of_cluster, name = live.properties["cluster"], live.attributes["name"]
        desired, now = properties["parameters"], live.properties["parameters"]
        different = {key: str(value) for key, value in desired.items() if now.get(key) != str(value)}
        for verb, parameters in (("modify", different), ("reset", dict.fromkeys(now.keys() - desired.keys(), ""))):
            kinds = _apply_types(context, name, of_cluster) if parameters else {}
            listed = [
                {
                    "ParameterName": key,
                    **({"ParameterValue": value} if verb == "modify" else {}),
                    "ApplyMethod": "immediate" if kinds.get(key) == "dynamic" else "pending-reboot",
                }
                for key, value in sorted(parameters.items())
            ]
            for start in range(0, len(listed), BATCH):
                batch = listed[start : start + BATCH]
                context.aws.write("rds", *_call(verb, of_cluster), **_named(name, of_cluster), Parameters=batch)

    def delete(self, context: Context, live: Live) -> None:
        """Refused while a database has it."""
        of_cluster = live.properties["cluster"]
        with ignoring(*GONE):
            context.aws.write("rds", *_call("delete", of_cluster), **_named(live.attributes["name"], of_cluster))


def _call(verb: str, of_cluster: bool, plural: str = "") -> tuple[str]:
    """The operation of one of the two kinds of groups."""
    return (f"{verb}_db_{'cluster_' if of_cluster else ''}parameter_group{plural}",)


def _named(name: str, of_cluster: bool) -> dict[str, str]:
    return {"DBClusterParameterGroupName" if of_cluster else "DBParameterGroupName": name}


def _parameters(context: Context, name: str, of_cluster: bool, **which: str) -> Iterator[Mapping[str, Any]]:
    operation = f"describe_db_{'cluster_' if of_cluster else ''}parameters"
    return context.aws.pages("rds", operation, "Parameters", **_named(name, of_cluster), **which)


def _apply_types(context: Context, name: str, of_cluster: bool) -> dict[str, str]:
    """`static` or `dynamic` for every parameter of the family."""
    found = _parameters(context, name, of_cluster)
    return {one["ParameterName"]: one.get("ApplyType", "static") for one in found}


def _live(context: Context, group: Mapping[str, Any], of_cluster: bool, address: str) -> Live:
    name = group["DBClusterParameterGroupName" if of_cluster else "DBParameterGroupName"]
    arn = group["DBClusterParameterGroupArn" if of_cluster else "DBParameterGroupArn"]
    tags = tags_of(context, arn, "rds", "list_tags_for_resource", "TagList", ResourceName=arn)
    set_by_user = _parameters(context, name, of_cluster, Source="user")
    properties = {
        "name": name,
        "family": group["DBParameterGroupFamily"],
        "cluster": of_cluster,
        "parameters": {one["ParameterName"]: str(one.get("ParameterValue", "")) for one in set_by_user},
    }
    return Live(address, name, properties, {"id": name, "arn": arn, "name": name}, owner_of(tags))
