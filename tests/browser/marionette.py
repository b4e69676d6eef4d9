"""Firefox without a driver: what selenium asks for, said to the remote control within Firefox.

Debian has no geckodriver. It would only pass on the same commands, over the same connection.
"""

from __future__ import annotations

import json
import socket
from typing import Any

from selenium.webdriver.remote.command import Command

_NAMES = {
    Command.NEW_SESSION: "NewSession",
    Command.QUIT: "DeleteSession",
    Command.GET: "Navigate",
    Command.GET_CURRENT_URL: "GetCurrentURL",
    Command.GET_TITLE: "GetTitle",
    Command.GO_BACK: "Back",
    Command.REFRESH: "Refresh",
    Command.SET_TIMEOUTS: "SetTimeouts",
    Command.SET_WINDOW_RECT: "SetWindowRect",
    Command.SCREENSHOT: "TakeScreenshot",
    Command.FIND_ELEMENT: "FindElement",
    Command.FIND_ELEMENTS: "FindElements",
    Command.GET_ELEMENT_TEXT: "GetElementText",
    Command.CLICK_ELEMENT: "ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "ElementSendKeys",
    Command.W3C_ACTIONS: "PerformActions",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "ExecuteAsyncScript",
}
_PATIENCE = 60.0
_FAILED = 500


class Marionette:
    """A connection to the Firefox that listens at a port, for selenium to send its commands by."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self._stream = self._socket.makefile("rb")
        self._sent = 0
        self._read()  # it says who it is

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Return what selenium gets from a driver."""
        self._sent += 1
        given = {key: value for key, value in params.items() if key != "sessionId"}
        if command == Command.NEW_SESSION:
            given = params["capabilities"]
        elif command == Command.SCREENSHOT:
            given["full"] = False  # the window, as in other engines
        message = json.dumps([0, self._sent, f"WebDriver:{_NAMES[command]}", given]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            return {"status": _FAILED, "value": json.dumps({"value": error})}
        is_bare = isinstance(result, dict) and {*result} == {"value"}
        return result if is_bare else {"value": result}

    def close(self) -> None:
        """End the connection, and with it the session."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has ended"
            length += byte
        return json.loads(self._stream.read(int(length)))
