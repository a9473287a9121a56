#!/usr/bin/env python3
"""Writes the history of the organization in which lists are measured, as `directory import` reads it.

usage: history.py PEOPLE EVENTS FILE; prints for each part its name and its last line.
"""

import json
import sys

from shape import Shape


def main():
    shape = Shape(people=int(sys.argv[1]), events=int(sys.argv[2]))
    written = 0
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        for day, (name, lines) in enumerate(shape.phases(), start=1):
            for op, person, fields in lines:
                line = {"at": f"2026-01-{day:02}T00:00:00Z", "op": op, "person": f"p{person}", **fields}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            written += len(lines)
            print(name.replace(" ", "-"), written)


main()
