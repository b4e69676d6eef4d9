"""A made-up document about another subject, and all that editors would write to teach it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from learn.library.prose import slug

TITLE = "Caring for a Hospital Garden"
TOPIC = slug(TITLE)
TEXT = """\
# Caring for a Hospital Garden

A hospital garden is a quiet place for people who are ill and for those who love them. Volunteers \
look after it in every season of the year. Nobody needs to know anything about plants before the \
first day.

## Watering the Beds

Water the beds early in the morning, while the soil is still cool. Most plants want one deep soak \
twice a week rather than a splash every day. Push a finger two inches into the soil, and wait if \
it feels damp. Water that stands in a saucer draws mosquitoes, so empty each one by noon. Wash \
your hands before and after you touch the soil.

## What to Bring

Bring these things on your first day:

- Sturdy gloves
- A sun hat
- One small trowel
- A bottle of drinking water

The hospital lends rakes and spades from the shed behind the kitchen. Please leave perfume at \
home, because strong smells make some patients feel sick.

## Plants That Do Not Belong Here

Lilies and other flowers with a heavy scent stay outside the gate. Foxglove and oleander are \
poisonous, even when they are dried. A pot of soil may carry mold, which is a danger to patients \
with weak immune systems. Cut thorny stems back from every path to keep wheelchairs and sleeves \
safe.

## Working Near Patients

Speak softly near the benches and let people rest. Ask before you sit down beside somebody. If a \
patient feels faint, stay there and call a nurse with the red button at the gate. Stay at home \
when you have a cough, a fever or a rash. Wash your hands before and after you touch the soil.
"""
"""24 sentences under 5 headings; the last of the second section stands in the fifth again."""

FACTS = (
    "The garden is a calm spot for ill people and their families.",
    "Volunteers care for it all year.",
    "You need no skill to begin.",
    "The morning is the time to water, since the ground is cool then.",
    "A deep soak two times a week beats a daily splash.",
    "Feel the soil with a finger, and do not water while it is wet.",
    "Saucers must be dry by noon, since mosquitoes like still water.",
    "Clean hands come before and after work with soil.",
    "There is a list of things for the first day.",
    "Gloves are on the list.",
    "A hat is on the list.",
    "A trowel is on the list.",
    "Water to drink is on the list.",
    "Rakes and spades come from the shed of the hospital.",
    "Perfume can make patients sick.",
    "Flowers that smell a lot may not come in.",
    "Foxglove and oleander are poison, fresh or dry.",
    "Soil in pots can hold mold, and that can harm patients.",
    "Thorns must not reach into the paths.",
    "Talk in a low voice by the benches.",
    "Ask first if you want to sit with somebody.",
    "Call a nurse with the red button when somebody feels faint.",
    "Do not come with a cough, a fever or a rash.",
    "Clean hands matter near patients too.",
)


@dataclass(frozen=True)
class QuestionText:
    """A question with a right and a wrong answer."""

    facts: str
    ask: str
    right: str
    wrong: str
    why: str


@dataclass(frozen=True)
class Part:
    """What is written for one section."""

    about: str
    body: str
    you_can: str
    belief: str
    truth: str
    questions: tuple[QuestionText, ...]
    points: str = ""


PARTS = (
    Part(
        about="What the garden is for.",
        body="""\
The garden is a calm spot for ill people and their families. {F1} You can help, even if you know \
no plants yet. {F3}

## A place for all seasons

Helpers come all year. {F2} In spring they sow. In fall they rake. In winter they mend the tools \
and plan what comes next. {us} There is work for each of them, and you can learn it as you go. {F3}
""",
        you_can="You can say what the garden is for.",
        belief="The garden is there to look nice.",
        truth="It gives ill people and their families some calm.",
        questions=(
            QuestionText(
                "F1", "Whom is it for?", "Ill people", "The cooks", "It is for ill people."
            ),
            QuestionText("F2", "When do you help?", "All year", "In May", "Helpers come all year."),
            QuestionText(
                "F3", "What must you know?", "Nothing yet", "The plants", "You learn it here."
            ),
        ),
    ),
    Part(
        about="When to water, and how much.",
        body="""\
Water in the morning, and then let it soak in well. {F4 F5}

## How much

Two deep soaks a week do more than a bit of water each day. {F5} The ground is cool in the \
morning. {F4} First put a finger in the soil. If it is wet down there, wait a day. {F6}

## Two things to watch

Tip out the saucers by noon. Bugs breed in still water. {F7} And clean your hands, both when you \
come and when you go. {F8}
""",
        you_can="You can water a bed well.",
        belief="More water is better.",
        truth="Two deep soaks a week are enough.",
        questions=(
            QuestionText(
                "F4 F5", "When do you water?", "At dawn", "At noon", "The soil is cool then."
            ),
            QuestionText(
                "F6", "What if the soil is wet?", "Wait", "Add more", "Wet soil needs no water."
            ),
            QuestionText(
                "F7 F8", "What is done by noon?", "Saucers", "Beds", "Bugs like still water."
            ),
        ),
        points="""
[[point]]
id = "morning"
text = "Water in the morning, while it is cool."
facts = ["F4"]

[[point]]
id = "deep"
text = "Two deep soaks a week are enough."
facts = ["F5"]

[[point]]
id = "saucers"
text = "Saucers are dry by noon. Wash your hands."
facts = ["F7", "F8"]
""",
    ),
    Part(
        about="What to put in your bag.",
        body="""\
Put four things in your bag for the first day, and leave your perfume at home. {F9 F15}

## In your bag

- Strong gloves. {F10}
- A hat for the sun. {F11}
- A small trowel. {F12}
- Water to drink. {F13}

## What you can leave

The shed has rakes and spades for you. {F14} Perfume can make an ill person feel worse. So please \
do not wear it here. {F15} Old clothes are fine. You will get dirt on them soon. {us}
""",
        you_can="You can pack your bag.",
        belief="You need tools of your own.",
        truth="The hospital lends the big tools.",
        questions=(
            QuestionText(
                "F9 F10 F11 F12 F13", "What do you pack?", "Gloves", "A rake", "Pack gloves."
            ),
            QuestionText("F14", "Who has the rakes?", "The hospital", "You", "The shed has them."),
            QuestionText(
                "F15", "Why no perfume?", "It harms", "It costs", "Smells make people sick."
            ),
        ),
    ),
    Part(
        about="What must stay out.",
        body="""\
Some plants can harm ill people. Keep them out. {F16 F17 F18}

## Smell, poison and mold

A strong smell is too much for some, so lilies stay out. {F16} Foxglove and oleander are poison. \
That is so when they are dry, too. {F17} Soil in a pot can hold mold. It can harm a patient whose \
[[immune system]] is weak. {F18}

## Thorns

Trim the thorns by the paths. They catch on wheels and sleeves. {F19}
""",
        you_can="You can tell which plants stay out.",
        belief="A dry plant is safe.",
        truth="Some plants are poison when they are dry, too.",
        questions=(
            QuestionText("F16", "Which one stays out?", "A lily", "A fern", "Lilies smell a lot."),
            QuestionText(
                "F17", "What of dry foxglove?", "It is poison", "It is safe", "Dry is no help."
            ),
            QuestionText("F18 F19", "What is in a pot?", "Mold", "Thorns", "Soil can hold mold."),
        ),
    ),
    Part(
        about="How to be near people who are ill.",
        body="""\
Be calm and kind near the benches. {F20 F21} Get help when a patient feels faint. {F22}

## Calm and kind

Keep your voice low. {F20} If you want to sit with somebody, ask first. {F21} Clean hands matter \
here as well. {F24}

## When somebody needs help

The red button by the gate calls a nurse. Press it when a patient feels faint, and do not leave. \
{F22} And if you are ill, rest at home. A cough, a fever or a rash is a good reason. {F23}
""",
        you_can="You can get help for a patient.",
        belief="A helper should run for help.",
        truth="The red button calls a nurse, so you can stay.",
        questions=(
            QuestionText(
                "F22", "Somebody feels faint. What now?", "Press it", "Run", "Then you stay."
            ),
            QuestionText(
                "F20 F21", "How do you join her?", "You ask", "You sit", "Ask first, and softly."
            ),
            QuestionText(
                "F23 F24", "You cough. What now?", "Stay home", "Come", "A cough can spread."
            ),
        ),
    ),
)

_END = """
## If you are not sure

You do not have to know all of this by heart. Read it once, and come back when you need it. Nobody \
will test you at the gate. When you are not sure, stop and ask. Each of us had a first day here, \
and each of us had to ask. A good question can save a plant. It can keep a patient safe, too. {us}

## What this means for you

The garden needs calm hands more than fast ones. Do one thing at a time, and take a rest when you \
want one. You can stop when you like. The head gardener will show you the rest. {us}

!ask Whom can I ask when I am not sure?
"""

_PAGE = """\
This page belongs to the garden. It is the page “{name}”. {{us}}

## How it works

You read a bit, and then you try a question. {{us}}
"""

_TERM = """
[immune-system]
term = "immune system"
meaning = "What the body has to fight germs."
facts = ["F18"]
plain = "guard"
"""


def complete(folder: Path) -> None:
    """Write all that `learn new` left open, in the folder that it made from `TEXT`.

    The gardeners write shorter than the voice of a nurse, so they take that bar out.
    """
    checks = folder / "checks.toml"
    checks.write_text(checks.read_text(encoding="utf-8").replace('"voice", ', ""), encoding="utf-8")
    _fill(folder / "source.toml", "publisher", ["The Head Gardener"])
    _fill(folder / "source.toml", "says", FACTS)
    _fill(folder / "topics.toml", "about", ["How to help in the garden."])
    _append(folder / "glossary.toml", _TERM)
    for path, part in zip(sorted(folder.glob("lessons/*.md")), PARTS, strict=True):
        _fill(path, "about", [part.about])
        _fill(path, "reviewed_by", ["the gardeners"])
        _put_points(path, part.points)
        _append(path, part.body + _END)
        objective = next(folder.glob(f"bank/*/{path.stem[3:]}.toml"))
        _fill(objective, "you_can", [part.you_can])
        _fill(objective, "ask_care_team", ["Whom can I ask when I am not sure?"])
        _append(objective, "".join(_bank(objective.stem, part)))
    for path in folder.glob("pages/*.md"):
        _append(path, _PAGE.format(name=path.stem))


def _bank(objective: str, part: Part) -> Iterable[str]:
    idea = f"{objective[:50]}-idea"
    yield f'\n[misconceptions.{idea}]\nbelief = "{part.belief}"\ntruth = "{part.truth}"\n'
    for number, question in enumerate(part.questions, 1):
        facts = ", ".join(f'"{f}"' for f in question.facts.split())
        yield (
            f'\n[[question]]\nid = "{objective[:50]}-{number}"\nkind = "choice"\n'
            f'ask = "{question.ask}"\nfacts = [{facts}]\n'
            f'[[question.option]]\nid = "right"\ntext = "{question.right}"\nright = true\n'
            f'why = "{question.why}"\n'
            f'[[question.option]]\nid = "other"\ntext = "{question.wrong}"\n'
            f'misconception = "{idea}"\nwhy = "{question.why}"\n'
        )


def questions_on(*facts: str) -> list[str]:
    """Return the ids of the questions based on one of `facts`, in file order."""
    headings = [line[3:] for line in TEXT.splitlines() if line.startswith("## ")]
    names = [slug(heading) for heading in (TITLE, *headings)]
    return sorted(
        chain.from_iterable(
            [f"{name}-{n}" for n, q in enumerate(p.questions, 1) if {*facts} & {*q.facts.split()}]
            for name, p in zip(names, PARTS, strict=True)
        )
    )


def _fill(path: Path, key: str, texts: Iterable[str]) -> None:
    """Put the texts where `key` is still empty, one after the other."""
    found = path.read_text(encoding="utf-8")
    for text in texts:
        assert f'\n{key} = ""\n' in found, f"{path.name} has no more empty {key}"
        found = found.replace(f'\n{key} = ""\n', f'\n{key} = "{text}"\n', 1)
    path.write_text(found, encoding="utf-8")


def _put_points(path: Path, points: str) -> None:
    """Put the points where the stub of one stands; without any, it goes."""
    text = path.read_text(encoding="utf-8")
    front, stub, body = text.partition("\n# Three to five ideas")
    assert stub, f"{path.name} has no stub of a point"
    path.write_text(front + points + "+++\n" + body.partition("+++\n")[2], encoding="utf-8")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
