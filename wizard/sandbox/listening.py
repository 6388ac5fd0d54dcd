"""Target groups, listeners and rules: what may hang on what, and what is refused while it hangs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.sandbox import moto_state, sign_in
from wizard.sandbox.handling import Call, Refused, before, handles

_DEFAULTS: dict[str, Any] = {"HealthCheckEnabled": True, "TargetType": "instance", "IpAddressType": "ipv4"}
_NOT_COMPARED = ("Tags", "Name")


def target_groups_of(actions: Any) -> Iterator[str]:
    """ARNs of the target groups that actions forward to, in either form that the API takes."""
    for action in actions or ():
        if arn := action.get("TargetGroupArn"):
            yield arn
        for group in action.get("ForwardConfig", {}).get("TargetGroups", ()):
            if arn := group.get("TargetGroupArn"):
                yield arn


def load_balancers_of(region: str, target_group_arn: str) -> list[str]:
    """Load balancers with a listener or a rule that forwards to this target group."""
    found = []
    for balancer in moto_state.elbv2(region).load_balancers.values():
        for listener in balancer.listeners.values():
            actions = [action.data for action in listener.default_actions]
            for rule in listener.rules.values():
                actions += [getattr(action, "data", action) for action in rule.actions]
            if target_group_arn in target_groups_of(actions) and balancer.arn not in found:
                found.append(balancer.arn)
    return found


def certificates_in_use(region: str) -> dict[str, list[str]]:
    """Certificate ARNs that listeners present, with the load balancers of those listeners."""
    found: dict[str, list[str]] = {}
    for balancer in moto_state.elbv2(region).load_balancers.values():
        for listener in balancer.listeners.values():
            for arn in {listener.certificate, *(listener.certificates or ())} - {None}:
                holders = found.setdefault(arn, [])
                if balancer.arn not in holders:
                    holders.append(balancer.arn)
    return found


@before("elbv2", "DescribeTargetGroups", "DeleteTargetGroup", "CreateTargetGroup")
def _refresh_links(call: Call) -> None:
    # moto notes the link when a listener is made and never again.
    for group in moto_state.elbv2(call.region).target_groups.values():
        group.load_balancer_arns = load_balancers_of(call.region, group.arn)


@handles("elbv2", "CreateTargetGroup")
def create_target_group(call: Call) -> dict[str, Any]:
    """The same name with the same settings gives the one that exists."""
    store = moto_state.elbv2(call.region)
    name = call.params["Name"]
    existing = next((group for group in store.target_groups.values() if group.name == name), None)
    if existing is None:
        made = call.moto()
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        store.target_groups[arn].sandbox_wanted = _wanted(call)
        store.target_groups[arn].sandbox_answer = made
        return made
    if existing.sandbox_wanted != _wanted(call):
        raise Refused(
            "DuplicateTargetGroupName",
            f"A target group with the same name '{name}' exists, but with different settings",
        )
    return dict(existing.sandbox_answer)


def _wanted(call: Call) -> dict[str, Any]:
    return {**_DEFAULTS, **{key: value for key, value in call.params.items() if key not in _NOT_COMPARED}}


@before("elbv2", "CreateListener")
def _listener_can_be_made(call: Call) -> None:
    params = call.params
    balancer = _balancer(call.region, params["LoadBalancerArn"])
    for listener in balancer.listeners.values():
        if int(listener.port) == int(params["Port"]):
            raise Refused(
                "DuplicateListener", f"A listener already exists on this port for this load balancer '{balancer.arn}'"
            )
    _certificates_fit(call, required=params.get("Protocol") in ("HTTPS", "TLS"))
    sign_in.fits(call, params.get("Protocol", ""), params.get("DefaultActions"))
    _targets_fit(call, balancer, params.get("DefaultActions"))


@handles("elbv2", "CreateListener", "ModifyListener")
def keep_policy_to_tls(call: Call) -> dict[str, Any]:
    """Only a listener with a certificate has a security policy; an action says what AWS adds to it."""
    answer = call.moto()
    for shown in answer["Listeners"]:
        kept = _listener(call.region, shown["ListenerArn"])[1].default_actions
        sign_in.complete([action.data for action in kept])
        if shown.get("Protocol") not in ("HTTPS", "TLS"):
            shown.pop("SslPolicy", None)
            _listener(call.region, shown["ListenerArn"])[1].ssl_policy = None
    return answer


@before("elbv2", "ModifyListener", "AddListenerCertificates")
def _listener_can_be_changed(call: Call) -> None:
    balancer, listener = _listener(call.region, call.params["ListenerArn"])
    sign_in.fits(call, call.params.get("Protocol") or listener.protocol, call.params.get("DefaultActions"))
    _certificates_fit(call, required=call.params.get("Protocol") in ("HTTPS", "TLS") and "Certificates" in call.params)
    _targets_fit(call, balancer, call.params.get("DefaultActions"))


@before("elbv2", "CreateRule")
def _rule_can_be_made(call: Call) -> None:
    balancer, listener = _listener(call.region, call.params["ListenerArn"])
    sign_in.fits(call, listener.protocol, call.params.get("Actions"))
    _targets_fit(call, balancer, call.params.get("Actions"))
    if any(str(rule.priority) == str(call.params["Priority"]) for rule in listener.rules.values()):
        raise Refused("PriorityInUse", f"Priority '{call.params['Priority']}' is currently in use")


@before("elbv2", "DeleteRule", "ModifyRule")
def _rule_exists(call: Call) -> None:
    for balancer in moto_state.elbv2(call.region).load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if rule.arn == call.params["RuleArn"]:
                    if call.operation == "DeleteRule" and rule.priority == "default":
                        raise Refused("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be deleted")
                    sign_in.fits(call, listener.protocol, call.params.get("Actions"))
                    _targets_fit(call, balancer, call.params.get("Actions"))
                    return
    raise Refused("RuleNotFound", "One or more rules not found")


@handles("elbv2", "CreateRule", "ModifyRule")
def keep_rule_complete(call: Call) -> dict[str, Any]:
    """An action says what AWS adds to it."""
    answer = call.moto()
    arns = {shown["RuleArn"] for shown in answer["Rules"]}
    for balancer in moto_state.elbv2(call.region).load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if rule.arn in arns:
                    sign_in.complete([action.data for action in rule.actions])
    return answer


def _balancer(region: str, arn: str) -> Any:
    balancer = moto_state.elbv2(region).load_balancers.get(arn)
    if balancer is None:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    return balancer


def _listener(region: str, arn: str) -> tuple[Any, Any]:
    for balancer in moto_state.elbv2(region).load_balancers.values():
        if arn in balancer.listeners:
            return balancer, balancer.listeners[arn]
    raise Refused("ListenerNotFound", f"Listener '{arn}' not found")


def _certificates_fit(call: Call, *, required: bool) -> None:
    arns = [item["CertificateArn"] for item in call.params.get("Certificates", ()) if item.get("CertificateArn")]
    if required and not arns:
        raise Refused("ValidationError", "A certificate must be specified for HTTPS listeners")
    for arn in arns:
        if ":acm:" not in arn:
            continue
        certificate = moto_state.acm(call.region)._certificates.get(arn)
        if certificate is None:
            raise Refused("CertificateNotFound", f"Certificate '{arn}' not found")
        if certificate.status != "ISSUED":
            raise Refused(
                "UnsupportedCertificate",
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, "
                "and a supported key size.",
            )


def _targets_fit(call: Call, balancer: Any, actions: Any) -> None:
    store = moto_state.elbv2(call.region)
    for arn in target_groups_of(actions):
        group = store.target_groups.get(arn)
        if group is None:
            raise Refused("TargetGroupNotFound", f"Target groups '{arn}' not found")
        if group.vpc_id != balancer.vpc_id:
            raise Refused(
                "InvalidConfigurationRequest",
                f"Target group '{arn}' and load balancer '{balancer.arn}' are in different VPCs",
            )
        if any(holder != balancer.arn for holder in load_balancers_of(call.region, arn)):
            raise Refused(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )
