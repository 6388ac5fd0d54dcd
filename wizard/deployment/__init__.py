"""The façade that both faces use: open a deployment, plan it, make it so, look at it, take it down.

`opening` turns a file and a request into a `Deployment`; `replaying` and `removing` carry it through a run; what runs
share (lock, journal, logbook entry) is in `running`, how they end in `verdicts`; `looking` reads what is there.
Nothing here prints or asks.
"""

from wizard.deployment.looking import Looking, ServiceState
from wizard.deployment.opening import Deployment, Identity, Request, open_document, open_file, open_named
from wizard.deployment.removing import destroy
from wizard.deployment.replaying import Result, replay
from wizard.deployment.saved_plan import SavedPlan

__all__ = [
    "Deployment",
    "Identity",
    "Looking",
    "Request",
    "Result",
    "SavedPlan",
    "ServiceState",
    "destroy",
    "open_document",
    "open_file",
    "open_named",
    "replay",
]
