"""What our own texts say about medicine: the kinds of slips that were found once stay mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from learn.authoring.language import all_texts
from learn.library.content import Content
from learn.library.prose import OURS, Block, ElementKind
from questions.model import Safety
from tests.our_content import our_content

_SIGNS = re.compile(
    r"fever|temperature|°|chill|infect|bleed|blood|breath|faint|confus|woken|sleep|seizure|pain"
    r"|headache|rash|medicine|emergency",
    re.IGNORECASE,
)
_EMERGENCY = (
    "hard to breathe",
    "chest pain",
    "You faint",
    "Bleeding won’t stop",
    "cough up blood or throw up blood",
    "suddenly weak, or suddenly have trouble seeing or speaking",
    "can’t be woken",
    "suddenly confused",
    "a seizure",
)
_TEAM = (
    "100.4°F (38°C) or higher",
    "Chills or shaking",
    "cough or a sore throat",
    "Burning when you pee",
    "Diarrhea or vomiting",
    "stiff neck",
    "mouth sores",
    "central line",
    "more than a few minutes of pressure to stop",
    "Bleeding gums or nosebleeds",
    "very sick, even with no fever",
    "near someone with chickenpox, shingles, or measles",
    "You fall or hit your head",
    "A bad headache, especially with low platelets",
    "black poop",
    "heavy period",
    "Many new bruises",
    "much sleepier",
)
_OWN_NUMBER = r"\b(?:(?:your|the) team gave|team’s own number|they gave you another temperature)\b"
_SIGNS_OF_AN_EMERGENCY = {
    "breathing": r"(?i)trouble breathing",
    "chest pain": "chest pain",
    "fainting": "(?i)faint",
    "not waking up": "not waking|can’t be woken",
    "confusion": "confus",
    "a seizure": "seizure",
    "bleeding": "won’t stop",
    "blood": r"vomit\w* or cough\w* up blood",
    "weakness": "(?i)sudden(?:ly)? weak",
    "sight and speech": "trouble seeing or speaking",
}
# bleeding that goes on, however it is said; “do not stop treatment” is something else
_GOES_ON = r"\b(?:(?:will|does|did|can) not|cannot|(?:wo|does|did|ca)n[’']t) (?:be )?stop"


@pytest.fixture(scope="module")
def content() -> Content:
    return our_content()


@pytest.fixture(scope="module")
def said(content) -> list[str]:
    """Every text of ours that a learner may meet; what facts and notes quote is left out."""
    return [each.text for each in all_texts(content) if not re.match(r"[DF]\d", each.where)]


def blocks(content: Content) -> tuple[Block, ...]:
    return content.pages["help"].text.blocks


def listed(block: Block) -> Iterator[str]:
    for element in block.elements:
        for row in element.rows:
            yield " ".join(passage.plain for passage in row)


# Get help


def test_get_help_names_the_emergency_before_anything_else(content):
    emergency, team, *_ = blocks(content)

    assert emergency.heading == "Call 911 now"
    assert team.heading == "Call your care team now, day or night"
    lead = " ".join(p.plain for p in content.pages["help"].text.lead.passages)
    assert lead.startswith("Do you have ALL, or care for someone who does? For a fever of 100.4°F")
    assert lead.index("call the care team now, day or night") < 160
    assert "even before treatment starts" in lead


@pytest.mark.parametrize("sign", [*_EMERGENCY, *_TEAM])
def test_each_warning_sign_is_on_one_list_only(content, sign):
    emergency, team, *others = blocks(content)
    own, other = (emergency, team) if sign in _EMERGENCY else (team, emergency)

    assert [sign in line for line in listed(own)].count(True) == 1
    assert not [line for line in listed(other) if sign.lower() in line.lower()]
    assert not [line for each in others for line in listed(each) if sign.lower() in line.lower()]


def test_bleeding_that_does_not_stop_is_an_emergency_everywhere(content, said):
    texts = [text for text in said if re.search(_GOES_ON, text)]
    under_911 = {
        item
        for lesson in content.lessons.values()
        for block in lesson.text.all_blocks
        for before, element in pairwise(block.elements)
        if element.kind is ElementKind.LIST
        and any(passage.plain.startswith("Call 911") for row in before.rows for passage in row)
        for item in (passage.plain for row in element.rows for passage in row)
    }
    under_911.update(
        question.signs.get(Safety.CALL_911, "") for question in content.bank.questions.values()
    )
    drawn = [figure.svg for figure in content.figures.values() if "Call 911" in figure.svg]
    under_911.update(line for svg in drawn for line in re.findall(r">([^<]+)<", svg))
    alone = [text for text in texts if text not in under_911]

    assert len(alone) > 1
    for text in alone:
        assert re.search(r"(?i)emergency|911|Press on (?:it|the spot)", text), text


@pytest.mark.parametrize("will", ["will not", "won’t", "does not", "doesn’t", "doesn't", "did not"])
def test_every_phrase_for_bleeding_that_does_not_stop_is_recognized(will):
    assert re.search(_GOES_ON, f"bleeding that {will} stop after a few minutes of pressure")
    assert re.search(_GOES_ON, "Bleeding can’t be stopped.")
    assert not re.search(_GOES_ON, "bleeding that took minutes to stop. Do not stop treatment.")


def test_sources_of_the_line_on_calling_the_team_name_no_emergency_sign(content):
    for source in content.ledger.safety[Safety.CALL_NOW]:
        assert not re.search(_GOES_ON, content.ledger.added[source].says)


def test_claims_of_get_help_have_a_source(content):
    help_page = content.pages["help"]
    for passage in help_page.text.passages:
        if {*passage.facts} <= {OURS}:
            plain = passage.plain.replace("emergency number", "")
            assert not _SIGNS.search(plain), passage.plain
        else:
            assert OURS not in passage.facts
    for block in blocks(content):
        for element in block.elements:
            if element.kind is ElementKind.LIST:
                assert all(p.facts[0].startswith("A-") for row in element.rows for p in row)


def test_get_help_says_what_not_to_do_and_what_to_say(content):
    page = " ".join(line for block in blocks(content) for line in listed(block))

    assert "Don’t take or give fever medicine before you’ve talked to the team" in page
    assert "Acetaminophen (Tylenol), ibuprofen and aspirin can hide the fever" in page
    assert "never in the rectum" in page
    assert "“I have leukemia. I’m on chemo. I have a fever.”" in page
    assert "See a doctor soon" in page
    assert "Many cold and flu medicines have acetaminophen in them" in page
    assert "If you’re in danger right now, call 911" in page


def test_get_help_says_where_to_go_when_the_team_does_not_answer(content):
    _, team, *_ = blocks(content)
    first, *_ = (line for line in listed(team) if "can’t reach your team" in line)

    assert "or don’t have a number for them yet, go to the emergency room" in first
    assert [*listed(team)].index(first) == 0


def test_the_rule_on_fever_says_what_its_sources_cover(content):
    says = content.ledger.added["A-fever"].says

    assert "These sources speak of people in treatment" in says
    for passage in content.pages["help"].text.passages:
        assert "rule about fever" not in passage.plain


def test_the_fever_threshold_is_the_same_everywhere(content, said):
    numbers = {n for text in said for n in re.findall(r"[\d.]+\s*°F[^.,?]{0,7}", text)}

    assert {n.strip() for n in numbers} <= {"100.4°F (38°C)"}
    assert numbers


def paragraphs(content: Content) -> Iterator[str]:
    """Every text of ours, where sentences of one paragraph or list stand together."""
    pages = [*content.lessons.values(), *content.pages.values()]
    alone = {passage.plain for page in pages for passage in page.text.passages}
    drawn = [figure.svg for figure in content.figures.values()]
    alone.update(label for svg in drawn for label in re.findall(r">([^<]+)<", svg))
    for page in pages:
        for block in page.text.all_blocks:
            for element in block.elements:
                yield " ".join(passage.plain for row in element.rows for passage in row)
    yield from (text.text for text in all_texts(content) if text.text not in alone)
    for svg in drawn:
        for part in svg.split("</desc>"):
            yield " ".join(re.sub(r"<[^>]*>", " ", part).split())


def test_the_teams_own_number_stands_wherever_the_fever_threshold_does(content):
    told = [text for text in paragraphs(content) if re.search(r"100\.4|38 ?°", text)]

    assert len(told) > 9
    for text in told:
        assert re.search(_OWN_NUMBER, text), text


def test_a_fever_threshold_without_the_teams_own_number_is_noticed():
    alone = "For a fever of 100.4°F (38°C) or higher, call your care team now, day or night."

    assert not re.search(_OWN_NUMBER, alone)
    for own in ("your team gave you a different temperature", "the team’s own number"):
        assert re.search(_OWN_NUMBER, f"{alone} If {own} is there, go by that.")


def emergency_lists(content: Content) -> dict[str, str]:
    """Return the lists under “Call 911”, by lesson."""
    return {
        lesson.id: " ".join(passage.plain for row in element.rows for passage in row)
        for lesson in content.lessons.values()
        for block in lesson.text.all_blocks
        for before, element in pairwise(block.elements)
        if element.kind is ElementKind.LIST
        and any(passage.plain.startswith("Call 911") for row in before.rows for passage in row)
    }


def test_each_911_list_of_a_lesson_names_every_sign(content):
    lists = emergency_lists(content)
    assert {*lists} >= {"when-to-call", "if-you-care-for-someone", "if-your-child-has-all"}

    for lesson, text in lists.items():
        missing = [sign for sign, how in _SIGNS_OF_AN_EMERGENCY.items() if not re.search(how, text)]
        assert not missing, f"{lesson}: {missing}"


@pytest.mark.parametrize(
    "question",
    [
        "platelets-job-omar",
        "too-few-healthy-cells-gums",
        "too-few-healthy-cells-lines",
        "untreated-whose",
        "white-cells-job-throat",
    ],
)
def test_a_vignette_with_a_warning_sign_says_whom_to_call(content, question):
    key = next(o for o in content.bank.questions[question].parts if o.right)

    assert re.search(r"care team now|emergency", key.rationale)
    assert any(fact in content.ledger.added for fact in key.facts)


# sources


def test_every_added_source_names_its_page(content):
    for added in content.ledger.added.values():
        assert added.addresses, added.id
        for address in added.addresses:
            assert re.fullmatch(r"https?://[^\s]+\.[a-z]+/[^\s]+", address), address
            assert "cancer.net" not in address, added.id
        assert not re.search(r"OncoLink|Beat Blood Cancers", added.citation), added.id


def test_no_resource_links_to_a_closed_site_or_uses_an_old_name(content):
    for resource in content.resources:
        assert not re.search(r"cancer\.net|//(?:www\.)?lls\.org", resource.address), resource.id
        assert not re.match(r"(?:The )?Leukemia & Lymphoma", resource.name), resource.id
        assert not re.match(r"(?:The )?Leukemia & Lymphoma", resource.publisher), resource.id
    kept = {r.id: r for r in content.resources}
    assert "asco-guide" not in kept
    assert "15 to 39" in kept["nccn-patient-guide"].audience
    assert "/adult-all-" in kept["nci-pdq"].address
    assert "/child-all-" in kept["nci-pdq-children"].address
    assert kept["cancercare-support-group"].last_checked is None


_PHONE = r"(?:1-)?\d{3}[-. ]\d{3}[-. ]\d{4}"


def test_only_phone_numbers_of_a_source_are_printed(content, said):
    printed = {number for text in said for number in re.findall(_PHONE, text)}
    sourced = {
        source: re.findall(_PHONE, added.says)
        for source, added in content.ledger.added.items()
        if re.search(_PHONE, added.says)
    }

    # Blood Cancer United’s was only seen in a copy from before its new name
    assert printed == {"1-800-422-6237", "1-800-227-2345", "800-813-4673"}
    assert sorted(sourced) == ["A-h-acs", "A-h-cc", "A-h-nci"]
    for text in (lesson.text for lesson in content.lessons.values()):
        for passage in text.passages:
            for number in re.findall(_PHONE, passage.plain):
                assert any(number in sourced.get(fact, ()) for fact in passage.facts)


def test_the_crisis_line_stands_in_each_passage_about_self_harm(content):
    texts = [content.pages["help"].text, *(lesson.text for lesson in content.lessons.values())]
    passages = [p for text in texts for p in text.passages]
    crisis = [p for p in passages if "harming yourself" in p.plain or "988" in p.plain]

    assert crisis
    for passage in crisis:
        assert "call or text 988" in passage.plain
        assert passage.facts == ("A-h-988",)


# claims


@pytest.mark.parametrize(
    ("why", "claim"),
    [
        ("a microscope sees none; MRD tests may", r"(?:find|finds|found) no(?:ne)?\b.*leuk"),
        ("a microscope sees none; MRD tests may", r"no leukemia (?:cells )?(?:was|were|are) fou"),
        ("a microscope sees none; MRD tests may", r"tests (?:do not|don’t|can’t) (?:see|find)"),
        (
            "not well, but not never",
            r"eukemia cells[^.]* can’t fight (?:infection|germs)(?! w)",
        ),
        ("not well, but not never", r"[Tt]h(?:ey|ese cells) can’t fight (?:infection|germs)(?! w)"),
        ("there is no such line", r"\b(?:after|over|past) (?:age )?50\b"),
        ("two pages say it", r"does not say what this means for families"),
        (
            "in many children the first change arises before",
            r"after (?:you|he|she) (?:was|were) bo",
        ),
        ("benzene may", r"[Bb]enzene (?:is (?:a|one|on)\b|can raise|raises|causes)"),
        ("studies differ", r"25 out of 100[^.]*Ph|Ph[^.]*25 out of 100"),
        ("a bigger share, not more people", r"(?:seen|often) (?:more often )?in adults than in ch"),
        ("no medicine for a fever before the team was asked", r"[Mm]edicine for (?:a )?fever"),
        ("an immature cell does its job, but not well", r"can’t do that job yet"),
        (
            "the list is that of our source",
            r"\bthe list of (?:known )?risk factors|is not on the list",
        ),
        ("how many phases is disputed", r"\b(?:two|three|four|2|3|4) phases\b"),
    ],
)
def test_claims_that_were_too_absolute_are_made_nowhere(said, why, claim):
    assert [text for text in said if re.search(claim, text)] == [], why


def test_disputed_claims_are_never_a_key(content):
    for question in content.bank.questions.values():
        keys = [part.text for part in question.parts if part.right is not False]
        for text in keys:
            assert not re.search(r"benzene|\b50\b|phases|in (?:4|four)\b", text, re.IGNORECASE), (
                question.id
            )


def test_changes_in_leukemia_cells_are_described_as_not_inherited(content):
    for lesson, source in (
        ("types-of-all", "A-not-inherited"),
        ("ph-positive-all", "A-ph-not-inherited"),
    ):
        passages = [p for p in content.lessons[lesson].text.passages if source in p.facts]
        assert ["didn’t inherit" in p.plain for p in passages] == [True]
    for wrong_idea in ("change-passes-to-children", "ph-inherited"):
        assert "did not inherit it" in content.bank.misconceptions[wrong_idea].truth


def test_remission_is_defined_by_the_microscope_with_mrd_beside_it(content):
    assert "microscope" in content.glossary.terms["remission"].meaning
    assert "microscope" in content.figures["four-words"].words
    assert "MRD" in content.lessons["where-all-stands"].term_names
