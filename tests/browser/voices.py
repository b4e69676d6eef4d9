"""A fake of `speechSynthesis`, which a browser without sound doesn't have.

It records what would be spoken in `spoken`; `finishUtterance()` ends the current sentence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Voice:
    """A voice, as a browser describes it."""

    name: str = "Samantha"
    lang: str = "en-US"
    localService: bool = True  # noqa: N815 - the browser's name
    default: bool = False


_SYNTHESIS = """(() => {
  const queue = [], spoken = window.spoken = [];
  let voices = [];
  window.currentUtterance = () => queue[0] ?? null;
  class Utterance extends EventTarget {
    constructor(text) {
      super();
      Object.assign(this, {text, lang: '', voice: null, rate: 1, onend: null, onerror: null});
      for (const type of ['end', 'error']) {
        this.addEventListener(type, event => this['on' + type]?.(event));
      }
    }
  }
  class Synthesis extends EventTarget {
    get speaking() { return queue.length > 0; }
    get pending() { return queue.length > 1; }
    get paused() { return false; }
    getVoices() { return [...voices]; }
    speak(utterance) {
      if (utterance.voice !== null && !voices.includes(utterance.voice)) throw new TypeError();
      queue.push(utterance);
      spoken.push({text: utterance.text, lang: utterance.lang, voice: utterance.voice?.name});
    }
    cancel() {
      for (const utterance of queue.splice(0)) {
        setTimeout(() => utterance.dispatchEvent(new Event('error')));
      }
    }
  }
  const synthesis = new Synthesis();
  Object.defineProperty(window, 'speechSynthesis', {value: synthesis});
  window.SpeechSynthesisUtterance = Utterance;
  window.fireVoicesChanged = found => {
    voices = found;
    synthesis.dispatchEvent(new Event('voiceschanged'));
  };
  window.finishUtterance = (how = 'end') => queue.shift().dispatchEvent(new Event(how));
  voices = FOUND;
})()"""


def voices(found: Sequence[Voice] = (Voice(),)) -> str:
    """A script that gives a page these voices, before the page's own scripts run."""
    return _SYNTHESIS.replace("FOUND", as_script(found))


def as_script(found: Sequence[Voice]) -> str:
    """The voices as JavaScript."""
    return json.dumps([asdict(voice) for voice in found])
