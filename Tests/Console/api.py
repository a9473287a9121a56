"""The public API, next to the console: whether it shows what the API says, and what other clients do meanwhile."""

import base64
import hashlib
import hmac
import json
import time
import urllib.parse
import urllib.request


class API:
    def __init__(self, address, token, organization=None):
        self.address, self.token, self.organization = address, token, organization

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        if self.organization:
            request.add_header("X-Organization", self.organization)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as response:
            text = response.read()
            return json.loads(text) if text else None

    def get(self, path, **query):
        query = {name: value for name, value in query.items() if value is not None}
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def of(self, organization):
        """The same client in another organization."""
        return API(self.address, self.token, organization)

    def people(self):
        """Those who are here, by name."""
        return {one["name"]: one for one in self.get("/employee", status="ACTIVE")}

    def tree(self, at=None):
        """The DIRECT lines of a moment, from the list of all people: pairs of ids, the second empty for who has no manager."""
        people = self.get("/employee", status="ACTIVE", asOf=at, effective="true" if at else None)
        active = {one["id"] for one in people}
        lines = set()
        for one in people:
            above = [line["managerId"] for line in one["managers"] if line["type"] == "DIRECT" and line["managerId"] in active]
            lines |= {(one["id"], manager) for manager in above} or {(one["id"], "")}
        return lines

    def account(self, email, role, employee=None):
        """Makes an account with a role in the organization."""
        made = self.call("POST", "/account", {"email": email, "name": email.split("@")[0].title()})
        grant = {"orgId": self.organization, "role": role, **({"employeeId": employee} if employee else {})}
        self.call("POST", f"/account/{made['id']}/grant", grant)
        return made

    def token_of(self, account):
        """A token for an account, signed with a new key of the organization."""
        key = self.call("POST", f"/organization/{self.organization}/keys", {"name": "console"})

        def encoded(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        text = b".".join(encoded(json.dumps(part).encode()) for part in (
            {"alg": "HS256", "typ": "JWT", "kid": key["id"]}, {"sub": account["id"], "exp": int(time.time()) + 3600}))
        mac = hmac.new(base64.b64decode(key["secretBase64"]), text, hashlib.sha256).digest()
        return (text + b"." + encoded(mac)).decode()
