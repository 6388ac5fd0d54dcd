"""Reads botocore's service models into plain dictionaries, which keep their order too.

botocore asks for an OrderedDict at each brace: that takes three times as long, and meanwhile no other thread may run.
For EC2 it is a tenth of a second in which no key is answered.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader

_ENDINGS = ((".json", open), (".json.gz", gzip.open))


class PlainLoader(JSONFileLoader):  # type: ignore[misc]
    """Takes the place of botocore's own loader of files."""

    def load_file(self, file_path: str) -> Any:
        """What `file_path` holds, with one of the endings of a model; None when there is no such file."""
        for ending, opener in _ENDINGS:
            path = Path(file_path + ending)
            if path.is_file():
                with opener(path, "rb") as file:
                    return json.loads(file.read())
        return None
