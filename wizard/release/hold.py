"""A held service is not moved by a replay. The hold is a tag on the service, so that every laptop sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

TAG = "pilotage:hold"
LIMIT = 256
"""AWS: a tag value has at most 256 characters."""
FORBIDDEN = re.compile(r"[^\w\s+\-=.:/@]")
"""AWS: what ECS refuses in the value of a tag; that is why it is not JSON."""
WRITTEN = re.compile(
    r"who=(?P<who>\S*) since=(?P<since>\S*) (?:until=(?P<until>\S*) )?(?:by=(?P<by>\S*) )?why=(?P<why>.*)", re.DOTALL
)
BY_ROLLBACK = "rollback"


@dataclass(frozen=True)
class Hold:
    """Who holds a service, why, since when and until when (RFC 3339; empty: until it is released)."""

    who: str
    why: str
    since: str
    until: str = ""
    by: str = ""
    """`rollback` when a rollback left it, and not a person on its own."""

    @property
    def value(self) -> str:
        """As the tag holds it."""
        until = f"until={self.until} " if self.until else ""
        by = f"by={self.by} " if self.by else ""
        return tag_text(f"who={self.who.replace(' ', '_')} since={self.since} {until}{by}why={self.why}")

    def as_json(self) -> dict[str, str]:
        """Plain data."""
        return dict(self.__dict__)

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        if not self.until:
            return False
        try:
            end = datetime.fromisoformat(self.until)
        except ValueError:
            return False
        return (end if end.tzinfo else end.replace(tzinfo=UTC)) <= now

    def words(self) -> str:
        """For people: `held by ana since 2026-11-26T03:00:00Z: incident 12`."""
        until = f" until {self.until}" if self.until else ""
        since = f" since {self.since}" if self.since else ""
        return f"held by {self.who or 'somebody'}{since}{until}: {self.why or 'no reason was given'}"


def tag_text(text: str) -> str:
    """The text as a tag's value: what AWS would refuse becomes `_`, and what is too long is cut."""
    return FORBIDDEN.sub("_", text)[:LIMIT]


def hold_in(tags: Mapping[str, str], now: datetime | None = None) -> Hold | None:
    """The hold among a service's tags; None when there is none, or its time has passed."""
    if TAG not in tags:
        return None
    found = read_hold(tags[TAG])
    return None if found.is_over(now or datetime.now(UTC)) else found


def read_hold(value: str) -> Hold:
    """What a tag's value says. One that somebody wrote by hand is taken for the reason."""
    if found := WRITTEN.fullmatch(value):
        return Hold(found["who"], found["why"], found["since"], found["until"] or "", found["by"] or "")
    try:
        held = json.loads(value)
    except ValueError:
        return Hold("", value, "")
    if not isinstance(held, dict):
        return Hold("", value, "")
    who, why, since, until = (str(held.get(key, "")) for key in ("who", "why", "since", "until"))
    return Hold(who, why, since, until)
