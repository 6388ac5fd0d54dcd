"""The embedded AWS: a process of its own, `python -m wizard.sandbox`, reached by an endpoint URL only."""
