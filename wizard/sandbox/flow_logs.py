"""Flow logs: a client token, a role that exists, and an error for ids that do not."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state, tokens
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.nat import token_mismatch


@handles("ec2", "CreateFlowLogs")
def create_flow_logs(call: Call) -> dict[str, Any]:
    """The same token gives the same flow logs."""
    again = tokens.known(call, "ClientToken", token_mismatch)
    if again is not None:
        return {"FlowLogIds": again.split(","), "Unsuccessful": [], "ClientToken": call.params["ClientToken"]}
    role = call.params.get("DeliverLogsPermissionArn")
    if role and not any(one.arn == role for one in moto_state.iam().roles.values()):
        raise Refused("InvalidParameter", "Unable to assume given IAM role. Try again later.")
    answer = call.moto()
    if made := answer.get("FlowLogIds"):
        tokens.remember(call, "ClientToken", ",".join(made))
    if "ClientToken" in call.params:
        answer["ClientToken"] = call.params["ClientToken"]
    return answer


@before("ec2", "DeleteFlowLogs")
def _flow_logs_exist(call: Call) -> None:
    known = moto_state.ec2(call.region).flow_logs
    missing = [flow_log_id for flow_log_id in call.params.get("FlowLogIds", ()) if flow_log_id not in known]
    if missing:
        raise Refused("InvalidFlowLogId.NotFound", f"These flow log ids in the input list are not found: {missing}")
