#!/usr/bin/env python3
"""Makes a company that the examples of the description can speak of, and writes the description with its ids.

usage: company.py make ADDRESS TOKEN FOLDER
       company.py check ADDRESS TOKEN FOLDER

`make` writes openapi.json, in which the ids of the company take the place of those of the examples, and company.json, which
hooks.py reads. `check` fails if the company is not as it was: then requests have been refused for no reason of their own.
"""

import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "ClientView"))
from api import API  # noqa: E402


def make(api):
    """A new company: the description with its ids, the company's own id, and which entities may be ended in place of its own."""
    word = f"acme-{uuid.uuid4().hex[:8]}"
    caller = api.call("getOwnAccount")["id"]
    made = api.call("createOrganization", {"name": "Acme", "alias": word})["id"]
    here = {"X_Organization": made}

    def account(name):
        return api.call("createAccount", {"name": name, "email": f"{name}@{word}.example"}, **here)["id"]

    def employee(name, account=None):
        body = {"name": name, "email": f"{name}.employee@{word}.example", "account": account}
        return api.call("createEmployee", body, **here)["id"]

    def company(name):
        """One of everything that is deactivated or erased alone."""
        ids = {"account": account(name)}
        ids["employee"] = employee(name, ids["account"])
        ids["group"] = api.call("createGroup", {"name": name, "type": "TEAM"}, **here)["id"]
        ids["app"] = api.call("addApp", {"type": "SLACK"}, organization=made)["id"]
        return ids

    ids = {"organization": made, **company("ada"), "manager": employee("mona", caller), "newcomer": account("newcomer")}
    api.call("grantRole", {"orgId": made, "role": "EMPLOYEE"}, accountId=ids["newcomer"])
    ids["key"] = api.call("createOrganizationKey", {"name": "key", "limitToRole": "ADMIN"}, organization=made)["id"]
    ids["webhook"] = api.call("createWebhook", {"url": f"https://hooks.{word}.example/"}, organization=made)["id"]
    spare = {"organization": api.call("createOrganization", {"name": "Spare"})["id"], **company("spare")}
    spares = {ids[kind]: spare[kind] for kind in spare}
    spares[ids["manager"]] = spare["employee"]
    spares[ids["newcomer"]] = spares[caller] = spare["account"]

    text = json.dumps(api.description)
    for name, example in api.description["components"]["examples"].items():
        text = text.replace(example["value"], ids[name])
    return json.loads(text.replace("acme", word)), made, spares


def write(api, folder):
    description, made, spares = make(api)
    (folder / "openapi.json").write_text(json.dumps(description))
    (folder / "company.json").write_text(json.dumps({"organization": made, "spares": spares}))


def check(api, folder):
    made = json.loads((folder / "company.json").read_text())["organization"]
    assert api.call("getOrganization", organization=made)["active"], "the company has been deactivated"
    api.call("createGroup", {"name": "Still here", "type": "TEAM"}, X_Organization=made)


if __name__ == "__main__":
    command, address, token, folder = sys.argv[1:]
    {"make": write, "check": check}[command](API(address, token), pathlib.Path(folder))
