"""Reads botocore's service models into plain dictionaries, which keep their order too, and finds them quickly.

botocore asks for an OrderedDict at each brace: that takes three times as long, and meanwhile no other thread may run.
For EC2 it is a tenth of a second in which no key is answered. Before it reads the first, it looks twice into the folder
of each of AWS's four hundred services, which is most of the time that the first client takes.
"""

from __future__ import annotations

import gzip
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

_ENDINGS = ((".json", open), (".json.gz", gzip.open))


class PlainFiles(JSONFileLoader):  # type: ignore[misc]
    """Takes the place of botocore's own loader of files."""

    def load_file(self, file_path: str) -> Any:
        """What `file_path` holds, with one of the endings of a model; None when there is no such file."""
        for ending, opener in _ENDINGS:
            path = Path(file_path + ending)
            if path.is_file():
                with opener(path, "rb") as file:
                    return json.loads(file.read())
        return None


class Models(Loader):  # type: ignore[misc]
    """Takes the place of botocore's own loader of models, in the folders where that one looks."""

    def __init__(self, folders: list[str]) -> None:
        super().__init__(folders, PlainFiles(), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:
        """Every folder of a service, also one without a model of this type: reading that fails as it should."""
        return self._services

    @cached_property
    def _services(self) -> list[str]:
        return sorted({path.name for folder in self._potential_locations() for path in Path(folder).iterdir()})
