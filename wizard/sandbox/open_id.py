"""OpenID Connect providers of IAM: the audiences that moto does not change after creation."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles


@before("iam", "CreateOpenIDConnectProvider")
def _url_is_free(call: Call) -> None:
    url = call.params["Url"].removeprefix("https://").rstrip("/")
    if any(provider.url == url for provider in moto_state.iam().open_id_providers.values()):
        raise Refused("EntityAlreadyExists", f"Provider with url https://{url} already exists.", 409)


@handles("iam", "AddClientIDToOpenIDConnectProvider")
def add_client_id(call: Call) -> dict[str, Any]:
    """Adding one that is there is no error."""
    audiences, new = _audiences(call), call.params["ClientID"]
    if new not in audiences:
        audiences.append(new)
    return {}


@handles("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_client_id(call: Call) -> dict[str, Any]:
    """Removing one that is not there is no error."""
    audiences, old = _audiences(call), call.params["ClientID"]
    if old in audiences:
        audiences.remove(old)
    return {}


def _audiences(call: Call) -> list[str]:
    store = moto_state.iam()
    provider = store.get_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    provider.client_id_list = list(provider.client_id_list)
    found: list[str] = provider.client_id_list
    return found
