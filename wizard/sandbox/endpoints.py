"""VPC endpoints: interfaces in subnets, a minute and a half to come up, a client token, conflicts as in AWS."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import interfaces, moto_state, tokens
from wizard.sandbox.handling import Call, Refused, handles
from wizard.sandbox.nat import token_mismatch
from wizard.sandbox.world import ACCOUNT, after

CREATE_SECONDS = 90.0
DELETE_SECONDS = 60.0


@handles("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(call: Call) -> dict[str, Any]:
    """A gateway endpoint is there at once; an interface endpoint is `pending` first."""
    again = tokens.known(call, "ClientToken", token_mismatch)
    if again is not None:
        return {"VpcEndpoint": _described(call.region, again), "ClientToken": call.params["ClientToken"]}
    _refuse_conflicts(call)
    made = call.moto()["VpcEndpoint"]["VpcEndpointId"]
    endpoint = moto_state.ec2(call.region).vpc_end_points[made]
    endpoint.vpc_endpoint_type = call.params.get("VpcEndpointType", "Gateway")
    if endpoint.vpc_endpoint_type == "Interface":
        _give_interfaces(call.region, endpoint)
        endpoint.state = "pending"
        after(CREATE_SECONDS, lambda: _available(endpoint))
    tokens.remember(call, "ClientToken", made)
    answer: dict[str, Any] = {"VpcEndpoint": _described(call.region, made)}
    if "ClientToken" in call.params:
        answer["ClientToken"] = call.params["ClientToken"]
    return answer


def _available(endpoint: Any) -> None:
    if endpoint.state == "pending":
        endpoint.state = "available"


def _refuse_conflicts(call: Call) -> None:
    store = moto_state.ec2(call.region)
    params = call.params
    service, vpc_id = params.get("ServiceName", ""), params["VpcId"]
    if not service.startswith(f"com.amazonaws.{call.region}.") and not service.startswith("com.amazonaws.vpce."):
        raise Refused("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    for group_id in params.get("SecurityGroupIds", ()):
        if store.get_security_group_from_id(group_id) is None:
            raise Refused("InvalidSecurityGroupId.NotFound", f"The security group '{group_id}' does not exist")
    for table_id in params.get("RouteTableIds", ()):
        store.get_route_table(table_id)
    private_dns = params.get("PrivateDnsEnabled", True) and params.get("VpcEndpointType") == "Interface"
    for other in store.vpc_end_points.values():
        if other.vpc_id != vpc_id or other.service_name != service or other.state == "deleted":
            continue
        if private_dns and other.vpc_endpoint_type == "Interface" and other.private_dns_enabled:
            raise Refused(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{service.rsplit('.', 1)[-1]}.{call.region}.amazonaws.com in the VPC {vpc_id}",
            )
        shared = set(other.route_table_ids or ()) & set(params.get("RouteTableIds", ()))
        if shared and other.vpc_endpoint_type == "Gateway":
            raise Refused(
                "RouteAlreadyExists", f"route table {min(shared)} already has a route with destination-prefix-list-id"
            )


def _give_interfaces(region: str, endpoint: Any) -> None:
    """One in each subnet, with the endpoint's groups; those it had before go."""
    store = moto_state.ec2(region)
    interfaces.remove(region, endpoint.network_interface_ids)
    if not endpoint.security_group_ids:
        endpoint.security_group_ids = [store.get_default_security_group(endpoint.vpc_id).id]
    endpoint.network_interface_ids = [
        interfaces.create(
            region,
            subnet_id,
            description=f"VPC Endpoint Interface {endpoint.id}",
            requester=ACCOUNT,
            groups=endpoint.security_group_ids,
            kind="vpc_endpoint",
        ).id
        for subnet_id in endpoint.subnet_ids or ()
    ]


def _described(region: str, endpoint_id: str) -> dict[str, Any]:
    endpoint = moto_state.ec2(region).vpc_end_points.get(endpoint_id)
    if endpoint is None:
        raise Refused("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")
    return {
        "VpcEndpointId": endpoint.id,
        "VpcEndpointType": endpoint.vpc_endpoint_type,
        "VpcId": endpoint.vpc_id,
        "ServiceName": endpoint.service_name,
        "State": endpoint.state,
        "PolicyDocument": endpoint.policy_document,
        "RouteTableIds": list(endpoint.route_table_ids or ()),
        "SubnetIds": list(endpoint.subnet_ids or ()),
        "Groups": endpoint.groups,
        "NetworkInterfaceIds": endpoint.network_interface_ids,
        "PrivateDnsEnabled": bool(endpoint.private_dns_enabled) and endpoint.vpc_endpoint_type == "Interface",
        "RequesterManaged": False,
        "IpAddressType": "ipv4",
        "DnsEntries": endpoint.dns_entries or [],
        "CreationTimestamp": endpoint.creation_timestamp,
        "OwnerId": endpoint.owner_id,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in endpoint.get_tags()],
    }


@handles("ec2", "DescribeVpcEndpoints")
def describe_vpc_endpoints(call: Call) -> dict[str, Any]:
    """moto chooses, so its filters count; what is shown has the fields that AWS shows."""
    chosen = call.moto().get("VpcEndpoints", [])
    return {"VpcEndpoints": [_described(call.region, item["VpcEndpointId"]) for item in chosen]}


@handles("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call: Call) -> dict[str, Any]:
    """Errors come as a list with status 200, as in AWS; interfaces stay while the endpoint is `deleting`."""
    store = moto_state.ec2(call.region)
    unsuccessful = []
    for endpoint_id in call.params["VpcEndpointIds"]:
        endpoint = store.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
        elif endpoint.state != "deleting":
            _start_delete(call.region, endpoint)
    return {"Unsuccessful": unsuccessful}


def _start_delete(region: str, endpoint: Any) -> None:
    store = moto_state.ec2(region)
    for table_id in endpoint.route_table_ids or ():
        table = store.route_tables.get(table_id)
        for route in list(table._routes.values()) if table else ():
            if getattr(route.gateway, "id", None) == endpoint.id:
                del table._routes[route.id]
    endpoint.state = "deleting"
    after(DELETE_SECONDS if endpoint.network_interface_ids else 5.0, lambda: _deleted(region, endpoint))


def _deleted(region: str, endpoint: Any) -> None:
    interfaces.remove(region, endpoint.network_interface_ids)
    moto_state.ec2(region).vpc_end_points.pop(endpoint.id, None)
    tokens.forget(endpoint.id)


@handles("ec2", "ModifyVpcEndpoint")
def modify_vpc_endpoint(call: Call) -> dict[str, Any]:
    """The interfaces follow the subnets and groups; moto leaves private DNS as it was."""
    _described(call.region, call.params["VpcEndpointId"])
    answer = call.moto()
    endpoint = moto_state.ec2(call.region).vpc_end_points[call.params["VpcEndpointId"]]
    if "PrivateDnsEnabled" in call.params:
        endpoint.private_dns_enabled = call.params["PrivateDnsEnabled"]
    if endpoint.vpc_endpoint_type == "Interface":
        _give_interfaces(call.region, endpoint)
    return answer
