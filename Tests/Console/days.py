"""The past: the slider, playing it, and comparing two days."""

from suite import test


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
        assert browser.chart() == api.tree(at), at
    assert browser.chart() != api.tree(), "that was another day than today"
    browser.page.get_by_role("treeitem").first.focus()
    browser.page.keyboard.press("m")
    assert "cannot be changed" in browser.page.inner_text("#toasts")
    browser.page.get_by_role("button", name="Today").click()
    browser.settle()
    browser.open_all()
    assert browser.chart() == api.tree()
    browser.page.go_back()
    browser.settle()
    assert "at=" in browser.page.url, "back is back on that day"


@test
def shows_everything_as_of_that_day(browser, api):
    """Lists and pages show the day of the address, without a form, and the slider goes by the keyboard."""
    browser.sign_in()
    browser.go("people?at=2025-06-01T21:59:59Z")
    browser.settle()
    count = len(api.get("/employee", asOf="2025-06-01T21:59:59Z", effective="true"))
    assert browser.page.inner_text(".count").startswith(f"{count} ")
    assert browser.page.get_by_role("button", name="Hire somebody").count() == 0
    browser.page.locator(".rows a").first.click()
    browser.page.wait_for_selector("main .lead")
    assert "at=" in browser.page.url
    assert browser.page.locator(".title button").count() == 0
    browser.page.get_by_role("slider", name="Day").focus()
    before = browser.page.url
    browser.page.keyboard.press("ArrowRight")
    browser.eventually(lambda: browser.page.url != before, "the next day")


@test
def plays_the_history(browser, api):
    browser.sign_in()
    play = browser.page.get_by_role("button", name="Play the history")
    play.click()
    browser.eventually(lambda: "at=" in browser.page.url, "it begins in the past")
    first = browser.page.url
    browser.eventually(lambda: browser.page.url != first, "and goes on")
    assert play.get_attribute("aria-pressed") == "true"
    play.click()
    browser.page.wait_for_timeout(1000)
    stopped = browser.page.url
    browser.page.wait_for_timeout(1500)
    assert browser.page.url == stopped and play.get_attribute("aria-pressed") == "false"


@test
def compares_two_days(browser, api):
    """Who joined, left or moved between two days is counted as the API does, and in colour on the chart."""
    browser.sign_in()
    day = "2026-01-01T22:59:59Z"
    browser.go(f"chart?with={day}")
    browser.page.wait_for_selector(".differences details")
    browser.settle()
    before, after = api.tree(day), api.tree()
    joined, left = {one for one, _ in after} - {one for one, _ in before}, {one for one, _ in before} - {one for one, _ in after}
    moved = {one for one, _ in after - before} - joined
    for kind, expected in (("joined", joined), ("left", left), ("moved", moved)):
        text = browser.page.inner_text(f".differences .{kind} summary")
        assert text.split()[0] == str(len(expected)), f"{text}, and the API says {len(expected)}"

    def shown(kind):
        cards = browser.page.locator(f".card.{kind}")
        grounds = cards.evaluate_all("(all) => all.map((one) => getComputedStyle(one).backgroundColor)")
        plain = browser.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert all(ground != plain for ground in grounds), f"who {kind} is in colour"
        return set(cards.evaluate_all("(all) => all.map((one) => one.dataset.id)"))

    browser.open_all()
    assert shown("joined") and shown("joined") <= joined
    browser.page.get_by_role("button", name="Do not compare").click()
    browser.settle()
    assert browser.page.locator(".card.joined").count() == 0
    if left:
        # On the chart of the day before, those are there who have left since.
        browser.go(f"chart?at={day}&with=2026-06-30T21:59:59Z")
        browser.page.wait_for_selector(".differences details")
        browser.open_all()
        gone = {one for one, _ in before} - {one for one, _ in api.tree("2026-06-30T21:59:59Z")}
        assert shown("left") <= gone


def compares_with_the_truth(browser, api, organization, marks):
    """The chart of each mark of a real history is what the mark says, and the slider begins where that history does."""
    known = api.of(organization)
    browser.sign_in()
    for mark in marks:
        browser.go(f"chart?org={organization}&at={mark['at']}")
        browser.settle()
        browser.open_all()
        emails = {one["id"]: one["email"].split("@")[0] for one in known.get("/employee", asOf=mark["at"], effective="true")}
        shown = {(emails[person], emails.get(manager, "")) for person, manager in browser.chart()}
        assert {person for person, _ in shown} == set(mark["employees"]), mark["at"]
        assert {pair for pair in shown if pair[1]} == {tuple(pair) for pair in mark["reports"]}, mark["at"]
    first = known.get(f"/organization/{organization}/density", effective="true", buckets=1)[0]["from"]
    assert abs(int(browser.page.get_by_role("slider", name="Day").get_attribute("max")) - browser.page.evaluate(
        "(first) => (Date.now() - Date.parse(first)) / 86400000", first)) < 2
