"""Fixtures for every test: an edited file, a browser without a network."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]
LOCAL = ("file:", "data:", "blob:")

# What is visible of each type of plot; a picture counts once it is decoded.
COUNT = """() => {
  const seen = selector => [...document.querySelectorAll(selector)]
    .filter(node => node.getClientRects().length);
  return {
    scatter: seen('#plot_container .scatterlayer .trace').length,
    bar_chart: seen('.barlayer .point').length,
    boxplot: seen('.boxlayer path.box').length,
    table: seen('#table_container tbody tr').length,
    image: seen('#image_container img')
      .filter(img => img.complete && img.naturalWidth).length,
  };
}"""
# The plots: name -> type, as the page has them.
TYPES = """() => Object.fromEntries(Object.entries(window._plots).map(
  ([kind, plots]) => [kind, Object.values(plots)[0].type]))"""


@pytest.fixture
def edit(monkeypatch):
    """`edit(file)`: from here on it reads as if it had another line."""
    read_text = Path.read_text

    def edit_(file):
        def read_edited(path, *arguments, **keywords):
            text = read_text(path, *arguments, **keywords)
            return text + "# edited" * (path.resolve() == file.resolve())

        monkeypatch.setattr(Path, "read_text", read_edited)

    return edit_


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; without one, the tests that look at it skip."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(
            f"expected one of {BROWSERS} on the PATH, got none: install it, "
            f"for example with apt-get install chromium"
        )
    api = pytest.importorskip(
        "playwright.sync_api", reason="needs pip install playwright"
    )
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_report(browser):
    """`open_report(path)`: the file in a browser without network.

    Returns a playwright Page. Its `problems` lists the errors and the
    requests so far; the test fails at its end if there is one.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_offline(True)
    problems = []

    def local_only(route):
        if route.request.url.startswith(LOCAL):
            return route.continue_()
        problems.append(f"request: {route.request.url}")
        return route.abort()

    def keep_errors(message):
        if message.type == "error":
            problems.append(f"console: {message.text}")

    context.route("**/*", local_only)

    def open_(path):
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", keep_errors)
        page.problems = problems
        page.goto(Path(path).resolve().as_uri())
        return page

    yield open_
    context.close()
    assert not problems


@pytest.fixture
def check_report(open_report):
    """`check_report(path, screenshots=artifacts/)`: what the report draws.

    Selects every chart type and every entry of its menus. Returns, for each
    chart type, how many traces, bars, boxes, rows or pictures are visible;
    fails if one shows nothing, if the page has an error, or asks for a file.
    A screenshot per chart type goes to `screenshots`.
    """

    def check(path, screenshots=ROOT / "artifacts"):
        page, name = open_report(path), Path(path).stem
        drawn = {}
        for kind, shape in page.evaluate(TYPES).items():
            page.locator("#plot_kind").first.select_option(kind)
            drawn[kind] = _wait_for(page, shape)
            page.screenshot(path=screenshots / f"{name}_{kind}.png")
            menus = page.locator(f"#{kind}-custom-params-container").first
            for menu in menus.locator("select").all():
                values = [
                    option.get_attribute("value")
                    for option in menu.locator("option").all()
                ]
                if len(values) > 1:
                    for value in [*values, values[0]]:
                        menu.select_option(value)
        assert not page.problems
        assert all(drawn.values()), f"expected every plot drawn, got {drawn}"
        return drawn

    return check


def _wait_for(page, shape):
    """Count the visible marks of a type, once there are some (2 s)."""
    for _ in range(100):
        count = page.evaluate(COUNT)[shape]
        if count:
            return count
        page.wait_for_timeout(20)
    return 0
