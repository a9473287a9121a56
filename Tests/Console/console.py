#!/usr/bin/env python3
"""The console, as people use it: in a real browser, on a service of its own.

usage: console.py ADDRESS TOKEN [--pictures FOLDER] [--truth FILE] [--only WORD]

The token is that of an owner of the demo organization. With --truth the chart of the organization "History" is compared with
every mark of the file.
"""

import argparse
import functools
import json
import os
import sys
import traceback

from browser import API, chromium, opened

TESTS = []


def test(function):
    TESTS.append(function)
    return function


def tree(api, at=None):
    """The DIRECT lines of a moment, from the list of all people."""
    people = api.get("/employee", status="ACTIVE", asOf=at, effective="true" if at else None)
    active = {one["id"] for one in people}
    lines = set()
    for one in people:
        above = [line["managerId"] for line in one["managers"] if line["type"] == "DIRECT" and line["managerId"] in active]
        lines |= {(one["id"], manager) for manager in above} or {(one["id"], "")}
    return lines


def chart(browser):
    return {(person, manager) for person, manager in browser.chart()}


def people(api):
    return {one["name"]: one for one in api.get("/employee", status="ACTIVE")}


def reveal(browser, name):
    """Finds somebody on the chart by typing the name."""
    field = browser.page.get_by_role("combobox", name="Find on the chart")
    field.fill(name)
    browser.page.locator(".picker [role=option]").first.wait_for()
    field.press("Enter")
    browser.card(name).wait_for()
    browser.settle()


@test
def signs_in(browser, api):
    """The token of a link is taken out of the address, kept in the session, and gone after signing out."""
    page = browser.page
    browser.sign_in()
    assert browser.token not in page.url and "token" not in page.url
    assert page.evaluate("sessionStorage.getItem('directory.token')") == browser.token
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("sessionStorage.length") == 0
    assert "directory token" in page.inner_text("main"), "the page says how to make a token"
    with browser.refused():
        page.get_by_label("Token", exact=True).fill("not.a.token")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#token[aria-invalid=true]")
    page.get_by_label("Token", exact=True).fill(browser.token)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("[role=treeitem]")


@test
def leads_here_from_the_root(browser, api):
    browser.page.goto(browser.address + "/")
    assert browser.page.url.split("#")[0] == browser.address + "/console"


@test
def draws_the_chart(browser, api):
    """The chart has everybody, below the managers that the API names."""
    browser.sign_in()
    browser.open_all()
    assert chart(browser) == tree(api)


@test
def finds_somebody(browser, api):
    browser.sign_in()
    name = sorted(people(api))[-1]
    reveal(browser, name)
    assert browser.page.evaluate("document.activeElement.dataset.id") == people(api)[name]["id"]
    browser.page.keyboard.press("Enter")
    browser.page.wait_for_selector(f"h1:has-text('{name}')")
    browser.page.go_back()
    browser.card(name).wait_for()


@test
def moves_by_dragging(browser, api):
    browser.sign_in()
    api_people = people(api)
    dmytro, chloe = api_people["Dmytro Bondar"], api_people["Chloé Martin"]
    reveal(browser, "Dmytro Bondar")
    start, end = browser.box("Dmytro Bondar"), browser.box("Chloé Martin")
    mouse = browser.page.mouse
    mouse.move(start["x"] + 150, start["y"] + 30)
    mouse.down()
    mouse.move(start["x"] + 160, start["y"] + 40)
    mouse.move(end["x"] + 60, end["y"] + 20, steps=8)
    browser.picture("drag")
    mouse.up()
    browser.page.get_by_text("Dmytro Bondar now reports to Chloé Martin.").first.wait_for()
    line = [one for one in api.get(f"/employee/{dmytro['id']}")["managers"] if one["type"] == "DIRECT"]
    assert [one["managerId"] for one in line] == [chloe["id"]]
    others = [one for one in dmytro["managers"] if one["type"] != "DIRECT"]
    kept = [one["managerId"] for one in api.get(f"/employee/{dmytro['id']}")["managers"] if one["type"] != "DIRECT"]
    assert kept == [one["managerId"] for one in others], "other lines stay"
    browser.page.get_by_role("button", name="Undo").click()
    browser.eventually(lambda: people(api)["Dmytro Bondar"]["managers"][-1]["managerId"] != chloe["id"], "undone")


@test
def moves_by_keyboard(browser, api):
    browser.sign_in()
    keys = browser.page.keyboard
    name = "Łukasz Wiśniewski"
    reveal(browser, name)
    keys.press("m")
    assert "Choose the new manager" in browser.page.inner_text("#toasts")
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    if browser.page.evaluate("document.activeElement.ariaExpanded") == "true":
        keys.press("ArrowLeft")
    keys.press("Home")
    top = browser.page.evaluate("document.activeElement.dataset.id")
    keys.press("Enter")
    browser.page.get_by_text(f"{name} now reports to").first.wait_for()
    managers = [one["managerId"] for one in people(api)[name]["managers"] if one["type"] == "DIRECT"]
    assert managers == [top]
    browser.page.get_by_role("button", name="Undo").click()
    browser.eventually(lambda: top not in [one["managerId"] for one in people(api)[name]["managers"]], "undone")


@test
def refuses_a_cycle(browser, api):
    """Whoever is moved below their own report is refused, at the card of that report, and nothing changes."""
    browser.sign_in()
    before = tree(api)
    reveal(browser, "Dmytro Bondar")
    start, end = browser.box("Bruno Silva"), browser.box("Dmytro Bondar")
    mouse = browser.page.mouse
    with browser.refused():
        mouse.move(start["x"] + 120, start["y"] + 30)
        mouse.down()
        mouse.move(start["x"] + 130, start["y"] + 35)
        mouse.move(end["x"] + 60, end["y"] + 20, steps=8)
        mouse.up()
        browser.page.wait_for_selector(".refusal")
    refusal = browser.page.locator(".refusal")
    assert "Bruno Silva cannot report to Dmytro Bondar" in refusal.inner_text()
    assert refusal.get_attribute("role") == "alert"
    box = refusal.bounding_box()
    assert abs(box["x"] - end["x"]) < 30 and 0 < box["y"] - end["y"] < 90, "it is where it happened"
    browser.picture("cycle")
    browser.axe("a refusal")
    assert tree(api) == before
    refusal.get_by_role("button", name="Close").click()


@test
def slides_to_a_past_day(browser, api):
    """The chart of a past day is what the API says of it, and cannot be changed."""
    browser.sign_in()
    slider = browser.page.get_by_role("slider", name="Day")
    for part in (0.1, 0.45, 0.8):
        slider.evaluate("""(range, part) => {
            range.value = Math.round(range.max * part);
            range.dispatchEvent(new Event('input', { bubbles: true }));
            range.dispatchEvent(new Event('change', { bubbles: true }));
        }""", part)
        browser.page.wait_for_timeout(500)
        browser.settle()
        browser.open_all()
        at = browser.page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('at')")
        assert at, "the day is in the address"
        assert chart(browser) == tree(api, at), at
    assert chart(browser) != tree(api), "that was another day than today"
    browser.page.get_by_role("treeitem").first.focus()
    browser.page.keyboard.press("m")
    assert "cannot be changed" in browser.page.inner_text("#toasts")
    browser.page.get_by_role("button", name="Today").click()
    browser.settle()
    browser.open_all()
    assert chart(browser) == tree(api)
    browser.page.go_back()
    browser.settle()
    assert "at=" in browser.page.url, "back is back on that day"


@test
def plays_the_history(browser, api):
    browser.sign_in()
    browser.page.get_by_role("button", name="Play the history").click()
    browser.eventually(lambda: "at=" in browser.page.url, "it begins in the past")
    first = browser.page.url
    browser.eventually(lambda: browser.page.url != first, "and goes on")
    browser.page.get_by_role("button", name="Stop", exact=True).click()


@test
def compares_two_days(browser, api):
    if not api.offers("/audit/diff"):
        return "the service does not compare days"
    browser.sign_in()
    browser.go("chart?with=2026-01-01T22:59:59Z")
    browser.page.wait_for_selector(".differences details")
    browser.settle()
    before, after = tree(api, "2026-01-01T22:59:59Z"), tree(api)
    joined, left = {one for one, _ in after} - {one for one, _ in before}, {one for one, _ in before} - {one for one, _ in after}
    moved = {one for one, _ in after - before} - joined
    for kind, expected in (("joined", joined), ("left", left), ("moved", moved)):
        text = browser.page.inner_text(f".differences .{kind} summary")
        assert text.split()[0] == str(len(expected)), f"{text}, and the API says {len(expected)}"
    browser.open_all()
    shown = set(browser.page.evaluate("[...document.querySelectorAll('.card.joined')].map((card) => card.dataset.id)"))
    assert shown and shown <= joined


@test
def shows_the_change_of_another_client(browser, api):
    if not api.offers("/audit/stream"):
        return "the service has no stream"
    browser.sign_in()
    browser.eventually(lambda: browser.page.locator(".live").inner_text() == "live", "it listens")
    ben = people(api)["Sanjay Gupta"]
    title = f"Head of Money {os.getpid()}"
    api.call("PATCH", f"/employee/{ben['id']}", {"role": title})
    browser.page.get_by_text(title).first.wait_for()
    browser.go("trail")
    browser.settle()
    browser.eventually(lambda: browser.page.locator(".live").inner_text() == "live", "it listens")
    api.call("PATCH", f"/employee/{ben['id']}", {"role": ben["role"]})
    browser.page.locator(".rows .row", has_text=f"from {title} to {ben['role']}").first.wait_for()


@test
def scrolls_lists(browser, api):
    """A list has everybody that the API has, and few more rows as elements than are in sight."""
    browser.sign_in()
    browser.go("people")
    browser.settle()
    wanted = [one["name"] for one in api.get("/employee")]
    names = browser.page.evaluate("""async () => {
        const list = document.querySelector('.scroller'), found = new Map();
        list.scrollTop = 0;
        for (;;) {
            await new Promise((next) => setTimeout(next, 40));
            for (const row of document.querySelectorAll('.rows .row')) found.set(Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')), row.querySelector('a').textContent);
            const before = list.scrollTop;
            list.scrollTop += list.clientHeight / 2;
            if (list.scrollTop === before) return [...found].sort((a, b) => a[0] - b[0]).map((one) => one[1]);
        }
    }""")
    assert names == wanted
    assert browser.page.locator(".rows .row").count() < 60
    browser.page.locator(".rows a[tabindex='0']").first.focus()
    browser.page.keyboard.press("End")
    assert browser.page.evaluate("document.activeElement.textContent") == wanted[-1]
    browser.page.get_by_label("Status").select_option("INACTIVE")
    browser.page.wait_for_timeout(400)
    browser.settle()
    inactive = api.get("/employee", status="INACTIVE")
    assert browser.page.inner_text(".count").startswith(f"{len(inactive)} ")
    assert "status=INACTIVE" in browser.page.url


@test
def fills_in_forms(browser, api):
    """What the API refuses of a field is said at that field; hiring, changing and deactivating work."""
    browser.sign_in()
    browser.go("people")
    page = browser.page
    email = f"zoe-{os.getpid()}@acme.example"
    page.get_by_role("button", name="Hire somebody").click()
    with browser.refused():
        page.locator("dialog [name=email]").fill("nothing")
        page.get_by_role("button", name="Hire", exact=True).click()
        page.wait_for_selector("dialog [aria-invalid=true]")
    wrong = page.locator("dialog .field", has=page.locator("[name=email]")).locator(".wrong")
    assert "e-mail" in wrong.inner_text()
    browser.axe("a form with errors")
    page.locator("dialog [name=name]").fill("Zoë Ångström")
    page.locator("dialog [name=email]").fill(email)
    page.get_by_role("combobox", name="Reports to").fill("bruno")
    page.get_by_role("option", name="Bruno Silva").click()
    page.get_by_role("button", name="Hire", exact=True).click()
    page.wait_for_selector("h1:has-text('Zoë Ångström')")
    found = api.get("/employee", email=email)[0]
    assert found["managers"][0]["managerId"] == people(api)["Bruno Silva"]["id"]
    page.get_by_role("button", name="Change").click()
    page.locator("dialog [name=role]").fill("Smith")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Smith").first.wait_for()
    page.get_by_role("button", name="Regroup").click()
    page.get_by_role("combobox", name="Add to a group").fill("Platf")
    page.get_by_role("option", name="Platform").click()
    page.get_by_role("button", name="Save").click()
    browser.eventually(lambda: api.get(f"/entity/{found['id']}/groups"), "regrouped")
    page.locator(".history li", has_text="joined, by").wait_for()
    page.get_by_role("button", name="Deactivate").click()
    page.locator("dialog").get_by_role("button", name="Deactivate").click()
    page.get_by_role("button", name="Activate", exact=True).wait_for()
    assert api.get(f"/employee/{found['id']}")["status"]["current"] == "INACTIVE"


@test
def tells_a_history(browser, api):
    """A move is one sentence, with both managers, who did it and when."""
    browser.sign_in()
    trail = {entry["position"]: entry for entry in api.get("/audit", limit=1000)}
    moved = next(
        entry["targets"][0]["id"] for position, entry in trail.items()
        if entry["type"] == "employee.manager_removed" and position + 1 in trail
        and trail[position + 1]["type"] == "employee.manager_assigned"
        and trail[position + 1]["targets"][0]["id"] == entry["targets"][0]["id"])
    browser.go(f"person/{moved}")
    browser.page.locator(".history .sentence", has_text=" moved from ").first.wait_for()
    assert ", by " in browser.page.locator(".history .sentence").first.inner_text()
    title = browser.page.locator(".history time").first.get_attribute("title")
    assert title.endswith(" UTC"), "the exact time is where one points"


def proof(browser, position):
    browser.go(f"entry/{position}")
    browser.page.get_by_role("button", name="Prove").click()
    browser.page.wait_for_selector(".proof[data-result=proven], .proof[data-result=failed]")
    return browser.page.locator(".proof").get_attribute("data-result")


@test
def proves_entries(browser, api):
    """Every entry of the trail that is tried is proven, whatever its type."""
    browser.sign_in()
    tried = set()
    for entry in api.get("/audit", limit=1000):
        if entry["type"] in tried:
            continue
        tried.add(entry["type"])
        result = proof(browser, entry["position"])
        assert result == "proven", f"{entry['type']} at {entry['position']}: {browser.page.inner_text('.proof')}"
    assert "Not checked" in browser.page.inner_text(".proof")
    browser.axe("a proof")


@test
def sees_what_was_tampered_with(browser, api):
    """Whatever part of an answer is altered on its way, the proof fails."""
    browser.sign_in()
    entry = api.get("/audit", type="employee.created", limit=1)[0]
    position, name = entry["position"], next(one["to"] for one in entry["changes"] if one["field"] == "/name")
    other = "Eve Elsewhere"

    def swapped(text):
        return text.replace(name, other)

    def flipped(text):
        lines = text.split("\n")
        lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
        return "\n".join(lines)

    def resigned(text):
        end = text.rindex("\u2014")
        return text[:-12] + ("AAAA" if text[-12:-8] != "AAAA" else "BBBB") + text[-8:] if end else text

    for path, alter in (
        ("**/api/v1/audit?*", swapped), ("**/audit/log/opening?*", swapped),
        ("**/audit/log/entry?*", lambda text: text.replace('"SYSTEM"', '"ADMIN"')),
        ("**/audit/log/proof?*", flipped), ("**/audit/log/proof?*", resigned),
    ):
        changed = []

        def answer(route):
            response = route.fetch()
            text = response.text()
            changed.append(alter(text) != text)
            route.fulfill(response=response, body=alter(text))

        browser.page.route(path, answer)
        # Another entry between, so that this one is read again.
        browser.go("people")
        assert proof(browser, position) == "failed", path
        assert any(changed), f"{path} was altered"
        browser.page.unroute(path)
    assert browser.page.locator(".steps .failed").count() == 1
    browser.picture("tampered")
    browser.go("people")
    assert proof(browser, position) == "proven"


@test
def exports(browser, api):
    if not api.offers("/audit/export"):
        return "the service does not export its trail"
    browser.sign_in()
    browser.go("trail")
    with browser.page.expect_download() as download:
        browser.page.get_by_role("button", name="CSV").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert "employee.created" in file.read()


def places(api):
    """An address of each view."""
    person = people(api)["Bruno Silva"]["id"]
    group = api.get("/group", limit=1)[0]["id"]
    me = api.get("/account/me")["id"]
    places = {
        "chart": "chart", "past": "chart?at=2025-06-01T21:59:59Z", "people": "people", "person": f"person/{person}", "groups": "groups",
        "group": f"group/{group}", "accounts": "accounts", "account": f"account/{me}", "trail": "trail", "entry": "entry/20",
        "nobody": "people?q=nobodyatall", "unknown": "person/00000000-0000-7000-8000-000000000000",
    }
    if api.offers("/audit/diff"):
        places["compare"] = "chart?with=2026-01-01T22:59:59Z"
    return places


def looks(size, scheme):
    def run(browser, api):
        page = browser.page
        page.goto(f"{browser.address}/console")
        page.wait_for_selector("#token")
        browser.axe("signing in")
        browser.picture(f"sign-in-{size[0]}-{scheme}")
        browser.sign_in()
        for name, place in places(api).items():
            with browser.refused():
                browser.go(place)
                browser.settle()
            if name == "chart":
                browser.open_all()
            if name == "entry":
                page.get_by_role("button", name="Prove").click()
                page.wait_for_selector(".proof[data-result=proven]")
            browser.axe(f"{name} at {size[0]} pixels, {scheme}")
            page.wait_for_timeout(200)
            browser.picture(f"{name}-{size[0]}-{scheme}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{name} is {wide} pixels wide"
        browser.go("people")
        page.get_by_role("button", name="Hire somebody").click()
        browser.axe("a form")
        browser.picture(f"form-{size[0]}-{scheme}")

    run.__name__ = f"looks_right_at_{size[0]}_{scheme}"
    run.size, run.scheme = size, scheme
    return test(run)


for some in ((1300, 850), (380, 740)):
    for scheme in ("light", "dark"):
        looks(some, scheme)


def compares_with_the_truth(browser, api, organization, marks):
    """The chart of each mark of a real history is what the mark says."""
    known = API(api.address, api.token, organization)
    browser.sign_in()
    for mark in marks:
        browser.go(f"chart?org={organization}&at={mark['at']}")
        browser.settle()
        browser.open_all()
        emails = {one["id"]: one["email"].split("@")[0] for one in known.get("/employee", asOf=mark["at"], effective="true")}
        shown = {(emails[person], emails.get(manager, "")) for person, manager in chart(browser)}
        assert {person for person, _ in shown} == set(mark["employees"]), mark["at"]
        assert {pair for pair in shown if pair[1]} == {tuple(pair) for pair in mark["reports"]}, mark["at"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("token")
    parser.add_argument("--pictures")
    parser.add_argument("--truth")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if arguments.pictures:
        os.makedirs(arguments.pictures, exist_ok=True)
    api = API(arguments.address, arguments.token)
    organizations = {one["name"]: one["id"] for one in api.get("/organization")}
    api.organization = next(one["id"] for one in api.get("/organization") if one["alias"] == "acme")
    tests = [one for one in TESTS if arguments.only in one.__name__]
    if arguments.truth and arguments.only in compares_with_the_truth.__name__:
        with open(arguments.truth, encoding="utf-8") as lines:
            marks = [json.loads(line) for line in lines]
        tests.append(functools.partial(compares_with_the_truth, organization=organizations["History"], marks=marks))
    failed = 0

    def name(run):
        return getattr(run, "func", run).__name__.replace("_", " ")

    with chromium() as browser:
        for run in tests:
            size, scheme = getattr(run, "size", (1300, 850)), getattr(run, "scheme", "light")
            with opened(browser, arguments.address, arguments.token, arguments.pictures, size, scheme) as page:
                try:
                    skipped = run(page, api)
                    assert not page.errors, f"errors in the browser: {page.errors}"
                    assert not page.elsewhere, f"requests to elsewhere: {page.elsewhere}"
                    print(f"  {name(run)}{f' (skipped: {skipped})' if skipped else ''}", flush=True)
                except Exception as error:
                    failed += 1
                    page.picture(f"failed-{name(run)}")
                    print(f"  FAILED {name(run)}: {error}", flush=True)
                    traceback.print_exc()
    sys.exit(f"{failed} of {len(tests)} failed" if failed else 0)


if __name__ == "__main__":
    main()
