"""Variables that hold a service's own address, which exists only once the service does.

`environment_with_url` has such variables with `{url}` where the address goes. At the creation they get an address that
leads nowhere, so that an application which insists on one starts; an update puts the real one there.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.engine.kind import Properties

URL = "{url}"
NOT_YET = "https://address-not-known-yet.invalid"
"""The top-level domain `invalid` never exists (RFC 2606)."""


def variables(properties: Properties, url: str) -> dict[str, str]:
    """All plain variables, the service's own address filled in."""
    own = properties.get("environment_with_url") or {}
    filled = {name: str(value).replace(URL, url or NOT_YET) for name, value in own.items()}
    return dict(properties.get("environment") or {}) | filled


def apart(found: Mapping[str, str], wanted: Properties, url: str) -> dict[str, dict[str, str]]:
    """Variables of a live service as the two properties."""
    own = wanted.get("environment_with_url")
    names = set(own) if isinstance(own, Mapping) else set()
    return {
        "environment": {name: value for name, value in found.items() if name not in names},
        "environment_with_url": {
            name: value.replace(url, URL) if url else value for name, value in found.items() if name in names
        },
    }
