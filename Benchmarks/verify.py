#!/usr/bin/env python3
"""Verifies a log from the database and from an export, next to sha256sum, and prints a table in Markdown.

usage: verify.py PROGRAM EXPORT ROUNDS; the environment says where the database is.
"""

import os
import sys
import time
from statistics import median

from report import ratio, say, table


def run(command):
    """The seconds that a program takes, of the clock and of CPU, and the most memory that it had resident, in MiB."""
    start = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    _, status, usage = os.wait4(process, 0)
    os.close(null)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} fails")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    program, export, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    size = os.path.getsize(export)
    with open(export, "rb") as file:
        events = sum(1 for _ in file) - 1
    commands = {
        "sha256sum of the export": ["sha256sum", export],
        "verify --export": [program, "verify", "--export", export],
        "verify --log-only": [program, "verify", "--log-only"],
        "verify, with the read models": [program, "verify"],
        "rebuild": [program, "rebuild"],
    }
    runs = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            say(f"round {number + 1} of {rounds}: {name}")
            runs[name].append(run(command))
    peer = median(seconds for seconds, _, _ in runs["sha256sum of the export"])
    print(f"\n{events:,} events, an export of {size / 1e6:,.0f} MB.\n")
    rows = []
    for name, measured in runs.items():
        seconds, cpu, _ = (median(each) for each in zip(*measured))
        peak = max(memory for _, _, memory in measured)
        rows.append([name, f"{seconds:.2f}", f"{cpu:.2f}", f"{events / seconds:,.0f}", f"{size / seconds / 1e6:,.0f}",
                     f"{peak:.0f}", ratio(seconds, peer)])
    print(table(["", "seconds", "of CPU", "events/s", "MB/s of the export", "peak memory, MiB", "times sha256sum"],
                *rows))


main()
