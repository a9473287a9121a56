"""What psql does with the rows that the service lists: which they are, how fast they are copied, how fast found."""

import os
import re
import subprocess
import time
from copy import copy
from dataclasses import dataclass, replace
from statistics import median

from shape import RARE, Shape, email

WORD = "anna"
# What the lists are of.
MODELS = ["employees", "employee_names", "reporting_lines", "accounts", "grants", "groups", "group_memberships"]


def as_of(path, moment):
    """A GET of what was shown at a moment, a position or a time."""
    return f"{path}{'&' if '?' in path else '?'}asOf={moment}"


@dataclass(frozen=True)
class List:
    """A list: how it is asked for, and its rows as SQL after `select e.… `, in their order."""

    name: str
    path: str
    rows: str
    token: str = "BENCH_OWNER"
    # What finds the order keys alone, for walks and searches.
    keys: str = ""
    # What tells rows apart, as `Answer.ids` has it.
    id: str = "e.id"

    def at(self, position):
        """The same list as of a position."""
        return replace(self, path=as_of(self.path, position))


class Database:
    """The cluster's database, through psql."""

    def __init__(self, psql, organization, shape: Shape, nested):
        """`nested` says which groups groups.py has made."""
        self.psql, self.organization, self.shape, self.nested = psql, organization, shape, nested
        # Where the keys of lists are kept, which psql copies them by.
        self.keys = "bench"
        schemas = self.query("select nspname from pg_namespace where nspname ~ '_v[0-9]+$'")
        for model in MODELS:
            found = [schema for schema in schemas if re.fullmatch(rf"{model}_v\d+", schema)]
            if len(found) != 1:
                raise SystemExit(f"There is not exactly one schema of {model}: {found}")
            setattr(self, model, found[0] + ".current")

    def keep(self):
        """The database as it is now, in copies of its tables: what has been there once the tables go on."""
        kept = copy(self)
        kept.keys = "bench_then"
        self.query("create schema bench_kept")
        for model in MODELS:
            table = f"bench_kept.{model}"
            self.query(f"create table {table} (like {getattr(self, model)} including all); "
                       f"insert into {table} select * from {getattr(self, model)}; analyze {table}")
            setattr(kept, model, table)
        return kept

    def query(self, sql):
        """The rows of a query, each as text."""
        run = subprocess.run([self.psql, "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", "serve"], input=sql, text=True,
                             capture_output=True, check=False)
        if run.returncode != 0:
            raise SystemExit(f"psql: {run.stderr}")
        return run.stdout.splitlines()

    def copy_time(self, sql, times=3):
        """How long it takes psql to copy a query's rows out, in seconds; the median of several times."""
        timer = self.timer(sql)
        return median(next(timer) for _ in range(times))

    def timer(self, sql):
        """A session of psql in which a query's rows are copied out, and how long that takes is told, in seconds, each time it
        is asked."""
        psql = subprocess.Popen([self.psql, "-qAtX", "-d", "serve"], text=True, bufsize=1,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        psql.stdin.write("\\timing on\n")
        try:
            while True:
                psql.stdin.write("\\copy (" + sql + ") to '/dev/null'\n")
                line = psql.stdout.readline()
                if not line.startswith("Time:"):
                    raise SystemExit(f"psql: {line}")
                yield float(line.split()[1]) / 1000
        finally:
            psql.stdin.close()
            psql.wait()

    def settle(self):
        """Waits, for a minute at most, until the database works for nobody any longer."""
        end = time.monotonic() + 60
        others = "select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() limit 1"
        while time.monotonic() < end and self.query(f"select exists ({others})") == ["t"]:
            time.sleep(0.2)

    def person(self, number):
        """The id of a person of the history."""
        return self.query(f"select id from {self.employees} where organization = '{self.organization}' "
                          f"and email_key = '{email(number)}'")[0]

    def phase_rates(self, phases):
        """Lines a second of each part of the import, by the times at which the log recorded them, from its first commit
        to its last one; 0 of parts of few commits."""
        commit, rates, before = 500, [], 0
        for name, last in phases:
            lines = last - before
            seconds = float(self.query("select extract(epoch from max(recorded_at) - min(recorded_at)) from log.events "
                                       f"where (data ->> 'line')::int between {before + 1} and {last}")[0])
            rates.append((name, lines, (lines - commit) / seconds if lines >= 3 * commit else 0))
            before = last
        return rates

    def below(self, top):
        return (f"with recursive t(id) as (select '{top}'::uuid union select l.employee from t join "
                f"{self.reporting_lines} l on l.manager = t.id where l.type = 'DIRECT') "
                f"select e.created from t join {self.employees} e using (id) where e.id <> '{top}' order by 1")

    def above(self, bottom):
        return (f"with recursive t(id, depth) as (select '{bottom}'::uuid, 0 union select l.manager, depth + 1 from t "
                f"join {self.reporting_lines} l on l.employee = t.id where l.type = 'DIRECT') "
                f"select e.created from t join {self.employees} e using (id) where t.depth > 0 order by t.depth")

    def named(self, word):
        return (f"select distinct e.created from {self.employee_names} n join {self.employees} e on e.id = n.employee "
                f"where n.organization = '{self.organization}' and n.word >= '{word}' "
                f"and n.word < '{word}' || chr(1114111) order by 1")

    def members_below(self, top):
        return (f"with recursive t(id) as (select '{top}'::uuid union select m.member from t join "
                f"{self.group_memberships} m on m.group_id = t.id and m.kind = 'GROUP' "
                f"join {self.groups} g on g.id = m.member and g.status = 'ACTIVE') "
                f"select m.created from t join {self.group_memberships} m on m.group_id = t.id order by 1")

    def groups_above(self, member):
        return (f"with recursive t(id) as (select '{member}'::uuid union select m.group_id from t join "
                f"{self.group_memberships} m on m.member = t.id "
                f"join {self.groups} g on g.id = m.group_id and g.status = 'ACTIVE') "
                f"select m.created from t join {self.group_memberships} m on m.member = t.id "
                f"join {self.groups} g on g.id = m.group_id and g.status = 'ACTIVE' order by 1")

    def memberships(self):
        """Lists of memberships; those of the employee in a thousand groups once it has joined them."""
        nested, table = self.nested, f"from {self.group_memberships} e"

        def found(name, path, rows, keys):
            self.query(f"create schema if not exists {self.keys}; "
                       f"create table {self.keys}.{rows} as select created from ({keys}) k; "
                       f"analyze {self.keys}.{rows}")
            joined = f"{table} join {self.keys}.{rows} k on k.created = e.created order by e.created"
            return List(name, path, joined, keys=keys, id="e.member || ' ' || e.group_id")

        return [
            found("members, transitive, of groups 5 deep", f"group/{nested['top']}/members?transitive=true", "members",
                  self.members_below(nested["top"])),
            found("groups, transitive, of who is in 1,000", f"entity/{nested['joiner']}/groups?transitive=true", "many",
                  self.groups_above(nested["joiner"])),
            found("groups, transitive, of an employee", f"entity/{nested['member']}/groups?transitive=true", "few",
                  self.groups_above(nested["member"])),
        ]

    def lists(self):
        """The lists that are measured, long ones and short ones. Those of keys are copied by keys found beforehand."""
        shape, lines, organization = self.shape, self.reporting_lines, f"e.organization = '{self.organization}'"
        root, wide, bottom = map(self.person, [0, shape.wide, shape.chain_bottom])
        direct = f"{lines} l where l.employee = e.id and l.type = 'DIRECT'"
        inactive = (f"{lines} l join {self.employees} m on m.id = l.manager "
                    "where l.employee = e.id and m.status = 'INACTIVE'")
        granted = (f"from {self.accounts} e where exists (select from {self.grants} g "
                   f"where g.account = e.id and g.organization = '{self.organization}'")
        employees, by_creation = f"from {self.employees} e", "order by e.created"
        for table, keys in [("below", self.below(root)), ("above", self.above(bottom)), ("named", self.named(WORD))]:
            self.query(f"create schema if not exists {self.keys}; create table {self.keys}.{table} as "
                       f"select created, row_number() over () as rank from ({keys}) k; analyze {self.keys}.{table}")

        def keyed(table, order):
            return (f"{employees} join {self.keys}.{table} k on k.created = e.created where {organization} "
                    f"order by {order}")

        def filtered(condition):
            return f"{employees} where {organization} and {condition} {by_creation}"

        members, *groups = self.memberships()
        long = [
            List("all employees", "employee", f"{employees} where {organization} {by_creation}"),
            List("`depth=all` of the root", f"employee/by-manager/{root}?depth=all", keyed("below", "e.created"),
                 keys=self.below(root)),
            List(f"by-name/{WORD}", f"employee/by-name/{WORD}", keyed("named", "e.created"), keys=self.named(WORD)),
            List("accounts as SYSTEM_ADMIN", "account", f"from {self.accounts} e {by_creation}", token="BENCH_ADMIN"),
            List("accounts as OWNER", "account", f"{granted}) {by_creation}"),
            List("for-org", "account/for-org", f"{granted}) {by_creation}"),
            List("org-admins", "account/org-admins", f"{granted} and g.role in ('OWNER', 'ADMIN')) {by_creation}"),
            List(f"{shape.reports:,} direct reports", f"employee/by-manager/{wide}",
                 f"{employees} join {lines} l on l.employee = e.id where l.manager = '{wide}' {by_creation}"),
            List(f"chain of {shape.chain - 1:,}", f"employee/{bottom}/chain", keyed("above", "k.rank"),
                 keys=self.above(bottom)),
            members,
        ]
        short = [
            *groups,
            List("status=INACTIVE", "employee?status=INACTIVE", filtered("e.status = 'INACTIVE'")),
            List("type=CONTRACTOR", "employee?type=CONTRACTOR", filtered("e.type = 'CONTRACTOR'")),
            List("manager=none", "employee?manager=none",
                 filtered(f"e.status = 'ACTIVE' and not exists (select from {direct})")),
            List("manager=inactive", "employee?manager=inactive",
                 filtered(f"e.status = 'ACTIVE' and exists (select from {inactive})")),
            List("by-name of a rare word", f"employee/by-name/{RARE.lower()}",
                 f"{employees} where e.created in ({self.named(RARE.lower())}) {by_creation}",
                 keys=self.named(RARE.lower())),
            List("by-name without a match", "employee/by-name/zzyzx", filtered("false"), keys=self.named("zzyzx")),
        ]
        return long, short


def token(name):
    return os.environ[name]
