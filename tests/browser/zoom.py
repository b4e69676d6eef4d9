"""Find what breaks on a page at high zoom.

At 400%, a window of 1280 by 1024 pixels has room for 320 by 256 CSS pixels.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Page

AT_400 = {"width": 320, "height": 256}
NARROW = {"width": 320, "height": 640}
LONGEST_WHOLE = 9
"""Letters of the longest word that must fit in a narrow window with text of twice the size.
Longer words break at a syllable if the browser knows the language."""

_AMISS = """([longest, lists]) => {
  const found = [];
  const root = document.querySelector(':popover-open') ?? document.body;
  const shown = e => e.checkVisibility() && !e.closest('.visually-hidden, .skip-link:not(:focus)');
  root.querySelectorAll('.table-scroll').forEach(e => e.scrollTo({left: 0, top: 0}));
  const say = (what, e) => found.push(what + ': ' + (e.outerHTML ?? e).trim().slice(0, 90));

  const wide = document.scrollingElement.scrollWidth - innerWidth;
  if (wide > 0) {
    const out = [...document.querySelectorAll('body *')].filter(e => shown(e)
      && e.getBoundingClientRect().right > innerWidth + 1);
    say(`${wide} px too wide`, out.at(-1) ?? '');
  }
  for (const e of root.querySelectorAll('*')) {
    const style = getComputedStyle(e);
    if (!shown(e) || e.closest('svg, input, select, progress, .table-scroll')) continue;
    if (style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1) say('cut off', e);
    if (style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1) say('cut off', e);
    if (['fixed', 'sticky'].includes(style.position) && !e.popover
      && e.offsetHeight > innerHeight / 3) say('covers the page', e);
  }

  // Each run of letters, and each line of text.
  const lines = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    if (node.parentElement.closest('svg, option, script')) continue;
    const range = new Range();
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}’.@:/]+/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (tops.size > 1 && word[0].length <= longest) {
        say(`split: ${word[0]} in`, node.parentElement);
      }
    }
    range.selectNodeContents(node);
    lines.push(...[...range.getClientRects()].map(box => ({box, node})));
  }
  lines.sort((one, other) => one.box.top - other.box.top);
  lines.forEach(({box, node}, i) => {
    for (let j = i + 1; j < lines.length && lines[j].box.top < box.bottom; j++) {
      const other = lines[j].box;
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - other.top;
      // Lines may touch: letters are lower than their line.
      if (node !== lines[j].node && across > 2 && down > .35 * Math.min(box.height, other.height)) {
        say('text over text', node.data.trim().slice(0, 40) + ' / ' + lines[j].node.data.trim());
      }
    }
  });

  const before = scrollY;
  for (const e of root.querySelectorAll('a, button, input, select, summary, textarea')) {
    if (!shown(e) || e.type === 'hidden') continue;
    e.scrollIntoView({block: 'center', behavior: 'instant'});
    const off = e.getClientRects()[0].top;
    if (off < 0) scrollBy({top: off - 20, behavior: 'instant'});
    const box = e.getClientRects()[0];
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const mine = e.closest('label') ?? e;
    if (!mine.contains(top)) say('out of reach', e);
    // A list of titles opens as wide as they are, and the line above says which one was chosen.
    if (lists && e.matches('select:not(.quick-filter *)')) {
      const style = getComputedStyle(e);
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = style.font;
      const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      for (const option of e.options) {
        if (pen.measureText(option.text).width > room - 16) say('cut off in its list', option);
      }
    }
  }
  scrollTo({top: before, behavior: 'instant'});
  return [...new Set(found)];
}"""


def errors_at_400(page: Page) -> list[str]:
    """Find what is wider than the window, cut off, covered, or split in a window `AT_400`."""
    return list(page.evaluate(_AMISS, [30, True]))


def errors_with_large_text(page: Page) -> list[str]:
    """Find layout breakage in a `NARROW` window at 200% text size."""
    return list(page.evaluate(_AMISS, [LONGEST_WHOLE, False]))


@contextlib.contextmanager
def text_of_twice_the_size(page: Page) -> Iterator[None]:
    """Set the browser's text size to 200%."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    try:
        yield
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        session.detach()
