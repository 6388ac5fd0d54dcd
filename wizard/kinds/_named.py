"""What the kinds that are found by name have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from wizard.aws.ownership import tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Properties
from wizard.errors import AwsError

Tags = Mapping[str, str]
Found = TypeVar("Found")


def addresses_by_name(wanted: Mapping[str, Properties], property: str = "name") -> dict[str, str]:
    """The wanted addresses by AWS name, without those whose name is not known yet."""
    return {
        properties[property]: address
        for address, properties in wanted.items()
        if isinstance(properties.get(property), str) and properties[property]
    }


def with_surplus(context: Context, kind: str, addresses: Mapping[str, str], separator: str) -> dict[str, str]:
    """Addresses by name: the wanted ones, and those that only the index of tags knows.

    The name of an indexed one is what follows the first `separator` in its ARN after the account id.
    """
    names = dict(addresses)
    for address, arn in context.index.arns(kind).items():
        name = arn.split(":", 5)[5].partition(separator)[2]
        names.setdefault(name, address)
    return names


def owner_of(tags: Tags) -> str:
    """The deployment that the tags name, empty when they name none."""
    return tags.get(DEPLOYMENT_TAG, "")


def address_of(tags: Tags, kind: str) -> str:
    """The address that the tags name, empty when it is not of this kind."""
    address = tags.get(ADDRESS_TAG, "")
    return address if address.startswith(f"{kind}.") else ""


def tags_of(context: Context, arn: str, service: str, operation: str, key: str, **params: Any) -> Tags:
    """Tags from the index, or by a call of the service when the index does not list the ARN (yet)."""
    indexed = context.index.tags(arn)
    if indexed is not None:
        return indexed
    found = context.aws.read(service, operation, **params).get(key)
    return found if isinstance(found, dict) else tag_map(found)


def token_for(token: str, *parents: Any) -> str:
    """The token for a create in these surroundings.

    A run that carries on a dead one takes its token over. If what the resource stands on was made anew meanwhile, the
    request is another one, and AWS would refuse the old token for it; a repeated request has the same parents.
    """
    return hashlib.sha256(repr((token, parents)).encode()).hexdigest()[:32]


def together(ask: Callable[[str], Found | None], names: Collection[str]) -> list[Found]:
    """Ask about several at once where AWS has no call for many; what is not there is left out."""
    if len(names) < 2:
        return [one for name in names if (one := ask(name)) is not None]
    with ThreadPoolExecutor(min(len(names), 8), thread_name_prefix="ask") as pool:
        return [one for one in pool.map(ask, names) if one is not None]


@contextmanager
def ignoring(*codes: str) -> Iterator[None]:
    """Take these error codes of AWS for success: it is already there, or already gone."""
    try:
        yield
    except AwsError as error:
        if error.code not in codes:
            raise
