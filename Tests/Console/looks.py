"""Every view, wide and narrow, light and dark: axe-core finds nothing, nothing is wider than the window, and a picture is taken."""

from suite import test

SIZES = {1300: 850, 380: 740}


def places(api):
    """An address of each view."""
    person = api.people()["Bruno Silva"]["id"]
    return {
        "chart": "chart", "past": "chart?at=2025-06-01T21:59:59Z", "compare": "chart?with=2026-01-01T22:59:59Z", "people": "people",
        "person": f"person/{person}", "groups": "groups", "group": f"group/{api.get('/group', limit=1)[0]['id']}", "accounts": "accounts",
        "account": f"account/{api.get('/account/me')['id']}", "trail": "trail", "entry": "entry/20", "nobody": "people?q=nobodyatall",
        "unknown": "person/00000000-0000-7000-8000-000000000000",
    }


def looks(width, scheme):
    def run(browser, api):
        page = browser.page

        def look(name):
            browser.axe(f"{name} at {width} pixels, {scheme}")
            page.wait_for_timeout(200)
            browser.picture(f"{name}-{width}-{scheme}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} pixels wide"

        page.goto(f"{browser.address}/console")
        page.wait_for_selector("#token")
        look("sign-in")
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
            look(name)
            exact = page.locator("main time").evaluate_all("(all) => all.every((one) => one.title.endsWith(' UTC'))")
            assert exact, f"{name}: the exact time in UTC is where one points"
        browser.go("people")
        page.get_by_role("button", name="Hire somebody").click()
        look("form")

    run.__name__ = f"looks_right_at_{width}_{scheme}"
    return test(size=(width, SIZES[width]), scheme=scheme)(run)


for each in SIZES:
    for colours in ("light", "dark"):
        looks(each, colours)


@test
def has_addresses_that_can_be_shared(browser, api):
    """The address of a view shows it to whoever opens it, and back leads through all that one has seen."""
    browser.sign_in()
    seen = []

    def view():
        browser.settle()
        page = browser.page
        return page.locator("#main h1").inner_text(), page.title()

    for name, place in places(api).items():
        with browser.refused():
            browser.go(place)
            seen.append((browser.page.url, view()))
    with browser.refused():
        for url, what in seen:
            browser.page.goto("about:blank")
            browser.page.goto(url)
            browser.page.wait_for_selector("#main h1", state="attached")
            assert view() == what, url
        browser.page.goto(seen[0][0])
        for url, _ in seen[1:]:
            browser.page.evaluate("(url) => { location.href = url; }", url)
            view()
        for url, what in reversed(seen[:-1]):
            browser.page.go_back()
            assert browser.page.url == url and view() == what, url
