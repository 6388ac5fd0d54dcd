"""References, composed text and secrets: what is known, what is not, and what nobody may see."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.engine.graph import Graph, Resource
from wizard.engine.values import UNKNOWN, Ref, SecretInput, Sensitive, refs_in, resolve, shown, text
from wizard.errors import UsageError

KNOWN: dict[Ref, Any] = {
    Ref("broker.main", "host"): "b-1.mq.us-east-1.amazonaws.com",
    Ref("secret.pw", "value"): Sensitive("pw-version", lambda: "hunter2hunter2"),
}


def look(ref: Ref) -> Any:
    return KNOWN.get(ref, UNKNOWN)


def give(wanted: SecretInput) -> Sensitive | None:
    return Sensitive("given", lambda: "value") if wanted.name == "GIVEN" else None


URI = text("amqps://app:{pw}@{host}:5671", pw=Ref("secret.pw", "value"), host=Ref("broker.main", "host"))


def test_composed_text_with_a_secret_part_is_secret_and_tells_its_value_only_when_asked() -> None:
    composed = resolve(URI, look, give)
    assert isinstance(composed, Sensitive)
    assert composed.reveal() == "amqps://app:hunter2hunter2@b-1.mq.us-east-1.amazonaws.com:5671"
    assert "hunter2" not in repr(composed) + str(composed) + str(shown({"uri": composed}))


def test_the_fingerprint_of_composed_text_follows_its_parts_without_reading_a_value() -> None:
    def refuse() -> str:
        raise AssertionError("the value was read")

    def with_version(version: str) -> Any:
        return resolve(URI, lambda r: Sensitive(version, refuse) if r.attribute == "value" else look(r), give)

    assert with_version("1") == with_version("1")
    assert with_version("1") != with_version("2")


def test_text_with_an_unknown_part_is_unknown() -> None:
    assert resolve(text("{a}", a=Ref("vpc.none", "id")), look, give) is UNKNOWN


def test_a_secret_nobody_gives_stays_a_question() -> None:
    asked = SecretInput("NOBODY", generate=32)
    assert resolve({"value": asked}, look, give) == {"value": asked}
    assert isinstance(resolve({"value": SecretInput("GIVEN")}, look, give)["value"], Sensitive)


def test_references_are_found_at_any_depth() -> None:
    value = {"a": [Ref("x.y", "id"), {"b": text("{p}", p=Ref("z.w", "arn"))}]}
    assert set(refs_in(value)) == {Ref("x.y", "id"), Ref("z.w", "arn")}


def test_a_circle_is_refused_and_printed_as_a_path() -> None:
    a = Resource("k", "a", {"x": Ref("k.b", "id")})
    b = Resource("k", "b", {"x": Ref("k.a", "id")})
    with pytest.raises(UsageError, match=r"k\.\w -> k\.\w -> k\.\w"):
        Graph.of([a, b])


def test_an_unknown_reference_is_refused() -> None:
    with pytest.raises(UsageError, match=r"k\.a refers to k\.gone"):
        Graph.of([Resource("k", "a", {"x": Ref("k.gone", "id")})])
