"""The three engines that browsers are made of, each as its vendor makes it, driven by selenium."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser import typefaces
from tests.browser.marionette import Marionette
from tests.conftest import chromium

WIDTH, HEIGHT = 360, 740
_PATIENCE = 60.0
_NARROWER = ":root { min-width: 0 !important; }"
"""For Firefox's own window, which is never narrower than 450 pixels otherwise."""
_FIREFOX_SETTINGS = {
    "marionette.port": 0,  # any that is free
    "network.proxy.type": 0,
    "security.sandbox.content.read_path_whitelist": f"{typefaces.FILES}/",
    "toolkit.legacyUserProfileCustomizations.stylesheets": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "services.settings.server": "data:,",
    "browser.safebrowsing.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.startup.page": 0,
    "browser.shell.checkDefaultBrowser": False,
    "accessibility.tabfocus": 7,
}

_SMALL_BUTTONS = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; font-size: 1px; }"
"""For the browser with nothing but WebKit: its window is as wide as its buttons at least."""


@dataclass(frozen=True)
class Engine:
    """An engine, with the programs that it needs here and Debian's packages of them."""

    name: str
    programs: tuple[str, ...]
    packages: str

    @property
    def is_here(self) -> bool:
        """Whether all its programs are on this machine."""
        return all(map(shutil.which, self.programs)) and (self is not CHROMIUM or bool(chromium()))


CHROMIUM = Engine("Chromium", ("chromedriver",), "chromium chromium-driver")
FIREFOX = Engine("Firefox", ("firefox-esr",), "firefox-esr")
WEBKIT = Engine("WebKit", ("WebKitWebDriver", "Xvfb", "xdotool"), "webkit2gtk-driver xvfb xdotool")
ENGINES = (CHROMIUM, FIREFOX, WEBKIT)


@contextlib.contextmanager
def opened(engine: Engine, *, scripts: bool = True) -> Iterator[WebDriver]:
    """A window of the engine as large as a small phone, with the fonts of the tests."""
    start = {CHROMIUM: _chromium, FIREFOX: _firefox, WEBKIT: _webkit}[engine]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        env |= {"HOME": folder, **typefaces.settings(Path(folder))}
        with start(Path(folder), env, scripts=scripts) as driver:
            driver.set_script_timeout(30)
            yield driver


@contextlib.contextmanager
def _chromium(folder: Path, env: dict[str, str], *, scripts: bool) -> Iterator[WebDriver]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium() or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/it"):
        options.add_argument(flag)
    options.add_argument("--disable-background-networking")
    phone = {"deviceMetrics": {"width": WIDTH, "height": HEIGHT, "pixelRatio": 1.0}}
    options.add_experimental_option("mobileEmulation", phone)
    if not scripts:
        settings = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", settings)
    service = webdriver.ChromeService(shutil.which("chromedriver"), env=env)
    driver = webdriver.Chrome(options, service)
    try:
        yield driver
    finally:
        driver.quit()


@contextlib.contextmanager
def _firefox(folder: Path, env: dict[str, str], *, scripts: bool) -> Iterator[WebDriver]:
    settings = _FIREFOX_SETTINGS | {"javascript.enabled": scripts}
    lines = [f"user_pref({_quoted(k)}, {_quoted(v)});" for k, v in settings.items()]
    (folder / "user.js").write_text("\n".join(lines))
    (folder / "chrome").mkdir()
    (folder / "chrome" / "userChrome.css").write_text(_NARROWER)
    arguments = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", folder]
    with _running(arguments, env) as process:
        port = _first_line(folder / "MarionetteActivePort", process)
        driver = webdriver.Remote(Marionette(int(port)), options=webdriver.FirefoxOptions())
        driver.set_window_rect(0, 0, WIDTH, HEIGHT)
        try:
            yield driver
        finally:
            driver.quit()


@contextlib.contextmanager
def _webkit(folder: Path, env: dict[str, str], *, scripts: bool) -> Iterator[WebDriver]:
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(_mini_browser())
    for argument in ("--automation", f"--enable-javascript={scripts}".lower()):
        options.add_argument(argument)
    style = folder / ".config" / "gtk-3.0" / "gtk.css"
    style.parent.mkdir(parents=True)
    style.write_text(_SMALL_BUTTONS)
    shown = folder / "display"
    with shown.open("w") as file:
        fd = file.fileno()
        screen = ["Xvfb", "-displayfd", str(fd), "-screen", "0", "800x800x24", "-nolisten", "tcp"]
        with _running(screen, env, pass_fds=(fd,)) as process:
            display = _first_line(shown, process)
            env |= {"DISPLAY": f":{display}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
            service = webdriver.WebKitGTKService(shutil.which("WebKitWebDriver"), env=env)
            service.start()
            try:
                driver = webdriver.Remote(_connection(service.service_url), options=options)
                driver.set_window_rect(0, 0, WIDTH, HEIGHT)
                focus = ["xdotool", "search", "--onlyvisible", "--class", "MiniBrowser"]
                subprocess.run([*focus, "windowfocus", "--sync"], env=env, check=True, timeout=30)
                yield driver
                driver.quit()
            finally:
                service.stop()


def _mini_browser() -> Path:
    """Find the browser with nothing but WebKit, which is not on the path."""
    return max(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))


def _connection(address: str) -> RemoteConnection:
    return RemoteConnection(client_config=ClientConfig(address))


@contextlib.contextmanager
def _running(arguments: list[Any], env: dict[str, str], **how: Any) -> Iterator[Any]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(arguments, env=env, stdout=quiet, stderr=quiet, **how) as process:
        try:
            yield process
        finally:
            process.terminate()


def _first_line(path: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until a program has written a line, and return it."""
    until = time.monotonic() + _PATIENCE
    while not (path.exists() and path.read_text().strip()):
        assert process.poll() is None, f"{process.args} has ended"
        assert time.monotonic() < until, f"{process.args} has not begun"
        time.sleep(0.02)
    return path.read_text().split()[0]


def _quoted(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


def versions(driver: WebDriver) -> str:
    """The engine that is driven, with its version."""
    return f"{driver.capabilities['browserName']} {driver.capabilities['browserVersion']}"
