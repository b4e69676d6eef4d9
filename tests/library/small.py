"""A tiny library and bank without errors, for tests to change."""

from __future__ import annotations

from pathlib import Path

from learn.library.content import Content
from learn.library.read_content import read_content
from questions.reading import ContentError

SOURCE = "learn/library/source.toml"
GLOSSARY = "learn/library/glossary.toml"
TOPICS = "learn/library/topics.toml"
CHECKS = "learn/library/checks.toml"
PATHS = "learn/library/paths.toml"
FIRST = "learn/library/lessons/01-first.md"
SECOND = "learn/library/lessons/02-second.md"
ABOUT = "learn/library/pages/about.md"
FIGURE = "learn/library/figures/marrow.svg"
BANK = "bank/cells/marrow.toml"

FILES = {
    SOURCE: """\
[site]
name = "Learn Blood"

[document]
title = "About Blood"
publisher = "A Clinic"
read_on = 2026-03-01
reviewed_by_clinician = false

[[section]]
id = "S1"
heading = "Marrow"

[[section]]
id = "S2"
heading = "Cells"
parent = "S1"

[[fact]]
id = "F1"
section = "S1"
says = "Blood is made in the marrow."

[[fact]]
id = "F2"
section = "S1"
says = "Marrow is soft."

[[fact]]
id = "F3"
section = "S2"
says = "Red cells carry oxygen."

[[fact]]
id = "F4"
section = "S1"
says = "Marrow weighs so much."
not_taught = "The number is disputed."

[[note]]
id = "D1"
sections = ["S1"]
facts = ["F4"]
says = "The number differs from page to page."
we = "We leave it out."

[[added]]
id = "A-bones"
says = "Flat bones hold much of it."
citation = "A Handbook, 2025"

[[not_covered]]
says = "Costs."
""",
    GLOSSARY: """\
[red-cell]
term = "red cell"
also = ["red cells", "RBC"]
meaning = "A cell that carries oxygen."
facts = ["F3"]
plain = "cell"

[marrow]
term = "Marrow"
sounds_like = "MAR-oh"
meaning = "The soft middle of bones."
facts = ["F2", "us"]
plain = "bone"
""",
    CHECKS: """\
bars = ["reading-level", "language", "item-writing", "budgets", "safety-lines"]
""",
    TOPICS: """\
[cells]
title = "Blood cells"
about = "Where they are made."

[jobs]
title = "Jobs"
about = "What they do."
""",
    FIRST: """\
+++
id = "first"
title = "Where blood is made"
topic = "cells"
sections = ["S1"]
about = "The marrow."
reviewed_on = 2026-03-01
reviewed_by = "the editors"
+++

Blood is made in the [[marrow]]. {F1}

## The soft middle

Marrow is soft. {F2} It makes blood. {F1} Flat bones hold a lot. {A-bones}

!figure marrow {F2}

## What this means for you

You can ask about your marrow. {us}

!ask How is my marrow?
""",
    SECOND: """\
+++
id = "second"
title = "What cells do"
topic = "jobs"
sections = ["S2"]
about = "Red cells."
reviewed_on = 2026-03-01
reviewed_by = "the editors"

[borrows]
F1 = "Cells come from the marrow."
+++

[[RBC|Red cells]] carry oxygen. {F3} They come from the marrow. {F1}

## What this means for you

Ask about yours. {us}

!ask How are my red cells?
""",
    ABOUT: """\
+++
id = "about"
title = "About us"
+++

We read one page about [[marrow]]. {us}

## In an emergency

Call {{emergency_number}}. {us}
""",
    FIGURE: """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img">
  <title>The marrow</title>
  <desc>A bone, cut open. The middle is soft.</desc>
  <path d="M0 0H9"/>
</svg>
""",
    BANK: """\
id = "marrow"
topic = "cells"
lesson = "first"
you_can = "You can tell where blood is made."
facts = ["F1"]
ask_care_team = "How is my marrow?"

[misconceptions.heart]
belief = "The heart makes blood."
truth = "It pumps blood."

[[question]]
id = "where"
kind = "choice"
ask = "Where is blood made?"
facts = ["F1", "A-bones"]
[[question.option]]
id = "marrow"
text = "In the marrow"
right = true
why = "It is."
[[question.option]]
id = "heart"
text = "In the heart"
why = "It pumps."
misconception = "heart"
""",
    "bank/jobs/oxygen.toml": """\
id = "oxygen"
topic = "jobs"
lesson = "second"
you_can = "You can say what red cells do."
facts = ["F3"]
ask_care_team = "How are my red cells?"

[misconceptions.fight]
belief = "Red cells fight germs."
truth = "White cells do."

[[question]]
id = "job"
kind = "choice"
ask = "What do red cells do?"
facts = ["F3"]
[[question.option]]
id = "oxygen"
text = "They carry oxygen"
right = true
why = "They do."
[[question.option]]
id = "germs"
text = "They fight germs"
why = "White cells do."
misconception = "fight"
facts = ["F3"]
""",
    **{
        f"learn/library/pages/{name}.md": (
            f'+++\nid = "{name}"\ntitle = "A page"\n+++\n\nThis is a page. {{us}}\n'
        )
        for name in ("help", "home", "privacy")
    },
}
SETTINGS = {"emergency_number": "112"}


class Small:
    """Content files in a folder, with their errors as `file:line: message`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "learn" / "library"
        for name, text in FILES.items():
            self.write(name, text)

    def path(self, name: str) -> Path:
        """Return the path of the file that errors call `name`."""
        return self.folder / name.removeprefix("learn/library/")

    def write(self, name: str, text: str | bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def text(self, name: str) -> str:
        return self.path(name).read_bytes().decode()

    def change(self, name: str, old: str, new: str) -> None:
        before = self.text(name)
        assert before.count(old) == 1, f"{before.count(old)} times: {old}"
        self.write(name, before.replace(old, new))

    def line(self, name: str, snippet: str) -> int:
        text = self.text(name)
        assert text.count(snippet) == 1, f"{text.count(snippet)} times: {snippet}"
        return text[: text.index(snippet)].count("\n") + 1

    def at(self, name: str, snippet: str, message: str) -> str:
        """Return the error of that message on the line of `snippet`."""
        return f"{name}:{self.line(name, snippet)}: {message}"

    def read(self, language: str = "en") -> tuple[Content, list[ContentError]]:
        return read_content(SETTINGS, self.folder, language)

    def content(self, language: str = "en") -> Content:
        content, errors = self.read(language)
        assert errors == []
        return content

    @property
    def errors(self) -> list[str]:
        return [str(error) for error in self.read()[1]]
