"""A listener: one port of a load balancer, and what happens to requests that no rule takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds import _elb, _listening, _shifting, _sign_in

NOT_YET = ("CertificateNotFound", "UnsupportedCertificate")
"""A certificate that was just issued is not known to the load balancer for a while."""


class Listener(Kind):
    """Found by its port, of which a load balancer has one listener at most."""

    name = "listener"
    title = "Listener"
    identity = Identity.NAMED
    immutable = frozenset({"load_balancer", "port"})
    handed_over = frozenset({"action"})
    uses = frozenset({"load_balancer", "target_group", "certificate"})
    settling = tuple(Settling(verb, code, "", 300) for verb in ("create", "update") for code in NOT_YET)
    iam = {
        "read": ("elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"),
        "create": (
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:DescribeListeners",
            *_sign_in.ACTIONS,
        ),
        "update": ("elasticloadbalancing:ModifyListener", *_shifting.TARGET_ACTIONS, *_sign_in.ACTIONS),
        "delete": ("elasticloadbalancing:DeleteListener",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: ports, protocols of an Application Load Balancer, a certificate for HTTPS, sign-in over HTTPS only."""
        found = _sign_in.problems(properties.get("sign_in"))
        if properties.get("sign_in") and properties.get("protocol") == "HTTP":
            found.append("sign_in: only an HTTPS listener can ask people to sign in")
        port, protocol, action = (properties.get(field) for field in ("port", "protocol", "action"))
        if isinstance(port, int) and not 1 <= port <= 65535:
            found.append(f"port: 1 to 65535, not {port}")
        if isinstance(protocol, str) and protocol not in ("HTTP", "HTTPS"):
            found.append(f"protocol: an Application Load Balancer listens for HTTP or HTTPS, not {protocol}")
        if protocol == "HTTPS" and properties.get("certificate") is None:
            found.append("certificate: an HTTPS listener needs one")
        if isinstance(action, Mapping):
            what = action.keys() - {"text"}
            if len(what) != 1 or not what <= {"forward", "redirect", "fixed"}:
                found.append(f"action: one of forward, redirect and fixed, not {', '.join(action) or 'nothing'}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid with the load balancer."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for each load balancer that is wanted or known to be ours."""
        places = {(one.get("load_balancer"), one.get("port")): address for address, one in wanted.items()}
        balancers = {balancer for balancer, _ in places if isinstance(balancer, str)}
        balancers |= set(context.index.arns("load_balancer").values())
        balancers |= {_elb.load_balancer_of(arn) for arn in context.index.arns(self.name).values()}
        items = [item for balancer in sorted(balancers) for item in self._listeners(context, balancer)]
        tags = _elb.tags_of(context, [item["ListenerArn"] for item in items])
        found = []
        for item in items:
            arn, address = item["ListenerArn"], places.get((item["LoadBalancerArn"], item["Port"]))
            found.append(_elb.live(arn, address, tags.get(arn, {}), self._properties(item), {}))
        return _elb.relevant(context, found, wanted)

    @staticmethod
    def _listeners(context: Context, balancer: str) -> list[Any]:
        try:
            return list(context.aws.pages("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=balancer))
        except AwsError as error:
            if not _elb.is_missing(error):
                raise
            return []

    @staticmethod
    def _properties(item: Mapping[str, Any]) -> dict[str, Any]:
        secure = item.get("Protocol") == "HTTPS"
        certificates = [one["CertificateArn"] for one in item.get("Certificates", ())]
        sign_in, actions = _sign_in.split(item.get("DefaultActions", ()))
        return {
            "load_balancer": item["LoadBalancerArn"],
            "port": item["Port"],
            "protocol": item.get("Protocol", ""),
            "certificate": certificates[0] if secure and certificates else "",
            "tls_policy": item.get("SslPolicy", "") if secure else "",
            "action": _listening.described(actions),
            "sign_in": sign_in,
        }

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """A second one on the port is refused: then the one that is there is returned."""
        try:
            answer = context.aws.write(
                "elbv2",
                "create_listener",
                LoadBalancerArn=properties["load_balancer"],
                Port=properties["port"],
                Protocol=properties["protocol"],
                DefaultActions=_sign_in.before(properties.get("sign_in"), _listening.requested(properties["action"])),
                Tags=tag_list(context.scope.tags(address)),
                **_listening.security(properties),
            )
        except AwsError as error:
            there = self._listeners(context, properties["load_balancer"]) if error.code == "DuplicateListener" else []
            same_port = [str(item["ListenerArn"]) for item in there if item["Port"] == properties["port"]]
            if not same_port:
                raise
            return same_port[0]
        return str(answer["Listeners"][0]["ListenerArn"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Protocol, certificate and policy go together, so that no moment has HTTPS without a certificate."""
        request: dict[str, Any] = {}
        if changed & {"protocol", "certificate", "tls_policy"}:
            request = {"Protocol": properties["protocol"], **_listening.security(properties)}
        if changed & {"action", "sign_in"}:
            action = _listening.requested(properties["action"])
            request["DefaultActions"] = _sign_in.before(properties.get("sign_in"), action)
        context.aws.write("elbv2", "modify_listener", ListenerArn=live.id, **request)

    def delete(self, context: Context, live: Live) -> None:
        """Its rules go with it."""
        try:
            context.aws.write("elbv2", "delete_listener", ListenerArn=live.id)
        except AwsError as error:
            if not _elb.is_missing(error):
                raise

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Ports and status codes are text in AWS, numbers in a blueprint."""
        if name == "action":
            plain = {key: str(value) for key, value in desired.items() if value != "" and key != "forward"}
            return bool(plain | {key: desired[key] for key in desired.keys() & {"forward"}} == actual)
        return bool(desired == actual)

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """The old target group serves until tasks behind the new one are well."""
        if "forward" not in before or "forward" not in desired:
            return desired
        return {"forward": _listening.beside(before["forward"], desired["forward"])}

    def has_taken_over(self, context: Context, properties: Properties) -> bool:
        """Whether tasks behind the target group are well."""
        return _shifting.is_well(context, properties["action"].get("forward"))
