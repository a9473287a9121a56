#!/usr/bin/env python3
"""Makes the accounts of the organization in which lists are measured, through the API: many at a time.

usage: accounts.py PORT ORGANIZATION ACCOUNTS; the employees whose type changes are read from stdin, an id a line.
Every account gets a role in the organization: one in a hundred ADMIN, the others EMPLOYEE or AUDITOR.
BENCH_OWNER is the token of an OWNER.
"""

import asyncio
import json
import os
import re
import sys
import time

from client import head

CONNECTIONS = 64


class Worker(asyncio.Protocol):
    """A connection that sends one request after the other, each when the one before is answered."""

    def __init__(self, requests, done):
        self.requests, self.done, self.buffer, self.transport = requests, done, b"", None

    def connection_made(self, transport):
        self.transport = transport
        self.send()

    def send(self):
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self.buffer[:end + 2]) if end >= 0 else None
        if not length or len(self.buffer) < end + 4 + int(length[1]):
            return
        if self.buffer[9:10] != b"2" and not self.done.done():
            self.done.set_exception(SystemExit(f"accounts.py: {self.buffer.decode()}"))
        self.buffer = b""
        self.send()

    def connection_lost(self, error):
        if not self.done.done():
            self.done.set_result(None)


async def carry_out(name, count, port, requests):
    start, loop = time.perf_counter(), asyncio.get_running_loop()
    ends = []
    for _ in range(CONNECTIONS):
        ends.append(loop.create_future())
        await loop.create_connection(lambda: Worker(requests, ends[-1]), "127.0.0.1", port)
    await asyncio.gather(*ends)
    print(f"{name} {count / (time.perf_counter() - start):.0f}", flush=True)


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
