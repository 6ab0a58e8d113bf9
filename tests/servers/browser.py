"""A real browser: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, expect, sync_playwright

from tests.waiting import LONGEST_MS

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium while the block runs; fails with the mend when there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, "there is no Chromium; `make browser` installs Debian's"
    expect.set_options(timeout=LONGEST_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()
