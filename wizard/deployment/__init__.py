"""The façade that both faces use: open a deployment, plan it, make it so, look at it, take it down.

`request` is what is asked for; `opening` turns a file and a request into a `Deployment`; `replaying` and `removing`
carry it through a run; what runs share (lock, journal, logbook entry) is in `running`, how they end in `verdicts`;
`looking` reads what is there. Nothing here prints or asks.

This module imports nothing, so that `request` costs nothing before the first paint.
"""
