"""How a blueprint becomes a graph of desired resources: one choice a file, and the steps that every deployment has.

Pure: an option sees a blueprint and what earlier options decided, never AWS, a kind, a clock or another option.
"""

from wizard.options.expand import expand
from wizard.options.site import Expansion

__all__ = ["Expansion", "expand"]
