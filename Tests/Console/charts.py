"""The chart: drawing, finding, and moving people."""

import os

from suite import test


@test
def draws_the_chart(browser, api):
    """The chart has everybody, below the managers that the API names."""
    browser.sign_in()
    browser.open_all()
    assert browser.chart() == api.tree()
    browser.page.get_by_role("button", name="Close all").click()
    browser.settle()
    assert browser.page.locator("[role=treeitem][aria-level='2']").count() == 0


@test
def shows_other_lines_on_demand(browser, api):
    browser.sign_in()
    browser.open_all()
    assert browser.page.locator(".lines .dotted").count() == 0
    browser.page.get_by_label("Other lines").check()
    assert browser.page.locator(".lines .dotted").count() > 0
    assert " to " in browser.page.locator(".lines .dotted title").first.text_content()


@test
def finds_somebody(browser, api):
    """A name that is typed opens the way to a person; back leads to the chart again."""
    browser.sign_in()
    people = api.people()
    name = sorted(people)[-1]
    browser.page.keyboard.press("/")
    browser.page.keyboard.type(name)
    browser.page.locator(".picker [role=option]").first.wait_for()
    browser.page.keyboard.press("Enter")
    browser.card(name).wait_for()
    browser.settle()
    assert browser.page.evaluate("document.activeElement.dataset.id") == people[name]["id"]
    browser.page.keyboard.press("Enter")
    browser.page.wait_for_selector(f"h1:has-text('{name}')")
    browser.page.go_back()
    browser.card(name).wait_for()


def drag(browser, name, target, picture=None):
    start, end = browser.box(name), browser.box(target)
    mouse = browser.page.mouse
    mouse.move(start["x"] + 120, start["y"] + 30)
    mouse.down()
    mouse.move(start["x"] + 130, start["y"] + 38)
    mouse.move(end["x"] + 60, end["y"] + 20, steps=8)
    if picture:
        browser.picture(picture)
    mouse.up()
    return end


def direct(api, person):
    return [line["managerId"] for line in api.get(f"/employee/{person}")["managers"] if line["type"] == "DIRECT"]


def undo(browser, api, person, before):
    browser.page.get_by_role("button", name="Undo").click()
    browser.eventually(lambda: direct(api, person) == before, "it is undone")
    browser.settle()


@test
def moves_by_dragging(browser, api):
    browser.sign_in()
    people = api.people()
    dmytro, chloe = people["Dmytro Bondar"], people["Chloé Martin"]
    before = direct(api, dmytro["id"])
    browser.reveal("Dmytro Bondar")
    drag(browser, "Dmytro Bondar", "Chloé Martin", "drag")
    browser.page.get_by_text("Dmytro Bondar now reports to Chloé Martin.").first.wait_for()
    lines = api.get(f"/employee/{dmytro['id']}")["managers"]
    assert [one["managerId"] for one in lines if one["type"] == "DIRECT"] == [chloe["id"]]

    def others(lines):
        return [one["managerId"] for one in lines if one["type"] != "DIRECT"]

    assert others(lines) == others(dmytro["managers"]), "other lines stay"
    undo(browser, api, dmytro["id"], before)


@test(size=(380, 740), touch=True)
def moves_by_touch(browser, api):
    """A finger that holds a card for a moment drags it; one that moves at once scrolls."""
    browser.sign_in()
    people, name = api.people(), "Dmytro Bondar"
    person, bruno = people[name]["id"], people["Bruno Silva"]["id"]
    before = direct(api, person)
    browser.reveal(name)
    browser.page.evaluate("document.querySelector('.canvas').scrollIntoView()")
    target = sorted(one["name"] for one in people.values() if bruno in direct(api, one["id"]) and one["name"] > name)[1]
    touches = browser.page.context.new_cdp_session(browser.page)

    def touch(kind, *points):
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def point(name):
        box = browser.box(name)
        return box["x"] + 60, box["y"] + 20

    x, y = point(name)
    touch("touchStart", (x, y))
    touch("touchMove", (x, y - 20))
    touch("touchMove", (x, y - 40))
    touch("touchEnd")
    browser.page.wait_for_timeout(700)
    assert browser.page.locator(".ghost").count() == 0, "that was no drag"
    (x, y), (to_x, to_y) = point(name), point(target)
    touch("touchStart", (x, y))
    browser.page.locator(".ghost").wait_for()
    for part in range(1, 9):
        touch("touchMove", (x + (to_x - x) * part / 8, y + (to_y - y) * part / 8))
    browser.picture("touch")
    touch("touchEnd")
    browser.page.get_by_text(f"{name} now reports to {target}.").first.wait_for()
    assert direct(api, person) == [people[target]["id"]]
    undo(browser, api, person, before)


@test
def moves_by_keyboard(browser, api):
    browser.sign_in()
    keys = browser.page.keyboard
    name = "Łukasz Wiśniewski"
    person = api.people()[name]["id"]
    before = direct(api, person)
    browser.reveal(name)
    keys.press("m")
    assert "Choose the new manager" in browser.page.inner_text("#toasts")
    keys.press("Escape")
    assert "Not moved" in browser.page.inner_text("#toasts")
    keys.press("m")
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    if browser.page.evaluate("document.activeElement.ariaExpanded") == "true":
        keys.press("ArrowLeft")
    keys.press("Home")
    top = browser.page.evaluate("document.activeElement.dataset.id")
    keys.press("Enter")
    browser.page.get_by_text(f"{name} now reports to").first.wait_for()
    assert direct(api, person) == [top]
    undo(browser, api, person, before)


@test
def refuses_a_cycle(browser, api):
    """Whoever is moved below their own report is refused, at the card of that report, and nothing changes."""
    browser.sign_in()
    before = api.tree()
    browser.reveal("Dmytro Bondar")
    with browser.refused():
        end = drag(browser, "Bruno Silva", "Dmytro Bondar")
        browser.page.wait_for_selector(".refusal")
    refusal = browser.page.locator(".refusal")
    assert "Bruno Silva cannot report to Dmytro Bondar" in refusal.inner_text()
    assert refusal.get_attribute("role") == "alert"
    box = refusal.bounding_box()
    assert abs(box["x"] - end["x"]) < 30 and 0 < box["y"] - end["y"] < 90, "it is where it happened"
    browser.picture("cycle")
    browser.axe("a refusal")
    assert api.tree() == before
    refusal.get_by_role("button", name="Close").click()


@test
def puts_changes_in_their_places(browser, api):
    """People that others hire, move and deactivate are put in place on the open chart. What is open, in sight and selected stays, and the
    rest is not read again."""
    page, word, asked = browser.page, os.getpid(), []
    bruno, chloe = (api.people()[name]["id"] for name in ("Bruno Silva", "Chloé Martin"))

    def hire(name, manager):
        made = api.call("POST", "/employee", {"name": f"{name} {word}", "email": f"{name.lower()}-{word}@acme.example"})
        api.call("PUT", f"/employee/{made['id']}/managers", [{"managerId": manager, "type": "DIRECT"}])
        return made["id"]

    def is_read_again():
        return [url for url in asked if "depth=all" in url or "manager=none" in url]

    def below(person):
        return int(page.locator(f"[data-id='{person}'] .toggle").inner_text().rstrip("‹›"))

    def is_right():
        return browser.chart() == api.tree()

    lea = hire("Lea", bruno)
    rea, sia = hire("Rea", lea), hire("Sia", lea)
    browser.sign_in()
    browser.open_all()
    browser.listen()
    browser.reveal(f"Sia {word}")
    page.on("request", lambda request: asked.append(request.url))
    # Cards before this one are above what is in sight.
    page.locator(".canvas").evaluate(
        "(one) => { one.scrollTop += document.activeElement.getBoundingClientRect().top - one.getBoundingClientRect().top - 30; }")
    place, before = browser.box(f"Sia {word}"), below(bruno)
    aina = hire("Aina", lea)
    browser.eventually(lambda: below(bruno) == before + 1 and below(lea) == 3, "those above are counted again")
    assert browser.box(f"Sia {word}") == place, "what is in sight stays"
    assert page.evaluate("document.activeElement.dataset.id") == sia
    api.call("PUT", f"/employee/{lea}/managers", [{"managerId": chloe, "type": "DIRECT"}])
    page.locator(f"[data-key$='{chloe}/{lea}/{sia}']").wait_for()
    assert page.evaluate("document.activeElement.dataset.id") == sia, "the same card has the focus"
    browser.eventually(is_right, "whoever is below has moved along", 40)
    api.call("DELETE", f"/employee/{lea}")
    browser.eventually(is_right, "those below somebody who left are at the top", 40)
    api.call("POST", f"/employee/{lea}/activate", {})
    hired = {lea, rea, sia, aina}
    browser.eventually(lambda: {one for one, manager in browser.chart() if not manager} & hired == {lea}, "they are below again", 40)
    assert not is_read_again()
    others = [one["id"] for one in api.people().values() if one["id"] not in hired][:90]
    lines = [{"managerId": one, "type": "DOTTED"} for one in others]
    api.call("PUT", f"/employee/{rea}/managers", [{"managerId": lea, "type": "DIRECT"}, *lines])
    browser.eventually(is_read_again, "very many changes are read with all else")
    browser.settle()
    for one in hired:
        api.call("DELETE", f"/employee/{one}")
    browser.eventually(is_right, "they have left", 40)


@test
def zooms_and_pans(browser, api):
    browser.sign_in()
    browser.open_all()
    card, canvas = browser.page.get_by_role("treeitem").first, browser.page.locator(".canvas")
    before = card.bounding_box()["width"]
    browser.page.get_by_role("button", name="Zoom out").click()
    assert card.bounding_box()["width"] < before
    browser.page.get_by_role("button", name="Original size").click()
    assert abs(card.bounding_box()["width"] - before) < 1
    place = canvas.bounding_box()
    mouse = browser.page.mouse
    mouse.move(place["x"] + place["width"] - 40, place["y"] + 300)
    mouse.down()
    mouse.move(place["x"] + place["width"] - 40, place["y"] + 100, steps=5)
    mouse.up()
    assert canvas.evaluate("(one) => one.scrollTop") > 100
