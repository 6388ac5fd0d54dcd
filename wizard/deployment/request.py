"""What the command line or a screen says besides the file. Light, so that a first screen need not load the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.aws.calls import CallRecord
    from wizard.deployment.secret_values import Ask


@dataclass(frozen=True)
class Request:
    """What the command line or a screen says besides the file."""

    environment: str | None = None
    profile: str | None = None
    region: str | None = None
    sets: tuple[str, ...] = ()
    secrets_file: Path | None = None
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of secrets that somebody gave in this process; they go into no record."""
    sandbox: bool = False
    tag: str | None = None
    placeholder_images: bool = False
    wait_image_minutes: float = 0.0
    ask: Ask | None = field(default=None, repr=False)
    on_call: Callable[[CallRecord], None] | None = field(default=None, repr=False)

    def to_record(self) -> dict[str, Any]:
        """What a later `resume` or `destroy` needs to ask for the same again; holds no secret."""
        kept = ("environment", "profile", "region", "sandbox", "tag", "placeholder_images", "wait_image_minutes")
        record = {name: getattr(self, name) for name in kept}
        secrets_file = str(self.secrets_file.resolve()) if self.secrets_file else None
        return record | {"sets": list(self.sets), "secrets_file": secrets_file}

    @classmethod
    def from_record(cls, record: Mapping[str, Any], **changes: Any) -> Request:
        """The request that `to_record` wrote, with changes."""
        fields = dict(record) | changes
        known = {name: fields[name] for name in cls.__dataclass_fields__ if name in fields}
        known["sets"] = tuple(known.get("sets") or ())
        if isinstance(known.get("secrets_file"), str):
            known["secrets_file"] = Path(known["secrets_file"])
        return cls(**known)
