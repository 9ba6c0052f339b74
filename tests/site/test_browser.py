"""The documentation site in Chromium: search, tables that can be filtered, narrow screens, dark mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
PLATFORMS = "docs/platforms.html"
NARROW = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
SEARCH = """return [...document.querySelectorAll('*')].filter(found => found.shadowRoot)
    .flatMap(found => [...found.shadowRoot.querySelectorAll('a')])
    .map(found => [found.getAttribute('href'), found.textContent]);"""
"""Returns what the search has found; the search is in a shadow root."""
PASTE = "navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))"
LUMINANCE = """const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
    return Math.max(r, g, b);"""


def wait(browser: Chrome, condition: Callable[[], T]) -> T:
    return WebDriverWait(browser, 10).until(lambda _: condition())


def rows(browser: Chrome) -> list[WebElement]:
    found = browser.find_elements(By.CSS_SELECTOR, ".filterable tbody tr")
    return [row for row in found if row.is_displayed()]


def names(browser: Chrome) -> list[str | None]:
    return [row.get_attribute("id") for row in rows(browser)]


def filter_field(browser: Chrome) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, ".table-filter")


def status(browser: Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, ".table-status").text


def cell(browser: Chrome, row: str, column: int) -> WebElement:
    return browser.find_element(
        By.XPATH, f"//tr[@id='{row}']/td[{column}]//code[contains(@role, 'button')]"
    )


def test_search_finds_a_page(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/index.html")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    wait(browser, lambda: browser.switch_to.active_element.tag_name != "body")
    browser.switch_to.active_element.send_keys("armhf")
    found = wait(browser, lambda: browser.execute_script(SEARCH))
    assert any(PLATFORMS in (link or "") for link, _ in found), found


def test_the_filter_finds_rows_and_is_in_the_url(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}")
    total = len(rows(browser))
    assert status(browser) == f"{total} of {total} rows"
    filter_field(browser).send_keys("armhf linux/arm/v7")
    wait(browser, lambda: len(rows(browser)) == 1)
    assert names(browser) == ["linux/arm/v7"]
    assert status(browser) == f"1 of {total} rows"
    shared = browser.current_url
    assert shared.endswith("?filter=armhf+linux%2Farm%2Fv7")
    browser.get(shared)
    assert names(browser) == ["linux/arm/v7"]
    filter_field(browser).send_keys(Keys.CONTROL, "a", Keys.DELETE)
    wait(browser, lambda: len(rows(browser)) == total)
    assert "?" not in browser.current_url


@pytest.mark.parametrize("text", ["no such platform", "<b>", "\\", "%"])
def test_a_filter_without_a_match_shows_no_rows(text: str, browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}")
    filter_field(browser).send_keys(text)
    wait(browser, lambda: status(browser).startswith("0 of"))
    assert rows(browser) == []


def test_a_filter_ignores_case_and_the_order_of_words(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}?filter=S390X%20%20LINUX")
    assert names(browser) == ["linux/s390x"]


@pytest.mark.parametrize("row", ["linux/arm/v7", "wasi/wasm"])
def test_a_link_leads_to_its_row(row: str, browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}#{row}")
    found = browser.find_element(By.CSS_SELECTOR, "tr.target")
    assert found.get_attribute("id") == row
    place = "const box = arguments[0].getBoundingClientRect(); return [box.top, innerHeight - box.bottom]"
    assert min(browser.execute_script(place, found)) > 0
    link = found.find_element(By.CSS_SELECTOR, "a.row-link")
    assert link.get_attribute("href") == f"{address}/{PLATFORMS}#{row}"


def test_a_link_leads_to_a_row_that_the_filter_hides(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}?filter=s390x#linux/arm64")
    assert set(names(browser)) == {"linux/s390x", "linux/arm64"}


def test_an_unknown_row_is_ignored(browser: Chrome, address: str) -> None:
    browser.get(f"{address}/{PLATFORMS}#linux/none")
    assert browser.find_elements(By.CSS_SELECTOR, "tr.target") == []
    assert len(rows(browser)) > 1


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
def test_a_cell_is_copied(way: str, browser: Chrome, address: str) -> None:
    allowed = {"origin": address, "permissions": ["clipboardReadWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    browser.get(f"{address}/{PLATFORMS}?filter=linux/arm")
    found = cell(browser, "linux/arm/v7", 3)
    if way == "click":
        found.click()
    else:
        browser.execute_script("arguments[0].focus()", found)
        browser.switch_to.active_element.send_keys(Keys.ENTER if way == "Enter" else Keys.SPACE)
    wait(browser, lambda: status(browser) == "Copied armv7-unknown-linux-gnueabihf")
    assert browser.execute_async_script(PASTE) == "armv7-unknown-linux-gnueabihf"


def test_a_cell_is_copied_without_the_clipboard_api(browser: Chrome, address: str) -> None:
    allowed = {"origin": address, "permissions": ["clipboardReadWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    browser.get(f"{address}/{PLATFORMS}?filter=linux/arm")
    browser.execute_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    cell(browser, "linux/arm/v7", 4).click()
    wait(browser, lambda: status(browser) == "Copied arm-linux-gnueabihf")
    assert browser.execute_async_script(PASTE) == "arm-linux-gnueabihf"


def test_no_page_scrolls_sideways_on_a_narrow_screen(
    browser: Chrome, address: str, site: Path
) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    wide = []
    for path in sorted(site.rglob("*.html")):
        browser.get(f"{address}/{path.relative_to(site)}")
        if browser.execute_script("return document.documentElement.scrollWidth > innerWidth"):
            wide.append(str(path.relative_to(site)))
    assert wide == []


def test_the_filter_works_on_a_narrow_screen(browser: Chrome, address: str) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    browser.get(f"{address}/{PLATFORMS}")
    field = filter_field(browser)
    field.send_keys("wasm")
    wait(browser, lambda: names(browser) == ["wasi/wasm"])
    assert field.rect["x"] + field.rect["width"] <= NARROW["width"]


@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False)])
def test_pages_are_as_dark_as_the_reader_prefers(
    scheme: str, dark: bool, browser: Chrome, address: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(f"{address}/{PLATFORMS}")
    assert (browser.execute_script(LUMINANCE) < 128) is dark
