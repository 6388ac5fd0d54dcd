"""An instance of an Aurora or DocumentDB cluster: the computer; the data is the cluster's."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling, Status
from wizard.kinds import _rds, prices
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, with_surplus

SERVERLESS = "db.serverless"


class DbClusterInstance(Kind):
    """Made and deleted without a snapshot: it can be made again from its cluster."""

    name = "db_cluster_instance"
    title = "DB cluster instance"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "cluster", "engine"})
    uses = frozenset({"db_cluster"})
    poll_seconds = 15
    lag_seconds = _rds.LAG_SECONDS
    settling = (Settling("create", "InvalidDBClusterStateFault", "", 1800), *_rds.NOT_NOW)
    iam = {
        "read": ("rds:DescribeDBInstances",),
        "create": ("rds:CreateDBInstance", "rds:AddTagsToResource"),
        "update": ("rds:ModifyDBInstance",),
        "delete": ("rds:DeleteDBInstance",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The identifier."""
        return _rds.identifier_problems(properties.get("name"))

    def create_seconds(self, properties: Properties) -> float:
        """6-12 minutes."""
        return 480

    def delete_seconds(self, properties: Properties) -> float:
        """5-10 minutes."""
        return 300

    def limit_seconds(self, properties: Properties) -> float:
        """Terraform waits 90 minutes for one."""
        return 5400

    def monthly_usd(self, properties: Properties) -> float | None:
        """Of 730 hours; a serverless one is priced with its cluster."""
        engine, size = str(properties.get("engine")), str(properties.get("instance_class"))
        if size == SERVERLESS:
            return 0.0
        hourly = prices.hourly(prices.instance(engine, size))
        return None if hourly is None else prices.monthly(hourly)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeDBInstances, filtered by identifiers."""
        names = with_surplus(context, self.name, addresses_by_name(wanted), ":")
        found = _rds.described(context, "describe_db_instances", "DBInstances", "db-instance-id", list(names))
        return [_live(item, names[item["DBInstanceIdentifier"]]) for item in found]

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Network, password and encryption are the cluster's."""
        service = _rds.client_of(properties["engine"])
        private = {} if service == "docdb" else {"PubliclyAccessible": False}
        with ignoring("DBInstanceAlreadyExists"):
            context.aws.write(
                service,
                "create_db_instance",
                DBInstanceIdentifier=properties["name"],
                DBClusterIdentifier=properties["cluster"],
                Engine=properties["engine"],
                DBInstanceClass=properties["instance_class"],
                AutoMinorVersionUpgrade=True,
                Tags=tag_list(context.scope.tags(address)),
                **private,
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """At once: for another class the instance is away for some minutes. DocumentDB knows no public address."""
        parameters = {"instance_class": "DBInstanceClass", "public": "PubliclyAccessible"}
        context.aws.write(
            _rds.client_of(properties["engine"]),
            "modify_db_instance",
            DBInstanceIdentifier=live.id,
            ApplyImmediately=True,
            **{parameter: properties[name] for name, parameter in parameters.items() if name in changed},
        )

    def delete(self, context: Context, live: Live) -> None:
        """Without a snapshot: the cluster takes one."""
        if live.attributes["status"] != "deleting":
            service = _rds.client_of(str(live.properties.get("engine")))
            _rds.unless_going(lambda: context.aws.write(service, "delete_db_instance", DBInstanceIdentifier=live.id))

    def is_on_its_way(self, live: Live) -> bool:
        """In creation, in change, or failed."""
        return not _rds.is_usable(live)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """`available` is ready; one that failed holds no data, so it can be made again."""
        answer = context.aws.read("rds", "describe_db_instances", DBInstanceIdentifier=live.id)
        return _rds.status_of(answer["DBInstances"][0]["DBInstanceStatus"], "cluster instance", was_ready=False)


def _live(item: Mapping[str, object], address: str) -> Live:
    name, state = str(item["DBInstanceIdentifier"]), str(item["DBInstanceStatus"])
    pending = item.get("PendingModifiedValues")
    now = {**item, **pending} if isinstance(pending, dict) else item
    properties: dict[str, object] = {
        "name": name,
        "cluster": item.get("DBClusterIdentifier"),
        "engine": item["Engine"],
        "instance_class": now["DBInstanceClass"],
        "public": item.get("PubliclyAccessible", False),
    }
    if state == "deleting":
        # On its way out: as a whole it is not what is wanted, so a plan replaces it.
        properties = {"name": name}
    attributes = {"id": name, "arn": item["DBInstanceArn"], "name": name, "status": state}
    tags = item.get("TagList")
    return Live(address, name, properties, attributes, owner_of(tag_map(tags if isinstance(tags, list) else ())))
