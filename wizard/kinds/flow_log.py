"""A VPC flow log: who talked to whom, written to a log group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.errors import AwsError
from wizard.kinds import _ec2

GONE = ("InvalidFlowLogId.NotFound",)
TRAFFIC = ("ALL", "ACCEPT", "REJECT")


class FlowLog(Kind):
    """Of a whole VPC. Nothing but its Name tag can change."""

    name = "flow_log"
    title = "VPC flow log"
    identity = Identity.TOKENED
    found_by = frozenset()
    immutable = frozenset({"vpc", "log_group", "role", "traffic"})
    uses = frozenset({"vpc", "log_group", "role"})
    lag_seconds = _ec2.LAG_SECONDS
    settling = (
        Settling("create", "InvalidParameter", "Unable to assume given IAM role", 120),
        *_ec2.not_visible_yet("InvalidVpcId.NotFound", *GONE),
    )
    iam = {
        "read": ("ec2:DescribeFlowLogs",),
        "create": ("ec2:CreateFlowLogs", "ec2:CreateTags", "iam:PassRole"),
        "update": ("ec2:CreateTags",),
        "delete": ("ec2:DeleteFlowLogs",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Its Name tag, and which traffic."""
        traffic = properties.get("traffic")
        wrong = isinstance(traffic, str) and traffic not in TRAFFIC
        more = [f"traffic: {traffic} is none of {', '.join(TRAFFIC)}"] if wrong else []
        return _ec2.name_problems(properties) + more

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte written (0.50 and less)."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe by tag; none when there should not be any and the index knows of none."""
        if not wanted and not context.index.arns(self.name):
            return []
        items = context.aws.pages("ec2", "describe_flow_logs", "FlowLogs", Filter=_ec2.ours(context))
        in_order = sorted(items, key=lambda item: str(item.get("CreationTime", "")))
        return [self._live(context, item) for item in in_order]

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any]) -> Live:
        properties = {
            "name": _ec2.name_tag(item),
            "vpc": item["ResourceId"],
            "log_group": item.get("LogGroupName", ""),
            "role": item.get("DeliverLogsPermissionArn", ""),
            "traffic": item["TrafficType"],
        }
        cause = item.get("DeliverLogsErrorMessage", "") if item.get("DeliverLogsStatus") == "FAILED" else ""
        return _ec2.live(context, item, f"vpc-flow-log/{item['FlowLogId']}", properties, trouble=cause)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """AWS answers 200 and lists what it refused under `Unsuccessful`. The SDK gives no client token by itself."""
        answer = context.aws.write(
            "ec2",
            "create_flow_logs",
            ClientToken=token,
            ResourceIds=[properties["vpc"]],
            ResourceType="VPC",
            TrafficType=properties["traffic"],
            LogGroupName=properties["log_group"],
            DeliverLogsPermissionArn=properties["role"],
            TagSpecifications=_ec2.tag_specifications(context, "vpc-flow-log", address, properties["name"]),
        )
        self._insist(answer, "CreateFlowLogs")
        return str(answer["FlowLogIds"][0])

    @staticmethod
    def _insist(answer: Mapping[str, Any], operation: str) -> None:
        for item in answer.get("Unsuccessful") or ():
            error = item.get("Error", {})
            raise AwsError(f"ec2:{operation}", error.get("Code", "Unknown"), error.get("Message", ""))

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only the Name tag can change."""
        if "name" in changed:
            _ec2.rename(context, live.id, properties["name"])

    def delete(self, context: Context, live: Live) -> None:
        """Before its log group, which it would make again."""
        _ec2.unless_gone(GONE, lambda: self._delete(context, live.id))

    def _delete(self, context: Context, id_: str) -> None:
        self._insist(context.aws.write("ec2", "delete_flow_logs", FlowLogIds=[id_]), "DeleteFlowLogs")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """A new role may need a while before it may write."""
        cause = live.attributes["trouble"]
        if not cause:
            return READY
        items = context.aws.read("ec2", "describe_flow_logs", FlowLogIds=[live.id]).get("FlowLogs", ())
        if items and items[0].get("DeliverLogsStatus") != "FAILED":
            return READY
        return Status(State.PENDING, f"the flow log cannot write to its log group yet: {cause}")

    def is_on_its_way(self, live: Live) -> bool:
        """It cannot write what it sees."""
        return bool(live.attributes["trouble"])
