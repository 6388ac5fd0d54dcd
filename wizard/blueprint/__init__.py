"""The blueprint room: the YAML file that a deployment's owner keeps, as text, as types, as problems with positions."""
