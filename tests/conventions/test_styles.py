"""Every class in a template has a rule or a script, and every rule styles something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = [path.read_text() for path in ROOT.glob("templates/**/*.html")]
SCRIPTS = [path.read_text() for path in ROOT.glob("learn/static/*.js")]
SHEETS = sorted(ROOT.glob("learn/static/*/*.css"), key=lambda path: path.name)
NAME = r"-?[a-z][\w-]*"


def rules() -> set[str]:
    """Return the classes in selectors."""
    classes = set[str]()
    for sheet in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selector in re.findall(r"([^{};]+)\{", text):
            classes |= {*re.findall(rf"\.({NAME})", selector)}
    return classes


def in_scripts() -> set[str]:
    """Return the classes that scripts look for or set."""
    classes = set[str]()
    for script in SCRIPTS:
        classes |= {*re.findall(rf"classList\??\.\w+\('({NAME})'", script)}
        for text in re.findall(r"'([^'\n]*)'", script):
            classes |= {*re.findall(rf"(?:^|[\s,(>])\.({NAME})", text)}
    return classes


def attributes() -> Iterator[str]:
    """Yield the values of class attributes, and the classes given to the icon macro."""
    for text in [*TEMPLATES, *(p.read_text() for p in ROOT.glob("questions/figures/*.svg"))]:
        yield from re.findall(r'class="([^"]*)"', text)
        yield from re.findall(r"icon\([^()]*, '([^']*)'\)", text)
        yield from re.findall(r"class='([^']*)'", text)


def in_templates() -> tuple[set[str], set[str]]:
    """Return the classes, and the prefixes of those that end with a value (`tone-{{ tone }}`)."""
    whole, beginnings = set[str](), set[str]()
    for value in attributes():
        beginnings |= {*re.findall(rf"({NAME}-)\{{\{{", value)}
        for expression in re.findall(r"\{\{(.*?)\}\}", value):
            literals = re.findall(r"(?<!= )'([\w -]*)' (?:if|else)|else '([\w -]*)'", expression)
            whole |= {name for pair in literals for text in pair for name in text.split()}
        plain = re.sub(rf"{NAME}-\{{\{{.*?\}}\}}\w*|\{{\{{.*?\}}\}}|\{{%.*?%\}}", " ", value)
        whole |= {*plain.split()}
    return whole, beginnings


def beginning_with(beginnings: Iterable[str], names: Iterable[str]) -> set[str]:
    return {name for name in names if name.startswith(tuple(beginnings))}


def test_every_class_has_a_rule_or_a_script():
    whole, beginnings = in_templates()

    figures = beginning_with(["fig-"], whole)  # `[class^=fig-]` draws them all
    assert whole - rules() - in_scripts() - figures == set()
    assert {b for b in beginnings if not beginning_with([b], rules())} == set()


def test_every_rule_matches_something():
    whole, beginnings = in_templates()
    used = whole | in_scripts()

    assert rules() - used - beginning_with(beginnings, rules()) == set()


def test_each_declaration_has_its_own_line():
    for sheet in SHEETS:
        for line in sheet.read_text().splitlines():
            assert line.count(";") <= 1, f"{sheet.name}: {line}"
            assert not re.search(r"\{.*\S", line.partition("/*")[0]), f"{sheet.name}: {line}"


def test_every_stylesheet_is_in_a_listed_layer():
    layers = re.search(r"@layer ([\w, ]+);", SHEETS[0].read_text())
    assert layers
    for sheet in SHEETS:
        (layer,) = re.findall(r"^@layer (\w+) \{$", sheet.read_text(), flags=re.MULTILINE)
        assert layer in layers[1].split(", "), sheet.name


def test_no_script_has_a_text_of_several_lines_which_would_lose_its_indentation():
    """Scripts are served without indentation and comments."""
    for script in SCRIPTS:
        for text in re.findall(r"`[^`]*`", script):
            assert "\n" not in text, text
