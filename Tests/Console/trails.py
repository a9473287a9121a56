"""The trail: how it grows, the proofs of its entries, and exports."""

import json
import os

from suite import test

FILE_SYSTEM = """
window.showSaveFilePicker = async ({ suggestedName }) => {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle(suggestedName, { create: true });
    window.read = async () => (await file.getFile()).text();
    return file;
};
"""


@test
def shows_the_change_of_another_client(browser, api):
    """On the chart, on a page and on the trail, as it happens."""
    browser.sign_in()
    browser.listen()
    person = api.people()["Sanjay Gupta"]
    browser.reveal("Sanjay Gupta")
    title = f"Head of Money {os.getpid()}"
    api.call("PATCH", f"/employee/{person['id']}", {"role": title})
    browser.page.locator(".card", has_text=title).wait_for()
    browser.go(f"person/{person['id']}")
    browser.settle()
    api.call("PATCH", f"/employee/{person['id']}", {"role": f"{title} again"})
    browser.page.locator(".lead", has_text=f"{title} again").wait_for()
    browser.go("trail")
    browser.settle()
    browser.listen()
    api.call("PATCH", f"/employee/{person['id']}", {"role": person["role"]})
    browser.page.locator(".rows .row", has_text=f"from {title} again to {person['role']}").first.wait_for()


@test
def stays_where_one_reads_the_trail(browser, api):
    """Entries that come are put before those that one reads further down, which stay in sight."""
    browser.sign_in()
    browser.go("trail")
    browser.settle()
    browser.listen()
    first = browser.page.locator(".rows .row .number a").first
    top = first.inner_text()
    browser.page.locator(".scroller").evaluate("(list) => { list.scrollTop = 40 * 52; }")
    browser.eventually(lambda: first.inner_text() != top, "the rows there are drawn")
    row = browser.page.locator(".rows .row").nth(15)
    row.wait_for()
    position = row.locator(".number a").inner_text()

    def height():
        return browser.page.locator(".rows .row", has=browser.page.get_by_text(position, exact=True)).bounding_box()["y"]

    browser.page.wait_for_timeout(200)
    before, newest = height(), api.get("/audit", order="desc", limit=1)[0]["position"]
    person = api.people()["Sanjay Gupta"]
    for role in ("Head of Nothing", person["role"]):
        api.call("PATCH", f"/employee/{person['id']}", {"role": role})
    entries = [entry["position"] for entry in api.get("/audit", after=newest, limit=100) if entry["type"] == "employee.role_changed"]
    browser.page.locator(".scroller").evaluate("async (list) => { while (list.scrollTop < 42 * 52) await new Promise(requestAnimationFrame); }")
    assert abs(height() - before) < 1
    browser.page.locator(".scroller").evaluate("(list) => { list.scrollTop = 0; }")
    browser.page.get_by_text(f"#{entries[-1]}", exact=True).wait_for()


def proof(browser, position):
    browser.go(f"entry/{position}")
    browser.page.get_by_role("button", name="Prove").click()
    browser.page.wait_for_selector(".proof[data-result=proven], .proof[data-result=failed]")
    return browser.page.locator(".proof").get_attribute("data-result")


@test
def proves_entries(browser, api):
    """Every entry of the trail that is tried is proven, whatever its type, and it is said what was not checked."""
    browser.sign_in()
    tried = set()
    for entry in api.get("/audit", limit=1000):
        if entry["type"] in tried:
            continue
        tried.add(entry["type"])
        result = proof(browser, entry["position"])
        assert result == "proven", f"{entry['type']} at {entry['position']}: {browser.page.inner_text('.proof')}"
    assert "Not checked" in browser.page.inner_text(".proof")
    assert browser.page.locator(".steps .held").count() == 6
    browser.axe("a proof")


@test
def sees_what_was_tampered_with(browser, api):
    """Whatever part of an answer is altered on its way, the proof fails."""
    browser.sign_in()
    entry = api.get("/audit", type="employee.created", limit=1)[0]
    position, name = entry["position"], next(one["to"] for one in entry["changes"] if one["field"] == "/name")

    def flipped(text):
        lines = text.split("\n")
        lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
        return "\n".join(lines)

    def resigned(text):
        return text[:-12] + ("AAAA" if text[-12:-8] != "AAAA" else "BBBB") + text[-8:]

    for path, alter in (
        ("**/api/v1/audit?*", lambda text: text.replace(name, "Eve Elsewhere")),
        ("**/audit/log/opening?*", lambda text: text.replace(name, "Eve Elsewhere")),
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
        # Another view between, so that the entry is read again.
        browser.go("people")
        assert proof(browser, position) == "failed", path
        assert any(changed), f"{path} was altered"
        browser.page.unroute(path)
    assert browser.page.locator(".steps .failed").count() == 1
    browser.picture("tampered")
    browser.go("people")
    assert proof(browser, position) == "proven"


@test
def exports_to_a_file_as_it_comes(browser, api):
    """Where the browser lets a page write a file, the export goes into it without being kept."""
    browser.page.add_init_script(FILE_SYSTEM)
    browser.sign_in()
    browser.go("trail?type=employee.created")
    browser.page.get_by_role("button", name="NDJSON").click()
    browser.page.get_by_text("trail.ndjson was saved.").wait_for()
    positions = [json.loads(line)["position"] for line in browser.page.evaluate("read()").splitlines()]
    entries = api.get("/audit", type="employee.created", organization=api.organization, limit=1000)
    assert positions == [entry["position"] for entry in entries]


@test
def exports_where_a_page_cannot_write(browser, api):
    """Elsewhere it is downloaded, and it is said that it is in memory until it is complete."""
    browser.page.add_init_script("delete window.showSaveFilePicker")
    browser.sign_in()
    browser.go("trail")
    browser.page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => said.push(document.getElementById('toasts').textContent)).observe(document.getElementById('toasts'), { childList: true });
    }""")
    with browser.page.expect_download() as download:
        browser.page.get_by_role("button", name="CSV").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert "employee.created" in file.read()
    browser.page.get_by_text("trail.csv was saved.").wait_for()
    assert any("keeps it in memory" in text for text in browser.page.evaluate("said"))
