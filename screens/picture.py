"""A screen as a picture: SVG that needs nothing from anywhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from textual.app import App

from wizard.home import home

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
"""Rich names a font at a public address; a picture in a repository asks nobody."""
_NAMES = re.compile(r"(?<=terminal-)\d+(?=-)")
FALLBACK = "font-family: Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace;"


def svg_of(app: App[Any], title: str = "Pilotage") -> str:
    """The screen as it is drawn now. The same screen gives the same text."""
    drawn = _FONT_FACE.sub("", app.export_screenshot(title=title))
    drawn = re.sub(r"font-family: Fira Code, monospace;", FALLBACK, drawn)
    return _NAMES.sub("pilotage", drawn)


def save(app: App[Any]) -> Path:
    """Write it under Pilotage's home; the path."""
    folder = home() / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"screen-{len(list(folder.glob('*.svg'))) + 1}.svg"
    path.write_text(svg_of(app), encoding="utf-8")
    return path
