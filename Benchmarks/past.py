"""Past moments next to the present: one entity and one chain, asked for in turns, and the lists of then."""

import asyncio
import json
import random
import sys
import time
from contextlib import redirect_stdout
from statistics import median

import client
from client import head
from peers import as_of, token
from report import ms, ratio, say, table
from workers import carry_out

# How often one employee is changed after the moment that is asked for.
MANY = 2000


class Past:
    """A moment before which everything was made and after which every row got a later version."""

    def __init__(self, database):
        say("keeping what is there")
        self.kept = database.keep()
        self.position = int(database.query("select max(position) from log.events")[0])
        self.time = database.query(
            "select to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from log.events "
            f"where position = {self.position}")[0]
        self.busy = database.person(7)
        self._change(database)

    def _change(self, database):
        say("changing everybody")
        employees = database.query(f"select id from {database.employees} where status = 'ACTIVE' "
                                   f"and organization = '{database.organization}'")
        accounts = database.query(f"select id from {database.accounts} where status = 'ACTIVE'")

        def requests(kind, ids, field, name):
            for number, each in enumerate(ids):
                body = json.dumps({field: f"Later {number}"}).encode()
                yield head("PATCH", f"/api/v1/{kind}/{each}", token(name), body)

        for kind, ids, field, name in [("employee", employees, "role", "BENCH_OWNER"),
                                       ("employee", [self.busy] * MANY, "role", "BENCH_OWNER"),
                                       ("account", accounts, "name", "BENCH_ADMIN")]:
            with redirect_stdout(sys.stderr):
                asyncio.run(carry_out(f"{kind}s changed", len(ids), client.PORT, requests(kind, ids, field, name)))
        database.query("vacuum analyze")
        database.query("checkpoint")

    def lists(self):
        """The lists of then: the same requests as of that position, the same rows as they were kept."""
        return [[each.at(self.position) for each in lists] for lists in self.kept.lists()]

    def reads(self, connection, employees, seconds):
        """How long one entity and one chain take, now and then, in turns."""
        shape, person = self.kept.shape, self.kept.person
        nested = self.kept.nested
        account = self.kept.query(f"select id from {self.kept.accounts} where email_key = 'account7@example.com'")[0]

        def some(suffix=""):
            return lambda: f"/api/v1/employee/{random.choice(employees)}{suffix}"

        def one(path):
            return lambda: f"/api/v1/{path}"

        questions = [
            ("one employee", some(), self.position),
            ("one employee, as of a time", some(), self.time),
            (f"one employee, {MANY:,} times changed since", one(f"employee/{self.busy}"), self.position),
            ("one employee's profile", some("/profile"), self.position),
            ("one employee's managers", some("/managers"), self.position),
            ("one account", one(f"account/{account}"), self.position),
            ("one group", one(f"group/{nested['top']}"), self.position),
            ("chain of an employee", some("/chain"), self.position),
            (f"chain of {shape.chain - 1:,}", one(f"employee/{person(shape.chain_bottom)}/chain"), self.position),
        ]
        rows = []
        for name, path, moment in questions:
            say(f"now and then: {name}")
            now, then, status = [], [], set()
            end = time.perf_counter() + seconds
            while len(now) < 2000 and (len(now) < 5 or time.perf_counter() < end):
                asked = path()
                # Whichever comes second finds its pages in the caches.
                pair = [(now, asked), (then, as_of(asked, moment))]
                for times, each in pair if len(now) % 2 else reversed(pair):
                    answer = connection.ask(each)
                    status.add(answer.status)
                    times.append(answer.whole)
            found = "" if status == {200} else f" **{' '.join(map(str, sorted(status)))}**"
            rows.append([name, ms(median(now)), ms(median(then)) + found, ratio(median(then), median(now))])
        return table(["one connection", "now, ms", "as of a past moment, ms", "ratio"], *rows)
