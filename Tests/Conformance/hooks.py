"""Keeps the company of company.py alive while schemathesis sends whatever it likes."""

import json
import os
import pathlib

import schemathesis

company = json.loads((pathlib.Path(os.environ["DIRECTORY_CONFORMANCE"]) / "company.json").read_text())

# What would end the company or the caller's part in it, and so have everything refused that is sent later.
ENDING = ("deactivate", "revoke")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Ends spares instead of the company's own, and names the organization where nothing in the path does."""
    if case.operation.definition.raw["operationId"].startswith(ENDING):
        for name, value in (case.path_parameters or {}).items():
            if isinstance(value, str) and value in company["spares"]:
                case.path_parameters[name] = company["spares"][value]
    if not case.path_parameters and not (case.headers or {}).get("X-Organization"):
        case.headers = {**(case.headers or {}), "X-Organization": company["organization"]}
