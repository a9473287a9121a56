#!/usr/bin/env python3
"""The console, as people use it: in a real browser, on a service of its own.

usage: console.py ADDRESS TOKEN [--pictures FOLDER] [--truth FILE] [--only WORD] [--sources]

The token is that of an administrator of the platform who owns the demo organization. Where there is an organization "Crowd", its
lists are scrolled; with --truth the chart of the organization "History" is compared with every mark of the file. With --sources the
console's files are those of the source, whatever the program has.
"""

import argparse
import functools
import json
import os
import sys
import traceback

# Their tests are in the order in which they are imported.
import signing  # noqa: F401
import charts  # noqa: F401
import days
import lists
import forms  # noqa: F401
import trails  # noqa: F401
import states  # noqa: F401
import looks  # noqa: F401
from api import API
from browser import chromium, opened
from suite import TESTS


def named(function, **arguments):
    run = functools.partial(function, **arguments)
    run.__name__, run.setting = function.__name__, {}
    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("token")
    parser.add_argument("--pictures")
    parser.add_argument("--truth")
    parser.add_argument("--only", default="")
    parser.add_argument("--sources", action="store_true")
    arguments = parser.parse_args()
    if arguments.pictures:
        os.makedirs(arguments.pictures, exist_ok=True)
    api = API(arguments.address, arguments.token)
    organizations = {one["name"]: one["id"] for one in api.get("/organization")}
    api.organization = next(one["id"] for one in api.get("/organization") if one["alias"] == "acme")
    tests = list(TESTS)
    if "Crowd" in organizations:
        crowded = lists.goes_through_thousands, lists.walks_to_the_end_once, lists.follows_changes_far_down
        tests += [named(run, organization=organizations["Crowd"]) for run in crowded]
    if arguments.truth:
        with open(arguments.truth, encoding="utf-8") as lines:
            marks = [json.loads(line) for line in lines]
        tests.append(named(days.compares_with_the_truth, organization=organizations["History"], marks=marks))
    tests = [run for run in tests if arguments.only in run.__name__]
    failed = 0
    with chromium() as browser:
        for run in tests:
            name = run.__name__.replace("_", " ")
            with opened(browser, arguments.address, arguments.token, arguments.pictures, **run.setting) as page:
                if arguments.sources:
                    page.use_sources()
                try:
                    run(page, api)
                    assert not page.errors, f"errors in the browser: {page.errors}"
                    assert not page.elsewhere, f"requests to elsewhere: {page.elsewhere}"
                    print(f"  {name}", flush=True)
                except Exception as error:
                    failed += 1
                    page.picture(f"failed-{name}")
                    print(f"  FAILED {name}: {error}", flush=True)
                    traceback.print_exc()
    sys.exit(f"{failed} of {len(tests)} failed" if failed else 0)


if __name__ == "__main__":
    main()
