"""A client of the directory that knows nothing but `/openapi.json`: it finds paths, methods and parameters by operationId."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request


class API:
    """The operations of a service, as one caller has them."""

    def __init__(self, address, token, description=None):
        self.address = address.rstrip("/")
        self.token = token
        self.description = description or json.loads(self._send("GET", "/openapi.json").text)
        self.operations = {
            operation["operationId"]: (path, method.upper(), operation)
            for path, methods in self.description["paths"].items()
            for method, operation in methods.items()
        }

    def signed_in(self, token):
        """The same service, to another caller."""
        return API(self.address, token, self.description)

    def call(self, name, body=None, expect=None, **parameters):
        """Sends a request and returns its answer.

        `parameters` go where the description says: into the path, the query or the headers (with `_` for `-`). The
        status must be `expect` or, without that, a success; whichever it is, it must be described.
        """
        path, method, operation = self.operations[name]
        query, headers = {}, {}
        for parameter in map(self.resolve, operation.get("parameters", [])):
            key = parameter["name"]
            given = parameters.pop(key.replace("-", "_"), None)
            if parameter["in"] == "path":
                path = path.replace("{" + key + "}", urllib.parse.quote(given, safe=""))
            elif given is not None:
                (query if parameter["in"] == "query" else headers)[key] = str(given)
        assert not parameters, f"{name} has no {', '.join(parameters)}"
        if query:
            path += "?" + urllib.parse.urlencode(query)
        if "requestBody" in operation:
            headers["Content-Type"] = next(iter(operation["requestBody"]["content"]))
        answer = self._send(method, path, headers, body if body is None else json.dumps(body))
        described = operation["responses"]
        expected = [str(expect)] if expect else [code for code in described if code < "300"]
        assert str(answer.status) in described, f"{name}: {answer.status} is not described"
        assert str(answer.status) in expected, f"{name}: {answer.status} instead of {expected}: {answer.text}"
        return answer

    def pages(self, name, limit, **parameters):
        """The elements of a list, read page by page along the `Link` of each."""
        answer = self.call(name, limit=limit, **parameters)
        elements = answer.json
        while link := answer.headers.get("Link"):
            answer = self._send("GET", link[1 : link.index(">")])
            assert answer.status == 200 and len(answer.json) <= limit, answer.text
            elements += answer.json
        return elements

    def resolve(self, part):
        """A part of the description, or what it refers to."""
        if "$ref" not in part:
            return part
        found = self.description
        for name in part["$ref"].split("/")[1:]:
            found = found[name]
        return found

    def _send(self, method, path, headers=None, body=None):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        data = body.encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())


class Answer:
    """The answer to a request."""

    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    @property
    def json(self):
        return json.loads(self.text)

    def __getitem__(self, member):
        return self.json[member]


def token(key, account, seconds=3600):
    """A token for one of an organization's users, signed with a key of the organization: HS256, and the key's id as `kid`."""

    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    header = {"alg": "HS256", "typ": "JWT", "kid": key["id"]}
    claims = {"sub": account, "exp": int(time.time()) + seconds}
    signed = b".".join(part(json.dumps(content).encode()) for content in (header, claims))
    signature = hmac.new(base64.b64decode(key["secretBase64"]), signed, hashlib.sha256).digest()
    return (signed + b"." + part(signature)).decode()
