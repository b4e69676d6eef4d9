"""The states of a network, as a browser emulates them."""

from __future__ import annotations

OFFLINE = """() => {
  window.send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function () { setTimeout(() => this.onerror(), 10); };
}"""


ONLINE = "() => { XMLHttpRequest.prototype.send = window.send; }"
