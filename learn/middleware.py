"""The middleware around the application, from the outermost: log, proxies, host."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from learn import metrics
from learn.config import ConfigError, Settings
from learn.host_check import HostCheck
from learn.request_log import RequestLog


def wrap(app: Flask, settings: Settings) -> None:
    """Put the middleware around the application, which has all its routes by now.

    Raises ConfigError if the public address has a path at which the site has pages.
    """
    prefix = settings.public_url.prefix if settings.public_url else ""
    taken = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    if prefix and prefix.split("/")[1] in taken:
        raise ConfigError(f"LEARN_PUBLIC_URL can't end in {prefix}: the site has pages there.")
    count = settings.trusted_proxies
    wrapped: Any = HostCheck(app.wsgi_app, settings.public_url, trusts_proxy=bool(count))
    if count:
        wrapped = ProxyFix(wrapped, count, count, count, count)
    app.wsgi_app = RequestLog(  # type: ignore[method-assign]
        wrapped, trusts_proxy=bool(count), meter=metrics.meter()
    )
