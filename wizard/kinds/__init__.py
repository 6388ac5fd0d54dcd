"""One AWS resource kind a file. Every `Kind` with a name in this package is found by `registry`; nothing lists them."""
