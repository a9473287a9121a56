"""A browser at the console."""

import contextlib
import os
import pathlib
import shutil
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources/Console"


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

    def use_sources(self):
        """Takes the console's files from the source, instead of from the program."""
        types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
        files = {path.name: path for path in SOURCES.glob("*/*")}
        policy = self.page.request.get(f"{self.address}/console").headers["content-security-policy"]

        def answer(route):
            name = route.request.url.split("#")[0].split("?")[0].removeprefix(f"{self.address}/console").removeprefix("/")
            file = files[name or "console.html"]
            route.fulfill(body=file.read_bytes(), headers={"content-type": types[file.suffix], "content-security-policy": policy})

        self.page.route("**/console", answer)
        self.page.route("**/console/*", answer)

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

    def listen(self):
        """Waits until changes of others show."""
        self.eventually(lambda: self.page.locator(".live").inner_text() == "live", "it listens")

    def card(self, name):
        return self.page.locator("[role=treeitem]", has=self.page.get_by_text(name, exact=True)).first

    def reveal(self, name):
        """Finds somebody on the chart by typing the name."""
        field = self.page.get_by_role("combobox", name="Find a person")
        field.fill(name)
        self.page.locator(".picker [role=option]").first.wait_for()
        field.press("Enter")
        self.card(name).wait_for()
        self.settle()

    def box(self, name):
        """Where a card is, once it stays there."""
        before, box = None, self.card(name).bounding_box()
        while box is None or box != before:
            self.page.wait_for_timeout(150)
            before, box = box, self.card(name).bounding_box()
        return box

    def focused(self):
        """The text of what the keyboard is at."""
        return self.page.evaluate("document.activeElement.textContent")

    def open_all(self):
        self.page.get_by_role("button", name="Open all").click()
        self.settle()

    def chart(self):
        """The people on the chart, each with the manager above: pairs of ids."""
        found = self.page.evaluate("""async () => {
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
        return {(person, manager) for person, manager in found}

    def axe(self, what):
        """axe-core finds nothing."""
        found = Axe().run(self.page).response["violations"]
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
def opened(browser, address, token, pictures=None, size=(1300, 850), scheme="light", touch=False):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en-GB", timezone_id="Europe/Berlin",
        accept_downloads=True, has_touch=touch)
    try:
        yield Browser(context.new_page(), address, token, pictures)
    finally:
        context.close()
