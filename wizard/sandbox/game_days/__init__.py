"""Game days: trouble that comes to a running service as it does in life, and that can be undone.

`scenarios` has one row a scenario, `acts` what each does to the world, `stage` the service that it is done to.
"""

from wizard.sandbox.game_days.director import break_service, heal, listing

__all__ = ["break_service", "heal", "listing"]
