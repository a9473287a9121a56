"""A browser at the console, and the API next to it."""

import contextlib
import json
import os
import shutil
import time
import urllib.parse
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright


class API:
    """The public API, to see whether the console shows what it says."""

    def __init__(self, address, token, organization=None):
        self.address, self.token, self.organization = address, token, organization

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        if self.organization:
            request.add_header("X-Organization", self.organization)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as response:
            text = response.read()
            return json.loads(text) if text else None

    def get(self, path, **query):
        query = {name: value for name, value in query.items() if value is not None}
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def offers(self, path):
        """Whether the service has a path: another version may not."""
        with urllib.request.urlopen(f"{self.address}/openapi.json") as response:
            return f"/api/v1{path}" in json.load(response)["paths"]


class Browser:
    """One page of a real Chromium, which remembers what went wrong in it and where it went."""

    def __init__(self, page, address, token, pictures):
        self.page, self.address, self.token, self.pictures = page, address, token, pictures
        self.errors, self.elsewhere, self.refusals = [], [], 0
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self.hear)
        page.on("request", self.see)

    def hear(self, message):
        if message.type not in ("error", "warning"):
            return
        # A browser reports every refusal of a service as an error, also one that a test asks for.
        if "Failed to load resource" in message.text and self.refusals:
            return
        self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def see(self, request):
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.elsewhere.append(request.url)

    @contextlib.contextmanager
    def refused(self):
        """While something is refused on purpose."""
        self.refusals += 1
        yield
        self.page.wait_for_timeout(100)
        self.refusals -= 1

    def go(self, place):
        self.page.goto(f"{self.address}/console#/{place}")
        self.page.wait_for_selector("#main h1", state="attached")

    def settle(self):
        """Waits until nothing is read any longer."""
        self.page.wait_for_timeout(150)
        busy = self.page.locator("#main [aria-busy=true], #main .loading")
        self.eventually(lambda: busy.count() == 0, "it has been read", 60)

    def sign_in(self):
        self.page.goto(f"{self.address}/console#token={self.token}")
        self.page.wait_for_selector("[role=treeitem]")

    def card(self, name):
        return self.page.locator("[role=treeitem]", has=self.page.get_by_text(name, exact=True)).first

    def box(self, name):
        """Where a card is, once it stays there."""
        before, box = None, self.card(name).bounding_box()
        while box is None or box != before:
            self.page.wait_for_timeout(150)
            before, box = box, self.card(name).bounding_box()
        return box

    def open_all(self):
        self.page.get_by_role("button", name="Open all levels").click()
        self.settle()

    def chart(self):
        """The people on the chart, each with the manager above: ids, from top to bottom."""
        return self.page.evaluate("""async () => {
            const canvas = document.querySelector('.canvas'), found = new Map();
            const read = () => {
                for (const card of document.querySelectorAll('[role=treeitem][data-id]')) {
                    const way = card.dataset.key.split('/');
                    found.set(card.dataset.key, [way.at(-1), way.at(-2)]);
                }
            };
            canvas.scrollTop = 0;
            for (;;) {
                await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
                read();
                const before = canvas.scrollTop;
                canvas.scrollTop += canvas.clientHeight / 2;
                if (canvas.scrollTop === before) return [...found.values()];
            }
        }""")

    def axe(self, what):
        """axe-core finds nothing."""
        results = Axe().run(self.page)
        found = results.response["violations"]
        assert not found, f"{what}: " + "; ".join(
            f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}" for one in found)

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=os.path.join(self.pictures, f"{name}.png"))

    def eventually(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, what
            self.page.wait_for_timeout(50)


@contextlib.contextmanager
def chromium():
    """The system's Chromium."""
    program = os.environ.get("DIRECTORY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "There is no Chromium here."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened(browser, address, token, pictures=None, size=(1300, 850), scheme="light"):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en-GB", timezone_id="Europe/Berlin",
        accept_downloads=True)
    try:
        yield Browser(context.new_page(), address, token, pictures)
    finally:
        context.close()
