"""A listener rule: which paths go to which target group, or to which two that ECS changes with every rollout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds import _elb, _listening, _shifting, _sign_in

VALUES_A_RULE = 5
"""AWS: condition values in one rule."""


class ListenerRule(Kind):
    """Found by its priority, which is unique in its listener."""

    name = "listener_rule"
    title = "Listener rule"
    identity = Identity.NAMED
    immutable = frozenset({"listener", "priority"})
    handed_over = frozenset({"forward"})
    uses = frozenset({"listener", "target_group"})
    settling = (Settling("create", "ListenerNotFound", "", 120), Settling("create", "TargetGroupNotFound", "", 120))
    iam = {
        "read": (
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTags",
            *_shifting.TARGET_ACTIONS,
        ),
        "create": (
            "elasticloadbalancing:CreateRule",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:DescribeRules",
            *_shifting.TARGET_ACTIONS,
            *_sign_in.ACTIONS,
        ),
        "update": ("elasticloadbalancing:ModifyRule", *_shifting.TARGET_ACTIONS, *_sign_in.ACTIONS),
        "delete": ("elasticloadbalancing:DeleteRule",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: priorities, up to five paths, and no sign-in where ECS shifts requests."""
        found = _sign_in.problems(properties.get("sign_in"))
        priority, paths, forward = (properties.get(name) for name in ("priority", "paths", "forward"))
        if isinstance(forward, list) and len(forward) != 2:
            found.append(f"forward: a target group, or two between which ECS moves requests, not {len(forward)}")
        if isinstance(forward, list) and properties.get("sign_in"):
            found.append("sign_in: ECS fails a deployment whose rule does more than forward")
        if isinstance(priority, int) and not 1 <= priority <= 50000:
            found.append(f"priority: 1 to 50000, not {priority}")
        if isinstance(paths, list):
            if not 1 <= len(paths) <= VALUES_A_RULE:
                found.append(f"paths: a rule takes 1 to {VALUES_A_RULE} of them, not {len(paths)}")
            long = [path for path in paths if isinstance(path, str) and len(path) > 128]
            found += [f"paths: a path has up to 128 characters: {path[:40]}…" for path in long]
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid with the load balancer."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for each listener that is wanted or known to have rules of ours.

        A rule between two target groups costs one more: whether requests go where the tasks are.
        """
        places = {(one.get("listener"), one.get("priority")): address for address, one in wanted.items()}
        listeners = {listener for listener, _ in places if isinstance(listener, str)}
        listeners |= {_elb.listener_of(arn) for arn in context.index.arns(self.name).values()}
        items = [(listener, item) for listener in sorted(listeners) for item in self._rules(context, listener)]
        tags = _elb.tags_of(context, [item["RuleArn"] for _, item in items])
        found = []
        for listener, item in items:
            arn, address = item["RuleArn"], places.get((listener, int(item["Priority"])))
            sign_in, actions = _sign_in.split(item.get("Actions", ()))
            properties = {
                "listener": listener,
                "priority": int(item["Priority"]),
                "paths": self._paths(item.get("Conditions", ())),
                "forward": _shifting.read(context, actions, wanted.get(address or "", {}).get("forward")),
                "sign_in": sign_in,
            }
            found.append(_elb.live(arn, address, tags.get(arn, {}), properties, {}))
        return _elb.relevant(context, found, wanted)

    @staticmethod
    def _rules(context: Context, listener: str) -> list[Any]:
        try:
            items = list(context.aws.pages("elbv2", "describe_rules", "Rules", ListenerArn=listener))
        except AwsError as error:
            if not _elb.is_missing(error):
                raise
            return []
        return [item for item in items if item["Priority"] != "default"]

    @staticmethod
    def _paths(conditions: Any) -> list[str]:
        """Paths when they are all the rule asks for; a rule with other conditions is shown as having none."""
        if any(one["Field"] != "path-pattern" for one in conditions):
            return []
        values = [one.get("PathPatternConfig", {}).get("Values") or one.get("Values", ()) for one in conditions]
        return sorted(path for paths in values for path in paths)

    @staticmethod
    def _conditions(properties: Properties) -> list[dict[str, Any]]:
        return [{"Field": "path-pattern", "PathPatternConfig": {"Values": list(properties["paths"])}}]

    @staticmethod
    def _actions(context: Context, properties: Properties) -> list[dict[str, Any]]:
        return _sign_in.before(properties.get("sign_in"), _shifting.action(context, properties["forward"]))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """A second one of the priority is refused: then the one that is there is returned."""
        try:
            answer = context.aws.write(
                "elbv2",
                "create_rule",
                ListenerArn=properties["listener"],
                Priority=properties["priority"],
                Conditions=self._conditions(properties),
                Actions=self._actions(context, properties),
                Tags=tag_list(context.scope.tags(address)),
            )
        except AwsError as error:
            there = self._rules(context, properties["listener"]) if error.code == "PriorityInUse" else []
            same_priority = [str(item["RuleArn"]) for item in there if int(item["Priority"]) == properties["priority"]]
            if not same_priority:
                raise
            return same_priority[0]
        return str(answer["Rules"][0]["RuleArn"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Conditions and actions are replaced as a whole."""
        request: dict[str, Any] = {}
        if "paths" in changed:
            request["Conditions"] = self._conditions(properties)
        if changed & {"forward", "sign_in"}:
            request["Actions"] = self._actions(context, properties)
        context.aws.write("elbv2", "modify_rule", RuleArn=live.id, **request)

    def delete(self, context: Context, live: Live) -> None:
        """By its ARN."""
        try:
            context.aws.write("elbv2", "delete_rule", RuleArn=live.id)
        except AwsError as error:
            if not _elb.is_missing(error):
                raise

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The order of paths means nothing."""
        if name == "paths":
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """The old target group serves until tasks behind the new one are well; of two, ECS says which serves."""
        return _listening.beside(before, desired)

    def has_taken_over(self, context: Context, properties: Properties) -> bool:
        """Whether tasks behind the target group are well."""
        return _shifting.is_well(context, properties["forward"])
