#!/usr/bin/env python3
"""Makes the groups of the organization in which lists are measured, through the API: four wide, nested five deep.

usage: groups.py PORT; the employees who are to be in the innermost groups are read from stdin, an id a line. The last
of them is to join a thousand groups, and joins none yet. BENCH_OWNER is the token of an OWNER of one organization. Prints
what was made as JSON.
"""

import asyncio
import json
import os
import re
import sys

import client
from client import Client, head
from workers import carry_out

WIDTH, DEPTH, MOST = 4, 5, 1000


def main():
    port, token = int(sys.argv[1]), os.environ["BENCH_OWNER"]
    client.PORT = port
    connection = Client(token)
    *employees, joiner = sys.stdin.read().split()

    def made(path, body):
        answer = connection.ask(f"/api/v1/{path}", "POST", body)
        if answer.status not in (200, 201):
            raise SystemExit(f"groups.py: {path}: {answer.body.decode()}")
        return re.search(rb'"id":"([^"]+)"', answer.body)

    levels = [[None]]
    for level in range(DEPTH + 1):
        groups = []
        for parent in levels[-1]:
            for _ in range(WIDTH if parent else 1):
                group = made("group", {"name": f"Level {level}", "type": "TEAM"})[1].decode()
                if parent:
                    made(f"entity/{group}/groups", [{"groupId": parent}])
                groups.append(group)
        levels.append(groups)
    innermost = levels[-1]
    out, sys.stdout = sys.stdout, sys.stderr
    asyncio.run(carry_out("memberships", len(employees), port, (
        head("POST", f"/api/v1/entity/{employee}/groups", token,
             json.dumps([{"groupId": innermost[number % len(innermost)]}]).encode())
        for number, employee in enumerate(employees))))
    made_all = {"top": levels[1][0], "member": employees[0], "joiner": joiner, "groups": innermost[:MOST]}
    print(json.dumps(made_all), file=out)


main()
