#!/usr/bin/env python3
"""Measures the lists of a running service next to psql and prints tables in Markdown. Started by Benchmarks/lists.sh.

Every figure that matters is a ratio to a peer of the same run: rates of lists to psql's COPY of the same rows, pages to
the first page, small answers to a point read, point reads among lists to point reads alone.
"""

import argparse
import json
import random
import re
import time
from statistics import median

import client
from client import Client
from contention import contention
from foreign import foreign
from memory import Memory
from past import Past
from peers import Database, List, token
from report import ms, ratio, say, table
from shape import RARE, Shape, email


def path_of(entry: List, limit=None):
    path = f"/api/v1/{entry.path}"
    return path + (("&" if "?" in path else "?") + f"limit={limit}" if limit else "")


class Benchmark:
    def __init__(self, options):
        self.options = options
        with open(f"{options.folder}/groups", encoding="ascii") as file:
            nested = json.load(file)
        self.database = Database(options.psql, options.organization, Shape(options.people, options.events), nested)
        self.memory = Memory(options.server)
        with open(f"{options.folder}/ids", encoding="ascii") as file:
            self.employees = file.read().split()
        random.seed(1)

    def client(self, name="BENCH_OWNER"):
        return Client(token(name), self.options.max_time)

    def times(self, connection, path, most):
        """How long a GET takes, repeated for up to five seconds, and its last answer. `path` may be a function."""
        times, end = [], time.perf_counter() + 5
        while len(times) < most and (not times or time.perf_counter() < end):
            answer = connection.ask(path() if callable(path) else path)
            times.append(answer.whole)
        return times, answer

    def random_read(self):
        return f"/api/v1/employee/{random.choice(self.employees)}"

    # Whole lists.

    def whole(self, entry: List):
        say(f"whole list: {entry.name}")
        database, options = self.database, self.options
        expected = database.query(f"select {entry.id} {entry.rows}")
        copied = database.copy_time(f"select e.json {entry.rows}")
        # In turns with the list, so that both begin with caches as cold, and on a processor as slow, after a pause as long.
        timer, keys = database.timer(entry.keys) if entry.keys else None, []
        connection = self.client(entry.token)
        before, answers = self.memory.reset(), []
        while not answers or (len(answers) < 9 and sum(each.whole for each in answers) < 5 and answers[-1].complete):
            answers.append(connection.ask(path_of(entry)))
            if timer:
                keys.append(next(timer))
        if timer:
            timer.close()
        keys = median(keys) if keys else 0
        added = (self.memory.read() - before) / 1024
        connection.close()
        database.settle()
        answer = answers[-1]
        first, whole = (median(getattr(each, field) for each in answers) for field in ("first", "whole"))
        ids = answer.ids
        rows = f"{len(ids):,}"
        if answer.status not in (0, 200):
            rows = f"**{answer.status}**"
        elif not answer.complete:
            rows += f" of {len(expected):,}, then {'given up' if answer.late else '**broken off**'}"
        elif len(ids) != len(expected):
            rows += f" **of {len(expected):,}**"
        elif ids != expected:
            rows += " **in another order**"
        rate, peer = len(ids) / whole, len(expected) / copied
        return [entry.name, rows, ms(first), f">{options.max_time} s" if answer.late else ms(whole), f"{rate:,.0f}",
                f"{peer:,.0f}", ratio(rate, peer) if expected else "–", ms(keys) if keys else "",
                ratio(first, keys) if keys else "", f"{max(added, 0):.0f}"]

    def whole_lists(self, lists, when=""):
        self.client().ask(path_of(lists[0], 1000))
        return table([f"whole list{when}", "rows", "first byte, ms", "whole, ms", "rows/s", "COPY, rows/s", "ratio",
                      "keys in psql, ms", "first byte to keys", "memory added, MiB"], *map(self.whole, lists))

    # Pages.

    def pages(self, entry: List):
        """The first, middle and last page of a list, as far as a walk along its links gets in its time."""
        say(f"pages: {entry.name}")
        connection = self.client(entry.token)
        paths, slowest, end = [path_of(entry, 1000)], 0.0, time.perf_counter() + self.options.max_time / 5
        while time.perf_counter() < end:
            answer = connection.ask(paths[-1])
            if answer.status != 200 or not answer.complete or not answer.next:
                break
            slowest = max(slowest, answer.whole if len(paths) > 1 else 0)
            paths.append(answer.next)
        total = -(-int(self.database.query(f"select count(*) from (select {entry.rows}) r")[0]) // 1000)
        reached = f"{len(paths)} of {total}" if len(paths) < total else f"{total}"
        row, first = [entry.name, reached], None
        for index in [0, len(paths) // 2, len(paths) - 1]:
            if first and index == 0:
                row += ["–", "–"]
                continue
            times, answer = self.times(connection, paths[index], 7)
            note = "" if answer.status == 200 and answer.complete else f" **{answer.status or 'nothing'}**"
            row += [ms(median(times)) + note] + ([ratio(median(times), first)] if first else [])
            first = first or median(times)
        return row + [ratio(slowest, first) if slowest else "–"]

    def paged_lists(self, lists, when=""):
        return table([f"pages of 1,000{when}", "pages", "first, ms", "in the middle, ms", "to first", "last, ms",
                      "to first", "slowest to first"], *map(self.pages, lists))

    # Small answers.

    def small(self):
        """Each in turns with a point read, so that both are measured while the machine is as fast."""
        say("small answers")
        connection = self.client()
        account = re.search(rb'"id":"([^"]+)"', connection.ask("/api/v1/account/account7@example.com").body)[1].decode()
        # Of one employee: a reading of the trail is recorded once a minute for each filter.
        read = random.choice(self.employees)
        requests = [
            ("by-name of a rare word", f"/api/v1/employee/by-name/{RARE.lower()}"),
            ("by-name without a match", "/api/v1/employee/by-name/zzyzx"),
            ("employee?email=", lambda: f"/api/v1/employee?email={email(random.randrange(self.options.people))}"),
            ("audit?entity= of an employee", f"/api/v1/audit?entity={read}"),
            ("the same, order=desc", f"/api/v1/audit?order=desc&entity={read}"),
            ("history of an employee", lambda: f"{self.random_read()}/history"),
            ("history of an account", f"/api/v1/account/{account}/history"),
            ("audit, the latest 100 of everything", "/api/v1/audit?order=desc"),
        ]
        rows = []
        for name, path in requests:
            points, times = [], []
            for _ in range(200):
                points += self.times(connection, self.random_read, 1)[0]
                taken, answer = self.times(connection, path, 1)
                times += taken
            point, taken = median(points), median(times)
            rows.append([name, ms(taken) + ("" if answer.status == 200 else f" **{answer.status}**"), ms(point),
                         f"{taken / point:.1f}"])
        return table(["small answer, one connection", "ms", "a point read, ms", "ratio"], *rows)

    def sets(self):
        """Operation 51 with a thousand groups; leaves them set. Each time next to a change of one title."""
        say("sets of groups")
        nested, connection = self.database.nested, self.client()
        path = f"/api/v1/entity/{nested['joiner']}/groups"

        def wanted(type_):
            return [{"groupId": group, "type": type_} for group in nested["groups"]]

        def title(number):
            return connection.ask(f"/api/v1/employee/{nested['joiner']}", "PATCH", {"role": f"Engineer {number}"}).whole

        point, times = median(title(number) for number in range(50)), {}
        steps = [("all new", wanted("MEMBER")), ("the same again", wanted("MEMBER")),
                 ("each of another type", wanted("LEAD")), ("one less", wanted("LEAD")[1:]), ("none: all removed", [])]
        status = {name: 200 for name, _ in steps}
        for _ in range(5):
            for name, body in steps:
                answer = connection.ask(path, "POST", body)
                times.setdefault(name, []).append(answer.whole)
                status[name] = max(status[name], answer.status)
        connection.ask(path, "POST", wanted("MEMBER"))
        rows = [[name, ms(median(times[name])) + ("" if status[name] == 200 else f" **{status[name]}**"),
                 f"{median(times[name]) / point:.1f}"] for name, _ in steps]
        count = len(nested["groups"])
        return table([f"set of {count:,} groups of an employee", "ms", "to a change of one title"], *rows)

    def imported(self):
        with open(f"{self.options.folder}/phases", encoding="ascii") as file:
            phases = [(name.replace("-", " "), int(last)) for name, last in map(str.split, file)]
        rates = self.database.phase_rates(phases)
        roles = rates[-1][2]
        rows = [[name, f"{lines:,}", f"{rate:,.0f}" if rate else "–",
                 ratio(rate, roles) if rate else "–"] for name, lines, rate in rates]
        with open(f"{self.options.folder}/accounts", encoding="ascii") as file:
            made = ", ".join(f"{rate} {name}/s" for name, rate in map(str.split, file))
        return table(["import", "lines", "lines/s", "to roles"], *rows) + f"\nOver HTTP, 64 connections: {made}.\n"

    def run(self):
        """Prints each table as soon as it is measured: a run that is ended early has shown something."""
        sets = self.sets()
        long, short = self.database.lists()
        events = int(self.database.query("select count(*) from log.events")[0])
        print(f"\n{self.options.people:,} people, {events:,} events.\n")
        sections = [
            self.imported, lambda: sets, self.small, lambda: foreign(self.database, self.client("BENCH_STRANGER")),
            lambda: self.paged_lists(long), lambda: self.whole_lists(long + short),
            lambda: contention(self.options.seconds, self.database, self.memory),
        ]
        for section in sections:
            print(section(), flush=True)
        # Last: it changes everything, so that a past moment is not the present.
        past = Past(self.database)
        long, short = past.lists()
        when = " as of a past position"
        for section in [lambda: past.reads(self.client(), self.employees, self.options.seconds),
                        lambda: self.paged_lists(long, when), lambda: self.whole_lists(long + short, when)]:
            print(section(), flush=True)
        start, peak = self.memory.start // 1024, self.memory.peak // 1024
        print(f"Resident memory of the service: {start} MiB before all this, {peak} MiB at most.")


def main():
    parser = argparse.ArgumentParser()
    for name in ["psql", "folder", "organization"]:
        parser.add_argument(f"--{name}", required=True)
    for name in ["port", "server", "people", "events", "seconds", "max-time"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    client.PORT = options.port
    Benchmark(options).run()


main()
