"""Texts in figures fit, in a narrow and in a wide font."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from tests.browser.typefaces import TYPEFACES, shown_in
from tests.browser.visitor import Visitor
from tests.our_content import our_content

pytestmark = pytest.mark.browser

# In the picture's own units: lines are drawn 2 to 3 wide, half of it toward the words.
_CLEAR = 3

_AMISS = """(picture, clear) => {
  const found = [];
  // What is drawn by <use> is put in its place, so that its outlines can be looked at.
  for (let use; (use = picture.querySelector('g:not(defs g) > use'));) {
    const group = document.createElementNS(use.namespaceURI, 'g');
    for (const {name, value} of use.attributes) {
      if (!['href', 'x', 'y'].includes(name)) group.setAttribute(name, value);
    }
    const at = `translate(${use.getAttribute('x') ?? 0} ${use.getAttribute('y') ?? 0})`;
    group.setAttribute('transform', `${use.getAttribute('transform') ?? ''} ${at}`);
    const drawn = picture.querySelector(use.getAttribute('href')).cloneNode(true);
    drawn.removeAttribute('id');
    group.append(drawn);
    use.replaceWith(group);
  }
  const frame = picture.getBoundingClientRect();
  const unit = frame.width / picture.viewBox.baseVal.width;

  // Each line of words: as wide as it is, and as tall as small letters.
  const lines = [];
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !node.parentElement.closest('text')) continue;
    const range = new Range();
    range.selectNodeContents(node);
    const {left, right, top, bottom} = range.getBoundingClientRect();
    const thin = (bottom - top) / 4;
    lines.push({said: node.data.trim(), left, right, top: top + thin, bottom: bottom - thin});
  }
  const room = clear * unit;
  for (const line of lines) {
    if (line.left < frame.left + room || line.right > frame.right - room
      || line.top < frame.top || line.bottom > frame.bottom) found.push(`${line.said}: outside`);
    for (const other of lines) {
      if (line === other || other.top > line.bottom || other.bottom < line.top) continue;
      if (other.left >= line.left && other.left < line.right + room) {
        found.push(`${line.said}: too near to ${other.said}`);
      }
    }
  }
  for (const shape of picture.querySelectorAll('g:not(defs g) > :is(path, rect, circle)')) {
    const place = shape.getScreenCTM(), length = shape.getTotalLength();
    for (let at = 0; at <= length; at += 1) {
      const {x, y} = shape.getPointAtLength(at).matrixTransform(place);
      for (const line of lines) {
        if (x > line.left - room && x < line.right + room && y > line.top && y < line.bottom) {
          found.push(`${line.said}: on a line of ${shape.outerHTML.slice(0, 90)}`);
        }
      }
    }
  }
  return [lines.length, [...new Set(found)]];
}"""


# Draw a picture as a lesson does, in the place of all else.
_DRAW = """svg => {
  const figure = document.createElement('figure');
  figure.innerHTML = svg;
  document.querySelector('main').replaceChildren(figure);
}"""


def test_words_keep_clear_of_lines_edges_and_each_other(ana: Visitor) -> None:
    figures = our_content().figures.values()
    assert len(figures) >= 40
    errors, words = {}, Counter[str]()
    ana.open("/lessons/what-is-all")
    for figure, typeface in product(figures, TYPEFACES):
        ana.page.evaluate(_DRAW, figure.svg)
        with shown_in(typeface, ana.page):
            count, found = ana.page.locator("figure > svg").evaluate(_AMISS, _CLEAR)
        words[typeface] += count
        if found:
            errors[figure.id, typeface] = found

    assert errors == {}
    assert min(words[typeface] for typeface in TYPEFACES) > 200
