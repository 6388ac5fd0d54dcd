"""A held service is not moved by a replay. The hold is a tag on the service, so that every laptop sees it."""

from __future__ import annotations

import json
import re

TAG = "pilotage:hold"
LIMIT = 256
"""AWS: a tag value has at most 256 characters."""
FORBIDDEN = re.compile(r"[^\w\s+\-=.:/@]")
"""AWS: what ECS refuses in the value of a tag; that is why it is not JSON."""
WRITTEN = re.compile(r"who=(?P<who>\S*) since=(?P<since>\S*) why=(?P<why>.*)", re.DOTALL)


def tag_value(who: str, why: str, since: str) -> str:
    """The tag's value; what ECS would refuse becomes `_`, and a long reason is cut."""
    text = f"who={who.replace(' ', '_')} since={since} why={why}"
    return FORBIDDEN.sub("_", text)[:LIMIT]


def parse(value: str) -> dict[str, str]:
    """Who holds it, why and since when. A value that somebody wrote by hand is taken for the reason."""
    if found := WRITTEN.fullmatch(value):
        return {"who": found["who"], "why": found["why"], "since": found["since"]}
    try:
        held = json.loads(value)
    except ValueError:
        return {"who": "", "why": value, "since": ""}
    if not isinstance(held, dict):
        return {"who": "", "why": value, "since": ""}
    return {key: str(held.get(key, "")) for key in ("who", "why", "since")}
