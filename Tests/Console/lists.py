"""Lists: of any length, filtered, and followed while others change what is in them."""

import os

from suite import test

ALL_ROWS = """async () => {
    const list = document.querySelector('.scroller'), found = new Map();
    list.scrollTop = 0;
    for (;;) {
        await new Promise((next) => setTimeout(next, 40));
        for (const row of document.querySelectorAll('.rows .row')) found.set(Number(row.getAttribute('aria-rowindex')), row.querySelector('a').textContent);
        const before = list.scrollTop;
        list.scrollTop += list.clientHeight / 2;
        if (list.scrollTop === before) return [...found].sort((a, b) => a[0] - b[0]).map((one) => one[1]);
    }
}"""


def top(browser, to=None):
    """Where the list has been scrolled to."""
    return browser.page.locator(".scroller").evaluate("(list, to) => { if (to !== null) list.scrollTop = to; return list.scrollTop; }", to)


def count(browser):
    return int(browser.page.inner_text(".count").split()[0].replace(",", ""))


@test
def scrolls_lists(browser, api):
    """A list has everybody that the API has, and few more rows as elements than are in sight."""
    browser.sign_in()
    browser.go("people")
    browser.settle()
    wanted = [one["name"] for one in api.get("/employee")]
    assert browser.page.evaluate(ALL_ROWS) == wanted
    assert browser.page.locator(".rows .row").count() < 60
    browser.page.locator(".rows a[tabindex='0']").first.focus()
    browser.page.keyboard.press("End")
    assert browser.focused() == wanted[-1]
    browser.page.get_by_label("Status").select_option("INACTIVE")
    browser.page.wait_for_timeout(400)
    browser.settle()
    assert count(browser) == len(api.get("/employee", status="INACTIVE"))
    assert "status=INACTIVE" in browser.page.url


def goes_through_thousands(browser, api, organization):
    """The last of many rows is reached by a key, and the first again; there are few elements, and rows out of sight are forgotten."""
    people = [one["name"] for one in api.of(organization).get("/employee")]
    browser.sign_in()
    browser.go(f"people?org={organization}")
    browser.settle()
    browser.page.locator(".rows a[tabindex='0']").first.focus()
    browser.page.keyboard.press("End")
    browser.eventually(lambda: browser.focused() == people[-1], "the last is reached", 120)
    assert count(browser) == len(people)
    assert browser.page.locator(".rows .row").count() < 80
    assert browser.page.locator(".rows a[tabindex='0']").count() == 1
    asked = []
    browser.page.on("request", lambda request: asked.append(request.url))
    browser.page.keyboard.press("Home")
    browser.eventually(lambda: browser.focused() == people[0], "the first is there again")
    assert any("/api/v1/employee?" in url for url in asked), "it had been forgotten"
    middle = len(people) // 2
    top(browser, middle * 44)
    browser.eventually(lambda: browser.page.locator(".rows a", has_text=people[middle]).count(), "the middle is there")
    assert browser.page.locator(".rows .row").count() < 80


SLOW = """
const now = fetch;
window.fetch = async (...all) => {
    if (String(all[0]).includes('/employee?')) await new Promise((next) => setTimeout(next, 250));
    return now(...all);
};
"""


def walks_to_the_end_once(browser, api, organization):
    """The End key is one walk to the last row, however often it is pressed and whoever is hired meanwhile; scrolling by hand ends it."""
    api, page, name = api.of(organization), browser.page, f"Ada Omega {os.getpid()}"
    people = api.get("/employee")
    page.add_init_script(SLOW)
    browser.sign_in()
    browser.go(f"people?org={organization}")
    browser.settle()
    browser.listen()

    def press(times=1):
        for _ in range(times):
            page.keyboard.press("End")
            page.wait_for_timeout(60)
        return browser.focused()

    page.locator(".rows a[tabindex='0']").first.focus()
    press(4)
    api.call("POST", "/employee", {"name": name, "email": f"omega-{os.getpid()}@example.com"})
    press(4)
    browser.eventually(lambda: browser.focused() in (people[-1]["name"], name), "the last is reached", 60)
    assert count(browser) - len(people) in (0, 1), "every row is there once"
    browser.eventually(lambda: press() == name, "who was hired is the last", 60)
    assert count(browser) == len(people) + 1
    browser.go(f"people?org={organization}&status=ACTIVE")
    browser.settle()
    page.locator(".rows a[tabindex='0']").first.focus()
    press()
    box = page.locator(".scroller").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, 440)
    page.wait_for_timeout(4000)
    assert 0 < top(browser) < 1000, "one stays where one has scrolled to"


def follows_changes_far_down(browser, api, organization):
    """What another client changes shows far down a list, which stays where it is; who is hired is counted."""
    api = api.of(organization)
    people = api.get("/employee")
    browser.sign_in()
    browser.go(f"people?org={organization}")
    browser.settle()
    browser.listen()
    browser.page.locator(".rows a[tabindex='0']").first.focus()
    browser.page.keyboard.press("End")
    browser.eventually(lambda: browser.focused() == people[-1]["name"], "the last is reached", 120)
    index = len(people) * 2 // 3
    place = top(browser, index * 44 - 200)
    browser.eventually(lambda: browser.page.locator(".rows a", has_text=people[index]["name"]).count(), "there")
    title = f"Keeper of {os.getpid()}"
    api.call("PATCH", f"/employee/{people[index]['id']}", {"role": title})
    browser.page.locator(".rows .row", has_text=title).wait_for()
    assert top(browser) == place
    api.call("POST", "/employee", {"name": "New Comer", "email": f"comer-{os.getpid()}@example.com"})
    api.call("PATCH", f"/employee/{people[index + 1]['id']}", {"role": f"{title} as well"})
    browser.page.locator(".rows .row", has_text=f"{title} as well").wait_for()
    assert top(browser) == place
    browser.page.locator(".rows a").first.focus()

    def is_last():
        browser.page.keyboard.press("End")
        browser.page.wait_for_timeout(500)
        return browser.focused() == "New Comer"

    browser.eventually(is_last, "who was hired is the last", 120)
    assert count(browser) == len(people) + 1


@test
def follows_changes_in_every_list(browser, api):
    """People, groups and accounts that others make, rename and deactivate show as they happen, where the filters let them."""
    browser.sign_in()
    page, word = browser.page, os.getpid()
    browser.go("groups?type=CLUB&status=ACTIVE")
    browser.settle()
    browser.listen()
    group = api.call("POST", "/group", {"name": f"Choir {word}", "type": "CLUB"})
    page.locator(".rows a", has_text=f"Choir {word}").wait_for()
    api.call("PATCH", f"/group/{group['id']}", {"name": f"Orchestra {word}"})
    page.locator(".rows a", has_text=f"Orchestra {word}").wait_for()
    api.call("DELETE", f"/group/{group['id']}")
    page.locator(".rows a", has_text=f"Orchestra {word}").wait_for(state="detached")
    browser.go("accounts")
    browser.settle()
    account = api.account(f"follower-{word}@acme.example", "AUDITOR")
    row = page.locator(".rows .row", has_text=f"follower-{word}")
    row.get_by_text("AUDITOR").wait_for()
    api.call("POST", f"/account/{account['id']}/grant", {"orgId": api.organization, "role": "MANAGER"})
    row.get_by_text("MANAGER").wait_for()
    browser.go("people?q=zachary")
    browser.settle()
    person = api.call("POST", "/employee", {"name": f"Zachary {word}", "email": f"zachary-{word}@acme.example"})
    page.locator(".rows a", has_text=f"Zachary {word}").wait_for()
    api.call("PATCH", f"/employee/{person['id']}", {"name": f"Yolanda {word}"})
    page.locator(".rows a", has_text=f"Zachary {word}").wait_for(state="detached")
