"""AWS's models of its services, each read once and into plain dictionaries.

Left alone, moto makes a loader for each model, which looks through all folders of the SDK, and a session for each list
of Regions, which reads a whole model for one word, and botocore asks for an OrderedDict at each brace: the sandbox
would take half as long again to be warm.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from botocore.loaders import JSONFileLoader
from moto.core import utils
from moto.core.loaders import create_loader

from wizard.sandbox.moto_state import override


def read_each_once() -> None:
    """Let moto and the SDK inside it read each file once, through loaders that remember what they found."""
    loader: Any = create_loader()
    override(utils, create_loader=lambda: loader)

    def load_file(_self: JSONFileLoader, full_path: str, open_method: Callable[[str, str], IO[bytes]]) -> Any:
        return _read(full_path, open_method)

    override(JSONFileLoader, _load_file=load_file)


@functools.cache
def _read(path: str, opener: Callable[[str, str], IO[bytes]]) -> Any:
    if not Path(path).is_file():
        return None
    with opener(path, "rb") as file:
        return json.loads(file.read())
