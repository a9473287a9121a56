#!/usr/bin/env python3
"""Follows every link of the description, each in a company of its own: what it leads to must be there.

usage: links.py ADDRESS TOKEN
"""

import sys

import company
import example_bodies
from api import API

# What a rule refuses: a new account has no employee and no group yet, and what is INACTIVE takes no change.
REFUSED = {
    ("createAccount", "getEmployeeByAccount"): 404,
    ("createAccount", "listGroupsOfEntity"): 404,
    ("createAccount", "replaceGroupsOfEntity"): 404,
    ("deactivateOrganization", "updateOrganization"): 422,
}


class Walk:
    """From an operation's answer along its links, with the examples of the description."""

    def __init__(self, api):
        description, self.organization, _ = company.make(api)
        self.api = API(api.address, api.token, description)

    def follow(self, source, link):
        sent, body, answer = self.send(source, {})

        def value(expression):
            if expression.startswith("$request.path."):
                return sent[expression.removeprefix("$request.path.")]
            place, _, pointer = expression.partition("#/")
            found = answer.json if place == "$response.body" else body
            for part in pointer.split("/"):
                found = found[int(part)] if isinstance(found, list) else found[part]
            return found

        target = link["operationId"]
        given = {name: value(text) for name, text in link["parameters"].items()}
        self.send(target, given, REFUSED.get((source, target)))

    def send(self, name, given, expect=None):
        """Sends the operation's example with these parameters; what was sent, and what came back."""
        path, _, operation = self.api.operations[name]
        parameters, body = self.parameters(operation, given), example_bodies.body(operation)
        # What is taken away must be there.
        given_by = name.replace("revoke", "grant").replace("remove", "set")
        if given_by != name and self.api.operations.get(given_by, [None])[0] == path:
            self.send(given_by, {key: parameters[key] for key in parameters if "{" + key + "}" in path})
        return parameters, body, self.api.call(name, body, expect, **parameters)

    def parameters(self, operation, given):
        """A value for each parameter that must be there, and the organization where nothing in the path names one."""
        named = [self.api.resolve(each) for each in operation.get("parameters", [])]
        parameters = {each["name"]: self.example(each) for each in named if each.get("required")} | given
        if "organization" not in parameters and any(each["name"] == "X-Organization" for each in named):
            parameters["X_Organization"] = self.organization
        return parameters

    def example(self, parameter):
        if "example" in parameter:
            return parameter["example"]
        return self.api.resolve(next(iter(parameter["examples"].values())))["value"]


def main(address, token):
    api = API(address, token)
    links = [
        (name, link)
        for name, (_, _, operation) in api.operations.items()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    broken = []
    for source, link in links:
        try:
            Walk(api).follow(source, link)
        except AssertionError as error:
            broken.append(f"{source} → {link['operationId']}: {error}")
    print(f"{len(links)} links followed, {len(broken)} broken")
    if broken or not links:
        sys.exit("\n".join(broken))


main(*sys.argv[1:])
