"""Forms, and the pages that they are on."""

import os

from suite import test


def wrong(browser, name):
    """What is said at a field of the form."""
    return browser.page.locator("dialog .field", has=browser.page.locator(f"[name={name}]")).locator(".wrong").inner_text()


@test
def fills_in_forms(browser, api):
    """What the API refuses of a field is said at that field; hiring, changing, regrouping and deactivating work."""
    browser.sign_in()
    browser.go("people")
    page = browser.page
    email = f"zoe-{os.getpid()}@acme.example"
    page.get_by_role("button", name="Hire somebody").click()
    with browser.refused():
        page.locator("dialog [name=email]").fill("nothing")
        page.get_by_role("button", name="Hire", exact=True).click()
        page.wait_for_selector("dialog [aria-invalid=true]")
    assert "e-mail" in wrong(browser, "email")
    browser.axe("a form with errors")
    page.locator("dialog [name=name]").fill("Zoë Ångström")
    page.locator("dialog [name=email]").fill(email)
    page.get_by_role("combobox", name="Reports to").fill("bruno")
    page.get_by_role("option", name="Bruno Silva").click()
    page.get_by_role("button", name="Hire", exact=True).click()
    page.wait_for_selector("h1:has-text('Zoë Ångström')")
    found = api.get("/employee", email=email)[0]
    assert found["managers"][0]["managerId"] == api.people()["Bruno Silva"]["id"]
    page.get_by_role("button", name="Change").click()
    page.locator("dialog [name=role]").fill("Smith")
    page.get_by_role("button", name="Save").click()
    page.locator(".lead", has_text="Smith").wait_for()
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
def moves_by_a_form(browser, api):
    """A manager that was typed and not chosen is refused at its field; the keyboard alone fills in the form, which gives the focus back."""
    browser.sign_in()
    page, keys = browser.page, browser.page.keyboard
    person = api.call("POST", "/employee", {"name": "Mo Ver", "email": f"mover-{os.getpid()}@acme.example"})
    browser.go(f"person/{person['id']}")
    page.get_by_role("button", name="Move").focus()
    keys.press("Enter")
    keys.type("Bru")
    page.get_by_role("option", name="Bruno Silva").wait_for()
    page.locator("dialog form").evaluate("(form) => form.requestSubmit()")
    page.get_by_text("Choose one from the list.").first.wait_for()
    field = page.get_by_role("combobox", name="Reports to")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("")
    field.fill("Bru")
    page.get_by_role("option", name="Bruno Silva").wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Enter")
    page.get_by_label("Reports to").get_by_text("Bruno Silva").wait_for()
    assert browser.focused() == "Move", "the focus is where it was"
    page.get_by_role("button", name="Move").click()
    page.locator("dialog form").wait_for()
    keys.press("Escape")
    page.locator("dialog").wait_for(state="detached")


@test
def erases_with_a_confirmation(browser, api):
    """Somebody is erased once a reason is given and the name written out, and is then without a name on every day."""
    browser.sign_in()
    page, name = browser.page, f"Vera Gone {os.getpid()}"
    person = api.call("POST", "/employee", {"name": name, "email": f"vera-{os.getpid()}@acme.example"})
    browser.go(f"person/{person['id']}")
    page.get_by_role("button", name="Erase").click()
    assert "for good" in page.inner_text("dialog")
    browser.axe("the confirmation")
    browser.picture("erase")
    page.locator("dialog [name=reason]").fill("GDPR-17")
    page.locator("dialog [name=confirmation]").fill("Somebody Else")
    page.get_by_role("button", name="Erase for good").click()
    browser.eventually(lambda: wrong(browser, "confirmation"), "it is refused")
    assert api.get(f"/employee/{person['id']}")["name"] == name
    page.locator("dialog [name=confirmation]").fill(name)
    page.get_by_role("button", name="Erase for good").click()
    page.locator(".title .erased").wait_for()
    browser.settle()
    assert api.get(f"/employee/{person['id']}")["status"]["current"] == "ERASED"
    assert name not in page.inner_text("main")
    assert page.locator(".title button").count() == 0, "nothing is left to be done"


@test
def grants_and_revokes_roles(browser, api):
    browser.sign_in()
    page = browser.page
    account = api.call("POST", "/account", {"email": f"granted-{os.getpid()}@acme.example", "name": "Gra Nted"})
    person = api.call("POST", "/employee", {"name": f"Gra {os.getpid()}", "email": f"gra-{os.getpid()}@acme.example"})
    browser.go(f"account/{account['id']}")
    page.get_by_role("button", name="Grant a role").click()
    browser.axe("the form of a grant")
    browser.picture("grant")
    page.locator("dialog [name=role]").select_option("AUDITOR")
    page.get_by_role("button", name="Grant", exact=True).click()
    page.get_by_label("Roles").get_by_text("AUDITOR").wait_for()
    page.get_by_role("button", name="Grant a role").click()
    page.locator("dialog [name=role]").select_option("MANAGER")
    page.get_by_role("combobox", name="As the person").fill(person["name"])
    page.get_by_role("option", name=person["name"]).click()
    page.get_by_role("button", name="Grant", exact=True).click()
    page.get_by_label("Roles").get_by_text("MANAGER").wait_for()
    grants = {one["role"]: one.get("employeeId") for one in api.get(f"/account/{account['id']}")["grants"]}
    assert grants == {"AUDITOR": None, "MANAGER": person["id"]}
    page.get_by_role("button", name="Revoke AUDITOR").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.get_by_role("button", name="Revoke AUDITOR").wait_for(state="detached")
    assert [one["role"] for one in api.get(f"/account/{account['id']}")["grants"]] == ["MANAGER"]


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


@test
def shows_names_of_any_script(browser, api):
    """A name in a script from right to left is that way wherever it is shown, and nothing else is."""
    browser.sign_in()
    name = f"مريم {os.getpid()}"
    person = api.call("POST", "/employee", {"name": name, "email": f"maryam-{os.getpid()}@acme.example", "role": "מנהלת"})
    bruno = api.people()["Bruno Silva"]["id"]
    api.call("POST", f"/employee/{person['id']}/managers", {"managerId": bruno, "type": "DIRECT"})
    browser.reveal(name)
    browser.picture("script-chart")
    places = [f"chart?focus={person['id']}", "people?q=" + name, f"person/{person['id']}", f"person/{bruno}", "trail"]
    for place in places:
        browser.go(place)
        browser.settle()
        shown = browser.page.locator("#main bdi", has_text=name).first
        shown.wait_for()
        assert shown.evaluate("(one) => getComputedStyle(one).direction") == "rtl", place
        assert shown.evaluate("(one) => getComputedStyle(one.parentElement).direction") == "ltr", place
    api.call("DELETE", f"/employee/{person['id']}")
