#!/usr/bin/env python3
"""A company's day, as a program sees it that knows nothing but `/openapi.json` and what the operations are called.

usage: day.py ADDRESS TOKEN        with a token of a SYSTEM_ADMIN, such as the one that bin/run prints
"""

import sys
import uuid

from api import API, token

admin = API(sys.argv[1], sys.argv[2])
word = uuid.uuid4().hex[:8]  # so that the day can be repeated on the same service


def email(name):
    return f"{name}@{word}.example"


def step(title):
    print(f"  {title}")


def ids(elements, member="id"):
    return [element[member] for element in elements]


step("Found: an organization with its owner, and a key with which its own program signs tokens")
acme = admin.call("createOrganization", {"name": "Acme", "alias": f"acme-{word}", "ownerEmail": email("olga")})
assert acme["active"] and acme.headers["Location"].endswith(acme["id"])
olga = admin.call("getAccount", accountIdOrEmail=email("olga"))
assert olga["grants"] == [{"orgId": acme["id"], "role": "OWNER"}] and acme["owners"] == [olga["id"]]
key = admin.call("createOrganizationKey", {"name": "intranet", "limitToRole": "OWNER"}, organization=acme["id"])
owner = admin.signed_in(token(key.json, olga["id"]))
assert owner.call("getOwnAccount")["email"] == email("olga")
assert ids(owner.call("listOrganizations").json) == [acme["id"]], "the owner sees her own organization alone"

step("Hire: three people with accounts; a request that is repeated hires nobody twice")
people = {}
for name, title in [("mona", "Head of Anvils"), ("ada", "Smith"), ("ben", "Smith")]:
    account = owner.call("createAccount", {"name": name.title(), "email": email(name)})
    body = {"name": f"{name.title()} Keller", "email": email(name), "role": title}
    employee = owner.call("createEmployee", body, Idempotency_Key=f"hire-{name}")
    again = owner.call("createEmployee", body, Idempotency_Key=f"hire-{name}")
    assert again.text == employee.text
    owner.call(
        "grantRole", {"orgId": acme["id"], "role": "EMPLOYEE", "employeeId": employee["id"]}, accountId=account["id"])
    people[name] = employee["id"], account["id"]
(mona, mona_account), (ada, ada_account), (ben, ben_account) = people.values()
assert owner.call("createEmployee", {"name": "Ada"}, expect=400)["errors"][0]["pointer"] == "/email"
owner.call("createEmployee", {"name": "Another", "email": email("ada")}, expect=409)
assert ids(owner.pages("listEmployees", 2)) == [mona, ada, ben], "in the order in which they were hired"

step("Put them under a manager: the lines form no circle")
for report in (ada, ben):
    owner.call("assignManager", {"managerId": mona, "type": "DIRECT"}, employee=report)
owner.call("assignManager", {"managerId": ada, "type": "DIRECT"}, employee=mona, expect=422)
assert ids(owner.call("listReports", managerId=mona).json) == [ada, ben]
assert ids(owner.call("getChain", employee=ben).json) == [mona]

step("Regroup: a team in a department; who is in the team is in the department as well")
department = owner.call("createGroup", {"name": "Anvils", "type": "DEPARTMENT"})["id"]
team = owner.call("createGroup", {"name": "Anvil makers", "type": "TEAM"})["id"]
owner.call("replaceGroupsOfEntity", [{"groupId": department, "type": "MEMBER"}], entity=team)
owner.call("replaceGroupsOfEntity", [{"groupId": department, "type": "LEAD"}], entity=mona)
for member in (ada, ben):
    owner.call("replaceGroupsOfEntity", [{"groupId": team, "type": "MEMBER"}], entity=member)
owner.call("replaceGroupsOfEntity", [{"groupId": team}], entity=department, expect=422)
everybody = owner.call("listMembers", groupId=department, transitive="true", entity="EMPLOYEE")
assert sorted(ids(everybody.json, "entity")) == sorted([mona, ada, ben])
assert set(ids(owner.call("listGroupsOfEntity", entity=ada, transitive="true").json, "groupId")) == {team, department}

step("Connect: an app, who its users are here, and what they prefer")
app = owner.call(
    "addApp", {"type": "SLACK", "externalId": word, "appData": {"plan": "pro"}, "secretData": {"token": word}},
    organization=acme["id"])
assert app["secretData"] == {"token": "••••"}
owner.call("setEmployeeMapping", {"mappedId": "U1"}, employee=ada, app=app["id"], namespace="user")
found = owner.call("listEntitiesByMapping", app=app["id"], namespace="user", mappedId="U1")
assert found.json == [{"entity": ada, "entityType": "EMPLOYEE"}]
assert ids(owner.call("listOrganizationsByAppSecret", {"secret": word}, type="slack", key="token").json) == [acme["id"]]
owner.call("setEmployeePreferences", {"values": {"theme": "dark"}}, employee=ada, namespace="ui")

step("Promote: who changes what somebody else has changed in the meantime is told")
before = owner.call("getEmployee", employee=ada)
promoted = owner.call("updateEmployee", {"role": "Master smith"}, employee=ada, If_Match=before.headers["ETag"])
assert promoted["role"] == "Master smith" and promoted.headers["ETag"] != before.headers["ETag"]
owner.call("updateEmployee", {"role": "Smith"}, employee=ada, If_Match=before.headers["ETag"], expect=412)
owner.call("getEmployee", employee=ada, If_None_Match=promoted.headers["ETag"], expect=304)
owner.call("grantRole", {"orgId": acme["id"], "role": "MANAGER"}, accountId=ada_account)
owner.call("assignManager", {"managerId": ada, "type": "DIRECT"}, employee=ben)

step("Sign in as Ada: she reads the directory and edits her profile and that of her report, and nothing else")
smith = owner.signed_in(token(key.json, ada_account))
assert smith.call("getOwnEmployee")["id"] == ada
smith.call("updateEmployeeProfile", {"bio": "Anvils, mostly."}, employee=ada)
smith.call("updateEmployeeProfile", {"location": "Forge 2"}, employee=ben)
smith.call("updateEmployeeProfile", {"bio": "Me too."}, employee=mona, expect=403)
smith.call("updateEmployee", {"role": "Owner"}, employee=ada, expect=403)
smith.call("listAudit", organization=acme["id"], expect=403)

step("Leave: what Mona led and belonged to ends with her; who reports to her is found")
owner.call("removeManager", employee=ben, manager=mona)
gone = owner.call("deactivateEmployee", employee=mona)
assert not gone["active"] and gone["managers"] == []
assert owner.call("listGroupsOfEntity", entity=mona).json == []
assert ids(owner.call("listEmployees", manager="inactive").json) == [ada]
owner.call("replaceManagers", [], employee=ada)
assert ids(owner.call("listEmployees", manager="none", status="active").json) == [ada]

step("Audit: the trail tells all of it, who did it and with what, and an auditor reads it")
auditor_account = owner.call("createAccount", {"name": "Audrey", "email": email("audrey")})["id"]
owner.call("grantRole", {"orgId": acme["id"], "role": "AUDITOR"}, accountId=auditor_account)
auditor = owner.signed_in(token(key.json, auditor_account))
history = auditor.call("getEmployeeHistory", employee=ada).json
assert [entry["type"] for entry in history][0] == "employee.created"
assert [entry["position"] for entry in history] == sorted(entry["position"] for entry in history)
change = next(entry for entry in history if entry["type"] == "employee.role_changed")
assert change["changes"] == [{"field": "/role", "from": "Smith", "to": "Master smith"}]
assert change["actor"]["id"] == olga["id"] and change["actor"]["key"] == key["id"]
own = [entry for entry in history if entry["actor"]["id"] == ada_account]
assert [change["field"] for entry in own for change in entry["changes"]] == ["/profile/bio"]
since = int(before.headers["Directory-Position"])
compared = {entity["entity"]: entity for entity in auditor.call("listDifferences", **{"from": since}).json}
assert {"field": "/role", "from": "Smith", "to": "Master smith"} in compared[ada]["changes"]
assert change["position"] in compared[ada]["positions"]
assert {"field": "/status", "from": "ACTIVE", "to": "INACTIVE"} in compared[mona]["changes"]
auditor.call("updateEmployee", {"role": "Auditor"}, employee=ada, expect=403)
trail = auditor.call("listAudit", organization=acme["id"], limit=1000).text
assert "employee.deactivated" in trail and app["id"] in trail
assert key["secretBase64"] not in trail

step("Close: without the key, nobody's token is accepted any longer")
admin.call("deleteOrganizationKey", organization=acme["id"], key=key["id"])
for caller in (owner, smith, auditor):
    refused = caller.call("getOwnAccount", expect=401)
    assert refused.headers["WWW-Authenticate"] == "Bearer"
admin.call("deactivateOrganization", organization=acme["id"])
admin.call("updateEmployee", {"role": "Smith"}, employee=ada, expect=422)
