"""What is shown while there is nothing to show: nobody, not yet, or no service."""

import os

from door import Door
from suite import test


@test
def says_that_nothing_is_there(browser, api):
    """Every view of an organization without anybody says so."""
    made = api.call("POST", "/organization", {"name": f"Empty {os.getpid()}"})
    browser.sign_in()
    for place, text in (
        ("chart", "Nobody is here yet."), ("people", "Nobody matches."), ("groups", "No group matches."),
        ("trail?type=employee.*", "No entry matches."),
    ):
        browser.go(f"{place}{'&' if '?' in place else '?'}org={made['id']}")
        browser.page.get_by_text(text).first.wait_for()
    browser.axe("an empty chart")
    browser.picture("empty")


@test
def says_that_it_is_loading(browser, api):
    browser.sign_in()
    held = []
    browser.page.route("**/api/v1/group?*", lambda route: held.append(route))
    browser.go("groups")
    browser.page.locator("#main .loading").wait_for()
    browser.picture("loading")
    browser.eventually(lambda: held, "it asks")
    held[0].continue_()
    browser.page.locator(".rows a").first.wait_for()
    assert browser.page.locator("#main .loading").count() == 0


@test
def tries_again(browser, api):
    """What could not be read is said with its reason, and can be tried again."""
    browser.sign_in()
    place = "**/api/v1/group?*"
    browser.page.route(place, lambda route: route.fulfill(
        status=500, content_type="application/problem+json", body='{"title":"Broken","detail":"Something is broken."}'))
    with browser.refused():
        browser.go("groups")
        browser.page.get_by_text("Something is broken.").wait_for()
    assert browser.page.locator(".failure").get_attribute("role") == "alert"
    browser.axe("a failure")
    browser.picture("failure")
    browser.page.unroute(place)
    browser.page.get_by_role("button", name="Try again").click()
    browser.page.locator(".rows a").first.wait_for()
    assert browser.page.locator(".failure").count() == 0


@test
def comes_back_with_the_service(browser, api):
    """While the service is away every view says so; once it is there again, all of them show what has happened since."""
    door = Door(api.address)
    browser.address = door.address
    browser.sign_in()
    browser.listen()
    page, word = browser.page, os.getpid()
    state = page.locator(".live")
    with browser.refused():
        door.shut()
        browser.eventually(lambda: state.inner_text() == "not connected", "it is seen without a request of the reader's")
        assert page.get_by_role("treeitem").count() > 0, "what was there is still there"
        browser.go("groups?type=CLUB")
        page.get_by_text("The service cannot be reached.").wait_for()
        browser.axe("no service")
        browser.picture("no-service")
        group = api.call("POST", "/group", {"name": f"Meanwhile {word}", "type": "CLUB"})
        door.open()
        page.locator(".rows a", has_text=f"Meanwhile {word}").wait_for()
        browser.listen()
    assert page.locator(".failure").count() == 0
    api.call("DELETE", f"/group/{group['id']}")
    page.locator(".rows .row", has_text=f"Meanwhile {word}").get_by_text("INACTIVE").first.wait_for()
    browser.go("trail")
    browser.settle()
    browser.listen()
    with browser.refused():
        door.shut()
        browser.eventually(lambda: state.inner_text() == "not connected", "and again")
        api.call("POST", f"/group/{group['id']}/activate", {})
        door.open()
        page.locator(".rows .row", has_text=f"Meanwhile {word} was activated again").wait_for()
    door.shut()


@test
def signs_out_who_is_not_known_any_longer(browser, api):
    """A token that is refused leads to the page that says why, and how to get another."""
    browser.token = api.token_of(api.account(f"passing-{os.getpid()}@acme.example", "AUDITOR"))
    browser.sign_in()
    place = "**/api/v1/employee?*"
    with browser.refused():
        browser.page.route(place, lambda route: route.fulfill(
            status=401, content_type="application/problem+json", body='{"title":"Unauthorized","detail":"The token has expired."}'))
        browser.go("people")
        browser.page.wait_for_selector("#token")
    assert "The token has expired." in browser.page.inner_text("main")
    assert browser.page.evaluate("sessionStorage.length") == 0
