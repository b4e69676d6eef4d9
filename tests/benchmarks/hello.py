"""What everything is measured against: bare Flask with a session cookie, served as we are."""

from __future__ import annotations

import sys

from flask import Flask, session
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def app(*_: object) -> Flask:
    bare = Flask("hello")
    bare.secret_key = "only for this measurement"

    @bare.get("/")
    def hello() -> str:
        if "account" not in session:
            session["account"] = "0" * 32
        return "hello"

    return bare


if __name__ == "__main__":
    Granian(
        "tests.benchmarks.hello:app",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        log_level=LogLevels.warning,
        factory=True,
    ).serve(target_loader=app)
