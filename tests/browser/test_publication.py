"""The published pages in a real browser: accessible, quiet, readable on a small screen, without script."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = ("index.html", "methods.html")
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@contextmanager
def opened(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    scheme: str = "light",
    script: bool = True,
    media: str = "screen",
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        bypass_csp=script,  # the page forbids every script, that of the test too
    )
    page = context.new_page()
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(address)
    yield page
    context.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, publication: Path, name: str, width: int, scheme: str) -> None:
    with opened(browser, (publication / name).as_uri(), width=width, scheme=scheme) as page:
        unfold(page)
        results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_anybody(browser: Browser, publication: Path, name: str) -> None:
    """Over HTTP, where a browser would ask for an icon: the page and nothing else."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(publication))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        context = browser.new_context(java_script_enabled=True)
        page = context.new_page()
        complaints: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}", wait_until="networkidle")
        context.close()
    finally:
        server.shutdown()
        server.server_close()
    assert [url.split("/")[-1] for url in requests if not url.startswith("data:")] == [name]
    assert asked == [f"/{name}"]
    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(
    browser: Browser, publication: Path, name: str, width: int, script: bool
) -> None:
    with opened(browser, (publication / name).as_uri(), width=width, script=script) as page:
        if script:
            unfold(page)
            assert page.evaluate("document.documentElement.scrollWidth") == width
        else:
            box = page.locator("body").bounding_box()
            assert box is not None
            assert box["width"] <= width


def test_figures_are_not_cut_off_on_a_telephone(browser: Browser, publication: Path) -> None:
    with opened(browser, (publication / "index.html").as_uri(), width=320) as page:
        unfold(page)
        page.evaluate("document.querySelector('.totals tbody th').textContent = 'x'.repeat(60)")
        too_wide = page.locator(".scroll:has(.totals), .scroll:has(.evidence)").evaluate_all(
            "parts => parts.filter(part => part.scrollWidth > part.clientWidth).length"
        )
    assert too_wide == 0


def test_the_report_reads_without_script(browser: Browser, publication: Path) -> None:
    with opened(browser, (publication / "index.html").as_uri(), script=False) as page:
        assert page.get_by_role("heading", level=1).is_visible()
        page.get_by_role("link", name="Foreign visitors, by nationality").first.click()
        assert page.url.endswith("#f-visitors-by-nationality")
        hidden = page.get_by_role("table", name="Records in jj_110, continued")
        assert not hidden.is_visible()
        page.get_by_text("The remaining rows").click()
        assert hidden.is_visible()


def test_bars_are_as_long_as_their_figures(browser: Browser, publication: Path) -> None:
    with opened(browser, (publication / "index.html").as_uri()) as page:
        widths = page.locator("#f-companies-by-owner .fill").evaluate_all(
            "bars => bars.map(bar => bar.getBoundingClientRect().width)"
        )
    assert [round(width / max(widths), 2) for width in widths] == [
        round(value / 429, 2) for value in (311, 429, 236)
    ]


def test_a_table_has_its_caption_and_its_heads_for_a_screen_reader(
    browser: Browser, publication: Path
) -> None:
    with opened(browser, (publication / "index.html").as_uri()) as page:
        table = page.locator("#f-visitors-by-nationality").get_by_role("table")
        assert table.get_by_role("columnheader").all_inner_texts() == ["nationality", "People low–high"]
        assert table.get_by_role("rowheader", name="Kazakhstan KAZ").count() == 1
        line = page.get_by_role("img", name="Foreign visitors, by month of entry")
        assert line.count() == 1


def test_dark_and_light_differ(browser: Browser, publication: Path) -> None:
    shades = set()
    for scheme in ("light", "dark"):
        with opened(browser, (publication / "index.html").as_uri(), scheme=scheme) as page:
            shades.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(shades) == 2


def test_print_unfolds_what_is_folded(browser: Browser, publication: Path) -> None:
    with opened(browser, (publication / "index.html").as_uri(), media="print") as page:
        assert page.get_by_role("table", name="Records in jj_110, continued").is_visible()
        assert not page.get_by_role("navigation", name="Contents").is_visible()
