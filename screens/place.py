"""Where the application works: the sandbox or an account, and who is calling. It is always in sight."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wizard.errors import PilotageError

if TYPE_CHECKING:
    from wizard.deployment.opening import Connection
    from wizard.deployment.request import Request


@dataclass(frozen=True)
class Place:
    """An account, as far as it is known. `connection` opens it."""

    request: Request
    arn: str = ""
    account: str = ""
    region: str = ""
    connection: Connection | None = field(default=None, compare=False, repr=False)
    trouble: PilotageError | None = field(default=None, compare=False)

    @property
    def word(self) -> str:
        """`SANDBOX` or `PROD`; a word, so that it needs no colour."""
        return "SANDBOX" if self.request.sandbox else "PROD"

    @property
    def style(self) -> str:
        """The name of its style."""
        return "good" if self.request.sandbox else "bad"

    @property
    def where(self) -> str:
        """Account and Region, or how far it is."""
        if self.account:
            return f"{self.account} {self.region}"
        return "no credentials" if self.trouble else "looking who you are"

    @property
    def known(self) -> bool:
        """Whether calls can be made."""
        return bool(self.account)


def found(place: Place) -> Place:
    """Ask AWS who is calling; starts the sandbox when that is where to work. Blocks: for a thread."""
    from wizard.deployment.opening import Connection

    try:
        # A Region of the blueprint comes later; who is calling is the same in every one.
        connection = Connection(place.request, "us-east-1" if place.request.sandbox else None)
        identity = connection.identity
    except PilotageError as error:
        return replace(place, trouble=error)
    return replace(
        place,
        arn=identity.arn,
        account=identity.account,
        region=identity.region,
        connection=connection,
        trouble=None,
    )
