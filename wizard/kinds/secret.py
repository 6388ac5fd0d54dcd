"""A secret of AWS Secrets Manager.

The id of a secret's version is a token that the writer chooses, so the version id of a value that a person supplied is
its fingerprint: whether AWS has that value is known without reading any value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.engine.values import UNKNOWN, SecretInput, Sensitive
from wizard.errors import AwsError
from wizard.kinds import prices
from wizard.kinds._named import address_of, addresses_by_name, ignoring, owner_of, together, with_surplus
from wizard.kinds._secret_reading import list_secrets, live, without_suffix
from wizard.kinds._secret_value import restore, token_of, value_of, write_value


class Secret(Kind):
    """CreateSecret is idempotent by token; a name whose secret is scheduled for deletion is restored, not refused."""

    name = "secret"
    title = "secret"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    leaves_behind = "scheduled for deletion in 7 days; until then it can be restored"
    immutable = frozenset({"name"})
    lost_with_it = "its value can be restored for 7 days, then it is lost"
    uses = frozenset({"kms_key"})
    renewed_by_update = frozenset({"value", "version"})
    settling = (
        Settling("create", "InvalidRequestException", "was deleted", 120),
        Settling("create", "InvalidRequestException", "scheduled for deletion", 120),
    )
    iam = {
        "read": ("secretsmanager:ListSecrets", "secretsmanager:DescribeSecret"),
        "create": (
            "secretsmanager:CreateSecret",
            "secretsmanager:TagResource",
            "secretsmanager:DescribeSecret",
            "secretsmanager:RestoreSecret",
            "secretsmanager:GetSecretValue",
        ),
        "update": (
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
            "secretsmanager:UpdateSecret",
            "secretsmanager:GetSecretValue",
        ),
        "delete": ("secretsmanager:DeleteSecret",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name; values are never looked at."""
        found = []
        name = properties.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,256}", name):
            found.append(f"the secret name {name!r} must be 1-256 letters, digits or /_+=.@-")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A fixed price for each."""
        return prices.SECRET_MONTH

    def renews(self, changed: frozenset[str]) -> frozenset[str]:
        """Another description or key leaves the value as it is."""
        return self.renewed_by_update if "value" in changed else frozenset()

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """A value that nobody supplied is kept as it is; one that was is compared by its version id."""
        if name != "value":
            return bool(desired == actual)
        if not isinstance(actual, Sensitive) or not actual.fingerprint:
            return False
        return isinstance(desired, SecretInput) or token_of(desired) == actual.fingerprint

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One ListSecrets; it may lag five minutes, so what looks absent, different or surplus is asked directly."""
        addresses = addresses_by_name(wanted)
        names = {without_suffix(n, addresses): a for n, a in with_surplus(context, self.name, addresses, ":").items()}
        listed = {entry["Name"]: entry for entry in list_secrets(context, names)}
        found: list[Live] = []
        unsure: dict[str, str] = {}
        for name, address in names.items():
            entry = listed.get(name)
            one = live(context, entry, address) if entry else None
            if name not in addresses or one is None or self._differs(wanted[address], one):
                unsure[name] = address
            else:
                found.append(one)
        found += together(lambda name: self._directly(context, name, unsure[name]), unsure)
        for name in sorted(listed.keys() - names.keys()):
            tags = tag_map(listed[name].get("Tags"))
            address = address_of(tags, self.name)
            if owner_of(tags) == context.scope.deployment and address:
                one = live(context, listed[name], address)
                found += [one] if one else []
        return found

    def _differs(self, desired: Properties, live: Live) -> bool:
        return any(
            value is not None and value is not UNKNOWN and not self.same(name, value, live.properties.get(name))
            for name, value in desired.items()
        )

    def _directly(self, context: Context, name: str, address: str) -> Live | None:
        with ignoring("ResourceNotFoundException"):
            return live(context, context.aws.read("secretsmanager", "describe_secret", SecretId=name), address)
        return None

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The secret with its first value; the token is the value's fingerprint, or the step's for a made-up one."""
        name, tags = properties["name"], context.scope.tags(address)
        key = {"KmsKeyId": properties["kms_key"]} if properties.get("kms_key") else {}
        version, value = value_of(properties["value"], token, address)
        try:
            context.aws.write(
                "secretsmanager",
                "create_secret",
                Name=name,
                Description=properties.get("description") or "",
                SecretString=value,
                ClientRequestToken=version,
                Tags=tag_list(tags),
                **key,
            )
        except AwsError as error:
            if "scheduled for deletion" in error.message:
                restore(context, name, tags)
            elif error.code != "ResourceExistsException":
                raise
        return str(name)

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """A new value is a new version; description and key are settings."""
        settings = {"description": "Description", "kms_key": "KmsKeyId"}
        values = {settings[key]: properties[key] for key in changed if key in settings}
        if values:
            context.aws.write("secretsmanager", "update_secret", SecretId=live.id, **values)
        if "value" in changed:
            write_value(context, live, properties["value"])

    def delete(self, context: Context, live: Live) -> None:
        """Scheduled: it can be restored for a week."""
        try:
            context.aws.write("secretsmanager", "delete_secret", SecretId=live.id, RecoveryWindowInDays=7)
        except AwsError as error:
            scheduled = error.code == "InvalidRequestException" and "delet" in error.message
            if not scheduled and error.code != "ResourceNotFoundException":
                raise
