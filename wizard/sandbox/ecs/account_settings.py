"""Account settings: the defaults of ECS and what was put over them."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.handling import Refused

DEFAULTS = {
    "awsvpcTrunking": "disabled",
    "containerInsights": "disabled",
    "containerInstanceLongArnFormat": "enabled",
    "defaultLogDriverMode": "non-blocking",
    "fargateFIPSMode": "disabled",
    "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off",
    "serviceLongArnFormat": "enabled",
    "tagResourceAuthorization": "enabled",
    "taskLongArnFormat": "enabled",
}


@operation("PutAccountSetting", "PutAccountSettingDefault")
def put_account_setting(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Set one setting for the account."""
    if params["name"] not in DEFAULTS:
        raise Refused("InvalidParameterException", f"Unknown account setting: {params['name']}")
    region.account_settings[params["name"]] = params["value"]
    return {"setting": _answer(region, params["name"])}


@operation("DeleteAccountSetting")
def delete_account_setting(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Go back to the default."""
    region.account_settings.pop(params["name"], None)
    return {"setting": _answer(region, params["name"])}


@operation("ListAccountSettings")
def list_account_settings(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List the settings that were put; with `effectiveSettings` all that hold."""
    names = DEFAULTS if params.get("effectiveSettings") else region.account_settings
    wanted = [name for name in names if params.get("name", name) == name]
    found = [_answer(region, name) for name in wanted]
    shown, following = page([one for one in found if params.get("value", one["value"]) == one["value"]], params, 10)
    return {"settings": shown} | following


def _answer(region: Region, name: str) -> dict[str, Any]:
    value = region.account_settings.get(name, DEFAULTS.get(name, ""))
    return {"name": name, "value": value, "principalArn": region.caller, "type": "user"}
