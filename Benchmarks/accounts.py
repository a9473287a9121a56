#!/usr/bin/env python3
"""Makes the accounts of the organization in which lists are measured, through the API: many at a time.

usage: accounts.py PORT ORGANIZATION ACCOUNTS; the employees whose type changes are read from stdin, an id a line.
Every account gets a role in the organization: one in a hundred ADMIN, the others EMPLOYEE or AUDITOR.
BENCH_OWNER is the token of an OWNER.
"""

import asyncio
import json
import os
import sys

from client import head
from workers import carry_out


def role(number):
    return "ADMIN" if number % 100 == 0 else "EMPLOYEE" if number % 2 else "AUDITOR"


def main():
    port, organization, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    token = os.environ["BENCH_OWNER"]
    employees = sys.stdin.read().split()

    def request(method, path, body):
        return head(method, f"/api/v1/{path}", token, json.dumps(body).encode())

    addresses = [f"account{number}@example.com" for number in range(count)]
    asyncio.run(carry_out("accounts", count, port, (
        request("POST", "account", {"name": f"Account {number}", "email": address})
        for number, address in enumerate(addresses))))
    asyncio.run(carry_out("grants", count, port, (
        request("POST", f"account/{address}/grant", {"orgId": organization, "role": role(number)})
        for number, address in enumerate(addresses))))
    asyncio.run(carry_out("types", len(employees), port, (
        request("PATCH", f"employee/{employee}", {"type": "CONTRACTOR"}) for employee in employees)))


main()
