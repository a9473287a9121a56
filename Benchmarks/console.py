#!/usr/bin/env python3
"""Measures how soon the console shows what another client has changed, and prints a table in Markdown. Started by
Benchmarks/console.sh.

Each time is from before the request of the other client is sent. The browser is on the same machine, so that its clock is the same.
"""

import itertools
import pathlib
import sys
import time
from statistics import median

from peers import token
from report import ms, say, table

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Console"))

from api import API  # noqa: E402
from browser import chromium, opened  # noqa: E402

CHANGES = 20

WATCH = """
const now = () => performance.timeOrigin + performance.now();
addEventListener("changed", ({ detail }) => { if (detail) window.entryAt ??= now(); });
window.watch = (text) => {
    window.entryAt = undefined;
    window.arrival = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            if (!document.getElementById("main").textContent.includes(text)) return;
            observer.disconnect();
            const shownAt = now();
            // The frame after this one begins once this one is drawn.
            requestAnimationFrame(() => setTimeout(() => resolve([window.entryAt ?? shownAt, shownAt, now()])));
        });
        observer.observe(document.getElementById("main"), { childList: true, characterData: true, subtree: true });
    });
};
"""


class Benchmark:
    def __init__(self, browser, api):
        self.browser, self.api, self.numbers = browser, api, itertools.count(1)
        self.people = api.get("/employee", limit=20)
        self.rows, self.newcomer = [], None

    def title(self, person):
        """Another title for a person: what changes it, and what then is there."""
        text = f"Title {next(self.numbers)} of {CHANGES}"
        return text, lambda: self.api.call("PATCH", f"/employee/{person['id']}", {"role": text})

    def hire(self):
        """Somebody new; the one before leaves, outside of what is measured."""
        if self.newcomer:
            self.api.call("DELETE", f"/employee/{self.newcomer}")
            self.browser.page.wait_for_timeout(500)
            self.browser.settle()
        number = next(self.numbers)
        name = f"Newcomer {number} of {CHANGES}"

        def run():
            self.newcomer = self.api.call("POST", "/employee", {"name": name, "email": f"newcomer{number}@example.com"})["id"]

        return name, run

    def measure(self, name, place, make):
        say(name)
        self.browser.go(place)
        self.browser.settle()
        self.browser.listen()
        times = []
        for _ in range(CHANGES):
            # So that none waits for what the one before has caused.
            self.browser.page.wait_for_timeout(500)
            self.browser.settle()
            text, run = make()
            self.browser.page.evaluate("(text) => watch(text)", text)
            start = time.time()
            run()
            answered = time.time()
            arrived = [each / 1000 for each in self.browser.page.evaluate("arrival")]
            times.append([each - start for each in (answered, *arrived)])
        columns = list(zip(*times))
        say(f"{name}: {ms(median(columns[-1]))} ms")
        self.rows.append([name, *(ms(median(each)) for each in columns), f"{ms(min(columns[-1]))} to {ms(max(columns[-1]))}"])

    def run(self):
        self.browser.page.add_init_script(WATCH)
        self.browser.sign_in()
        first, second = self.people[0], self.people[1]
        self.measure("a title on the chart", "chart", lambda: self.title(second))
        self.measure("a hire on the chart", "chart", self.hire)
        self.measure("a title in the list of people", "people", lambda: self.title(second))
        self.measure("a title on the page of a person", f"person/{first['id']}", lambda: self.title(first))
        self.measure("a title on the trail", "trail", lambda: self.title(second))
        self.browser.go("chart")
        self.browser.settle()
        self.browser.open_all()
        self.measure("a title on the chart of everybody", "chart?", lambda: self.title(second))
        # Who has no manager comes after all those below the others.
        self.browser.page.evaluate("(() => { const one = document.querySelector('.canvas'); one.scrollTop = one.scrollHeight; })()")
        self.measure("a hire on the chart of everybody", "chart?", self.hire)
        print(table(["a change by another client", "answered after, ms", "known to the page", "in its document", "drawn",
                     f"of {CHANGES}, from and to"], *self.rows))


def main():
    api = API(sys.argv[1], token("BENCH_OWNER"))
    api.organization = api.get("/organization")[0]["id"]
    with chromium() as program, opened(program, api.address, api.token) as browser:
        Benchmark(browser, api).run()


main()
