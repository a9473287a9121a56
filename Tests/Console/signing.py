"""Signing in, and what those see who may only read."""

import os

from suite import test


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
    assert "directory token --account" in page.inner_text("main"), "the page says how to make a token"
    with browser.refused():
        page.get_by_label("Token", exact=True).fill("not.a.token")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#token[aria-invalid=true]")
    assert page.inner_text("#token-wrong"), "it says why not"
    browser.axe("a token that is refused")
    page.get_by_label("Token", exact=True).fill(browser.token)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("[role=treeitem]")


@test
def leads_here_from_the_root(browser, api):
    browser.page.goto(browser.address + "/")
    assert browser.page.url.split("#")[0] == browser.address + "/console"


@test
def shows_an_employee_what_an_employee_may_do(browser, api):
    """No form that would be refused, no trail; one's own profile can be changed. Nothing that is read is refused."""
    page, people = browser.page, api.people()
    own = api.call("POST", "/employee", {"name": "Sana Own", "email": f"own-{os.getpid()}@acme.example"})
    browser.token = api.token_of(api.account(f"sana-{os.getpid()}@acme.example", "EMPLOYEE", own["id"]))
    browser.sign_in()
    browser.settle()
    assert "Trail" not in page.inner_text("nav")
    assert not page.get_by_label("Compare with the day").is_visible()
    page.get_by_role("treeitem").first.focus()
    page.keyboard.press("m")
    assert "may not change" in page.inner_text("#toasts")
    for place, button in (("people", "Hire somebody"), ("groups", "Make a group"), ("accounts", "Make an account")):
        browser.go(place)
        browser.settle()
        assert page.get_by_role("button", name=button).count() == 0
    browser.axe("the accounts that an employee sees")
    browser.go(f"person/{people['Bruno Silva']['id']}")
    browser.settle()
    assert page.locator("main button").count() == 0, "nothing of another can be changed"
    assert "for those with the role" in page.get_by_role("region", name="History", exact=True).inner_text()
    browser.go(f"group/{api.get('/group', limit=1)[0]['id']}")
    browser.settle()
    assert page.locator(".title button").count() == 0
    browser.go("trail")
    assert "may not read the trail" in page.inner_text("main")
    browser.go("entry/20")
    browser.settle()
    assert "you may not read it" in page.inner_text("main")
    browser.go(f"person/{own['id']}")
    browser.settle()
    assert page.locator("main button").all_inner_texts() == ["Profile"]
    page.get_by_role("button", name="Profile").click()
    bio = f"Likes numbers, {os.getpid()}"
    page.locator("dialog [name=bio]").fill(bio)
    page.get_by_role("button", name="Save").click()
    page.get_by_text(bio).wait_for()
    browser.axe("what an employee sees")
    browser.picture("employee")
