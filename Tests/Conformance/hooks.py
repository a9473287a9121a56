"""Keeps the company of company.py alive while schemathesis sends whatever it likes."""

import json
import os
import pathlib
import zlib

import example_bodies
import schemathesis
from schemathesis.generation.meta import TestPhase

company = json.loads((pathlib.Path(os.environ["DIRECTORY_CONFORMANCE"]) / "company.json").read_text())

# What would end the company or the caller's part in it, and so have everything refused that is sent later.
ENDING = ("deactivate", "erase", "revoke")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Ends spares instead of the company's own, and names the organization where nothing in the path does."""
    if case.operation.definition.raw["operationId"].startswith(ENDING):
        for name, value in (case.path_parameters or {}).items():
            if isinstance(value, str) and value in company["spares"]:
                case.path_parameters[name] = company["spares"][value]
    if case.meta and case.meta.phase.name is TestPhase.STATEFUL:
        make_acceptable(case)
    if not case.path_parameters and not (case.headers or {}).get("X-Organization"):
        case.headers = {**(case.headers or {}), "X-Organization": company["organization"]}


def make_acceptable(case):
    """Along links most requests must succeed, or there is nothing to follow: rules refuse nearly all that chance makes. So three
    in four have the body of the example, with what must be unique made so, and no precondition or filter of chance."""
    # By what the case is, so that it is the same when it is repeated.
    if zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode()) % 4 == 0:
        return
    case.query = {}
    case.headers = {name: value for name, value in (case.headers or {}).items() if name == "Authorization"}
    body = example_bodies.body(case.operation.definition.raw)
    if body is not None:
        case.body = body
