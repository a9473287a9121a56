#!/usr/bin/env python3
"""Measures the live feed of a running service and prints tables in Markdown. Started by Benchmarks/feed.sh."""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import selectors
import socket
import time
from statistics import median

import client
from client import Client, head
from memory import Memory
from peers import token
from report import ms, say, table


class Streams:
    """Streams that are read as events come."""

    def __init__(self, queries, tokens):
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        for query, each in zip(queries, tokens):
            connection = socket.create_connection(("127.0.0.1", client.PORT))
            connection.sendall(head("GET", f"/api/v1/audit/stream{query}", each))
            self.sockets.append(connection)
            if len(self.sockets) % 100 == 0:
                self.wait_for(b"retry:", self.sockets[-100:])
        self.wait_for(b"retry:", self.sockets[len(self.sockets) // 100 * 100:])
        for connection in self.sockets:
            connection.setblocking(False)
            self.selector.register(connection, selectors.EVENT_READ)

    @staticmethod
    def wait_for(word, sockets):
        for connection in sockets:
            data = b""
            while word not in data:
                more = connection.recv(1 << 16)
                if not more:
                    raise SystemExit(f"a stream ended: {data.decode()}")
                data += more

    def receive(self, position, bound=30.0):
        """How long after now each stream has the event of a position, as far as it has within the bound."""
        word, rest = f"id: {position}\n".encode(), dict.fromkeys(self.sockets, b"")
        start, times = time.perf_counter(), []
        while rest and time.perf_counter() < start + bound:
            for key, _ in self.selector.select(1):
                connection = key.fileobj
                data = connection.recv(1 << 18)
                if connection not in rest:
                    continue
                rest[connection] = rest[connection][-64:] + data
                if word in rest[connection]:
                    del rest[connection]
                    times.append(time.perf_counter() - start)
        return times

    def close(self):
        self.selector.close()
        for connection in self.sockets:
            connection.close()


def ticks(process):
    """The CPU time of a process, user and system, in seconds."""
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family(parent):
    """The CPU time of a process and of its children that still run."""
    total = ticks(parent)
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/stat", encoding="ascii") as file:
                if file.read().rsplit(") ", 1)[1].split()[1] == str(parent):
                    total += ticks(process)
        except OSError:
            pass
    return total


class Benchmark:
    def __init__(self, options):
        self.options, self.memory, self.admin = options, Memory(options.server), Client(token("BENCH_ADMIN"))
        self.organizations = [self.made("organization", {"name": f"Organization {n}"}) for n in range(2)]

    def made(self, path, body):
        answer = self.admin.ask(f"/api/v1/{path}", "POST", body)
        if answer.status not in (200, 201):
            raise SystemExit(f"{path}: {answer.body.decode()}")
        return json.loads(answer.body)["id"]

    def change(self, organization, number):
        """Renames an organization, and returns the position of the event and how long its answer took."""
        answer = self.admin.ask(f"/api/v1/organization/{organization}", "PATCH", {"name": f"Name {number}"})
        return int(re.search(rb"(?im)^directory-position: *(\d+)", answer.header)[1]), answer.whole

    def cpu(self):
        return ticks(self.options.server), family(self.options.postgres)

    def idle(self):
        count = self.options.streams
        say(f"{count:,} idle streams")
        first = Streams([""], [self.admin.token])
        before = self.memory.reset()
        streams = Streams([f"?organization={self.organizations[1]}"] * count, [self.admin.token] * count)
        added = (self.memory.reset() - before) / 1024
        (own, database), start = self.cpu(), time.perf_counter()
        time.sleep(16)
        seconds = time.perf_counter() - start
        share, others = ((now - then) / seconds for now, then in zip(self.cpu(), (own, database)))
        streams.close()
        first.close()
        return table(["idle streams", "memory added, MiB", "KiB each", "CPU of the service", "of Postgres"],
                     [f"{count:,}", f"{added:.0f}", f"{added * 1024 / count:.1f}", f"{share:.1%}", f"{others:.1%}"])

    def arrival(self):
        say("how soon a change arrives")
        streams, times = Streams([""], [self.admin.token]), []
        for number in range(20):
            start = time.perf_counter()
            position, _ = self.change(self.organizations[0], number)
            streams.receive(position)
            times.append(time.perf_counter() - start)
            time.sleep(0.05)
        streams.close()
        return table(["a change arrives after, ms", "median of 20", "slowest"],
                     ["sent until seen", ms(median(times)), ms(max(times))])

    def many(self, name, streams):
        say(name)
        rows = []
        for number in range(5):
            before = self.cpu()
            position, _ = self.change(self.organizations[0], 100 + number)
            times = streams.receive(position)
            used = [now - then for now, then in zip(self.cpu(), before)]
            rows.append((len(times), median(times), max(times), *used))
            time.sleep(0.5)
        streams.close()
        seen, middle, last, own, database = (median(each) for each in zip(*rows))
        return [name, f"{seen:.0f}", ms(middle), ms(last), ms(own), ms(database)]

    def listeners(self):
        count = min(1000, self.options.streams)
        organization = self.organizations[0]
        query = f"?organization={organization}"
        for number in range(count):
            self.made("account", {"email": f"listener{number}@example.com"})
        for number in range(count):
            self.made(f"account/listener{number}@example.com/grant", {"orgId": organization, "role": "AUDITOR"})
        secret = self.admin.ask(f"/api/v1/organization/{organization}/keys", "POST", {"name": "listeners"})
        key = json.loads(secret.body)
        tokens = [signed(key, f"listener{number}@example.com") for number in range(count)]
        return table(
            ["one event", "streams that have it", "half of them after, ms", "all, ms", "CPU of the service, ms",
             "of Postgres, ms"],
            self.many(f"{count:,} streams of one reader", Streams([query] * count, [self.admin.token] * count)),
            self.many(f"{count:,} streams of as many readers", Streams([query] * count, tokens)),
            self.many(f"{count:,} streams of another organization, and one of this",
                      Streams([f"?organization={self.organizations[1]}"] * count + [query],
                              [self.admin.token] * (count + 1))))

    def run(self):
        for section in [self.idle, self.arrival, self.listeners]:
            print(section(), flush=True)


def signed(key, subject):
    """A token for an account, signed with an organization's key."""
    def encoded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    text = b".".join(encoded(json.dumps(part).encode()) for part in (
        {"alg": "HS256", "typ": "JWT", "kid": key["id"]}, {"sub": subject, "exp": 4102444800}))
    mac = hmac.new(base64.b64decode(key["secretBase64"]), text, hashlib.sha256).digest()
    return (text + b"." + encoded(mac)).decode()


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "server", "postgres", "streams"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    client.PORT = options.port
    Benchmark(options).run()


main()
