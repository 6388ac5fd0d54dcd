"""NAT gateways and elastic addresses: they take their time, hold each other, and honour the client token."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import filtering, interfaces, moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = 100.0
DELETE_SECONDS = 45.0
FAILURE_SECONDS = 20.0
VISIBLE_SECONDS = 3600.0
"""A deleted NAT gateway can still be described for about an hour; its client token means it for as long."""

_FIELDS: dict[str, filtering.Field] = {
    "nat-gateway-id": lambda item: item.get("NatGatewayId"),
    "state": lambda item: item.get("State"),
    "subnet-id": lambda item: item.get("SubnetId"),
    "vpc-id": lambda item: item.get("VpcId"),
}


def not_found(nat_gateway_id: str) -> Refused:
    """What AWS says of a NAT gateway that it does not know."""
    return Refused("NatGatewayNotFound", f"NatGateway {nat_gateway_id} was not found")


def token_mismatch(token: str) -> Refused:
    """EC2's answer to a token that was used for something else."""
    return Refused(
        "IdempotentParameterMismatch",
        f"The request uses the same client token as a previous, but non-identical request. (token {token})",
    )


@handles("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call) -> dict[str, Any]:
    """Starts as `pending`; becomes `available`, or `failed` when the address or the way out is not there to be used."""
    again = tokens.known(call, "ClientToken", token_mismatch)
    if again is not None:
        return {"NatGateway": _described(call.region, again), "ClientToken": call.params["ClientToken"]}
    if call.params.get("AvailabilityMode") == "regional":
        raise Refused("SandboxNotBuilt", "The sandbox has no regional NAT gateways. Real AWS does.", 501)
    if not call.params.get("SubnetId"):
        raise Refused("MissingParameter", "The request must contain the parameter SubnetId")
    store = moto_state.ec2(call.region)
    public = call.params.get("ConnectivityType", "public") == "public"
    subnet = store.get_subnet(call.params["SubnetId"])
    allocation = call.params.get("AllocationId") if public else None
    if public and not allocation:
        raise Refused("MissingParameter", "The request must contain the parameter AllocationId")
    address = store.address_by_allocation([allocation])[0] if allocation else None
    failure = _failure(store, subnet, address) if public else None
    gateway = _make(call, subnet.id, None if failure else allocation)
    tokens.remember(call, "ClientToken", gateway.id)
    if failure is None:
        after(CREATE_SECONDS, lambda: _become(gateway, "available"))
    else:
        gateway.failure_code, gateway.failure_message = failure
        after(FAILURE_SECONDS, lambda: _fail(call.region, gateway))
    answer: dict[str, Any] = {"NatGateway": _described(call.region, gateway.id)}
    if "ClientToken" in call.params:
        answer["ClientToken"] = call.params["ClientToken"]
    return answer


def _make(call: Call, subnet_id: str, allocation: str | None) -> Any:
    store = moto_state.ec2(call.region)
    tags = {
        tag["Key"]: tag["Value"]
        for specification in call.params.get("TagSpecifications", ())
        for tag in specification.get("Tags", ())
    }
    gateway = store.create_nat_gateway(subnet_id, allocation, tags, call.params.get("ConnectivityType", "public"))
    store.enis.pop(gateway._eni.id)
    managed = interfaces.create(
        call.region,
        subnet_id,
        description=f"Interface for NAT Gateway {gateway.id}",
        requester=call.account,
        kind="nat_gateway",
    )
    if allocation:
        address = store.address_by_allocation([allocation])[0]
        address.eni, managed.public_ip = managed, address.public_ip
    gateway._eni = managed
    gateway.address_set[0] |= {"networkInterfaceId": managed.id, "privateIp": managed.private_ip_address}
    gateway.state = "pending"
    return gateway


def _failure(store: Any, subnet: Any, address: Any) -> tuple[str, str] | None:
    if not any(gateway.vpc and gateway.vpc.id == subnet.vpc_id for gateway in store.internet_gateways.values()):
        return "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
    if address is not None and (address.association_id or address.eni):
        return "Resource.AlreadyAssociated", f"Elastic IP address [{address.allocation_id}] is already associated"
    return None


def _become(gateway: Any, state: str) -> None:
    if gateway.state == "pending":
        gateway.state = state


def _fail(region: str, gateway: Any) -> None:
    if gateway.state == "pending":
        gateway.state = "failed"
        interfaces.remove(region, [gateway._eni.id])


@handles("ec2", "DeleteNatGateway")
def delete_nat_gateway(call: Call) -> dict[str, Any]:
    """`deleting` until the interface and the address are let go, then `deleted`, visible for an hour."""
    store = moto_state.ec2(call.region)
    gateway = store.nat_gateways.get(call.params["NatGatewayId"])
    if gateway is None:
        raise not_found(call.params["NatGatewayId"])
    if gateway.state not in ("deleting", "deleted"):
        gateway.state = "deleting"
        after(DELETE_SECONDS, lambda: _deleted(call.region, gateway))
    return {"NatGatewayId": gateway.id}


def _deleted(region: str, gateway: Any) -> None:
    store = moto_state.ec2(region)
    gateway.state = "deleted"
    interfaces.remove(region, [gateway._eni.id])
    for address in store.addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None
    after(VISIBLE_SECONDS, lambda: _forgotten(region, gateway.id))


def _forgotten(region: str, gateway_id: str) -> None:
    moto_state.ec2(region).nat_gateways.pop(gateway_id, None)
    tokens.forget(gateway_id)


@handles("ec2", "DescribeNatGateways")
def describe_nat_gateways(call: Call) -> dict[str, Any]:
    """All of EC2's filters, tags included; an id that does not exist is an error."""
    store = moto_state.ec2(call.region)
    wanted = call.params.get("NatGatewayIds") or list(store.nat_gateways)
    found = [_described(call.region, gateway_id) for gateway_id in wanted]
    return {"NatGateways": filtering.matching(found, call.params.get("Filter") or call.params.get("Filters"), _FIELDS)}


def _described(region: str, gateway_id: str) -> dict[str, Any]:
    gateway = moto_state.ec2(region).nat_gateways.get(gateway_id)
    if gateway is None:
        raise not_found(gateway_id)
    addresses = [
        {name[0].upper() + name[1:]: value for name, value in address.items() if value is not None}
        for address in gateway.address_set
    ]
    if gateway.state == "pending":
        addresses = [{key: address[key] for key in ("AllocationId",) if key in address} for address in addresses]
    described = {
        "NatGatewayId": gateway.id,
        "SubnetId": gateway.subnet_id,
        "VpcId": gateway.vpc_id,
        "State": gateway.state,
        "ConnectivityType": gateway.connectivity_type,
        "AvailabilityMode": "zonal",
        "CreateTime": gateway._created_at,
        "NatGatewayAddresses": addresses,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in gateway.get_tags()],
    }
    if gateway.state == "failed":
        described |= {"FailureCode": gateway.failure_code, "FailureMessage": gateway.failure_message}
    return described


@before("ec2", "ReleaseAddress")
def _address_in_use(call: Call) -> None:
    address = _address(call)
    if address is not None and (address.eni or address.instance):
        raise Refused("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


@before("ec2", "DisassociateAddress")
def _address_of_nat_gateway(call: Call) -> None:
    address = _address(call)
    if address is not None and isinstance(address.eni, interfaces.ManagedInterface):
        raise Refused("AuthFailure", "You do not have permission to access the specified resource.")


def _address(call: Call) -> Any:
    wanted = {call.params.get(name) for name in ("AllocationId", "PublicIp", "AssociationId")} - {None}
    for address in moto_state.ec2(call.region).addresses:
        if wanted & {address.allocation_id, address.public_ip, address.association_id}:
            return address
    return None
