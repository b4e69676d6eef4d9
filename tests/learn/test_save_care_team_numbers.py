"""Keep the care team's own phone numbers, and call them with one tap."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from learn.config import texts
from learn.learner.care_numbers import CareNumber
from learn.library.read_content import load_content
from learn.models import Account, CareNumbers
from tests.learn.care_numbers import PAGE, save
from tests.learn.people import Person
from tests.learn.registration import register, sign_in, sign_out

LESSON = "/lessons/when-to-call"


def links(person: Person, address: str = "/help") -> list[str]:
    """Return the numbers that the page can call, besides the emergency and crisis lines."""
    person.open(address)
    return [n for n in re.findall(r'href="tel:([^"]+)"', person.html) if n not in {"911", "988"}]


def typed(person: Person) -> list[str]:
    return [html.unescape(v) for v in re.findall(r'dir="auto" value="([^"]*)"', person.html)]


@pytest.mark.parametrize("page", ["/help", LESSON])
def test_a_guest_saves_two_numbers_and_sees_them_at_the_top(somebody_new, page):
    somebody_new.open(page)
    assert "Save your care team’s numbers here" in somebody_new.text
    save(somebody_new, "555-010-1234", "(555) 010-9999, ask for the charge nurse", page)
    assert somebody_new.page.location == f"{page}?numbers=yes#care-numbers"
    assert "555" not in somebody_new.page.location

    assert links(somebody_new, page) == ["5550101234", "5550109999"]
    assert somebody_new.page.headers["Cache-Control"] == "no-store"
    assert "(555) 010-9999 ask for the charge nurse" in somebody_new.text
    top = somebody_new.html.index("tel:5550101234")
    assert top < somebody_new.html.index("<h2")
    assert links(somebody_new, LESSON if page == "/help" else "/help") != []


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("206-555-0142", ""),
        ("206-555-0142 ask for heme on call", "ask for heme on call"),
        ("ask for the charge nurse: 206-555-0142", "ask for the charge nurse"),
        ("Ward 5, 206-555-0142, ext 12", "Ward 5, , ext 12"),
        ("1-800-555-HELP", "1-800-555-HELP"),
    ],
)
def test_the_note_beside_a_number_is_shown_without_the_number(text, note):
    assert CareNumber.of(text).note == note


def test_get_help_stays_shared_and_free_for_everybody_without_numbers(ana, ben, statements):
    first = ana.open("/help")
    assert statements == []
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = ben.browser.get("/help", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    ben.open("/quizzes/lesson/what-is-all")
    ben.answer_right()
    ben.open("/help")
    statements.clear()
    ben.open("/help")

    assert statements == []


def test_with_numbers_it_takes_one_statement(ana, statements):
    register(ana)
    save(ana, "555-010-1234")
    ana.open("/help")
    statements.clear()
    ana.open("/help")

    assert len(statements) == 1, statements


def test_a_signed_in_person_is_looked_up_once_a_day(ana, statements, clock):
    register(ana)
    ana.open("/help")
    statements.clear()
    ana.open("/help")
    assert statements == []
    clock.forward(days=1)
    ana.open("/lessons")
    statements.clear()
    ana.open("/help")

    assert len([s for s in statements if "care_numbers" in s]) == 1


@pytest.mark.parametrize(
    ("text", "dial"),
    [
        ("555-010-1234", "5550101234"),
        ("+1 (555) 010-1234", "+15550101234"),
        ("1-555-010-1234 ext. 22", "15550101234"),
        ("555.010.1234x22", "5550101234"),
        ("ask for the charge nurse: 555-010-1234", "5550101234"),
        ("Mon 8-5 555-010-1234", "5550101234"),
        ("555-010-1234 or 555-010-9999", "5550101234"),
        ("٥٥٥-٠١٠-١٢٣٤", "5550101234"),
        ("５５５－０１０－１２３４", "5550101234"),
        ("555–010–1234", "5550101234"),
        ("+44 20 7946 0958", "+442079460958"),
        ("020 7946 0958", "02079460958"),
        ("<b>555-010-1234</b>", "5550101234"),
        ("555-0100", "5550100"),
        # not certain which digits to call
        ("1-800-FLOWERS", ""),
        ("1-800-555-HELP", ""),
        ("8-5 555-0100", ""),
        ("12345", ""),
        ("call the ward", ""),
        ("5" * 40, ""),
        ('javascript:alert("1")', ""),
    ],
)
def test_a_link_calls_only_digits_that_are_certain(ana, text, dial):
    assert CareNumber.of(text).dial == dial
    save(ana, text)

    assert links(ana) == ([dial] if dial else [])
    assert html.escape(text, quote=False) in ana.html.replace("&#34;", '"')
    ana.open(PAGE)
    assert typed(ana) == [text, ""]
    is_counted = CareNumber.of(text).miscount is not None
    assert ("We can’t tell which digits to call" in ana.text) is (not dial and not is_counted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("206 555 01", "8 digits."),
        ("(206) 555-01", "8 digits."),
        ("555-0100", "7 digits."),
        ("206-555-01422", "11 digits."),
        ("206-555-0142 22", "12 digits."),
        ("1-206-555-014", "9 digits after the 1."),
        ("+1 206 555 01", "8 digits after the 1."),
        ("206-555-014 ask for the charge nurse", "9 digits."),
        ("ask for the charge nurse: (206) 555-01", "8 digits."),
        ("12345", "5 digits."),
        ("5" * 40, "40 digits."),
    ],
)
def test_a_number_with_too_few_digits_is_saved_and_says_so_wherever_it_is_called(ana, text, says):
    check = f"This number has {says} A US phone number has 10. Please check it."
    save(ana, "206-555-0142", text)
    pages = ("/help?numbers=yes", "/help", LESSON, "/", "/help/card", PAGE)
    for page in pages:
        ana.open(page)
        assert text in ana.text or text.split(" ask")[0] in ana.text, page
        assert ("Please check it." in ana.text) is bool(says), page
        assert not says or check in ana.text, page
    if says:
        for page in ("/help", LESSON, "/"):
            ana.open(page)
            fix = r'<a href="/care-team/numbers\?to=[^"]*">Fix the number'
            assert re.search(fix, ana.html), page
    ana.open(PAGE)
    assert typed(ana) == ["206-555-0142", text]


@pytest.mark.parametrize(
    "text",
    [
        "206-555-0142",
        "1 (206) 555-0142",
        "+1 206 555 0142",
        "206-555-0142 x22",
        "206-555-0142,,22#",
        "206-555-0142;ext=22",
        "call 206-555-0142, ask for ward 12345",
        "+44 20 7946 0958",
        "+49 30 1234",
        "911",
        "988",
        "711",
        "1-800-FLOWERS",
    ],
)
def test_a_number_that_can_be_whole_says_nothing(ana, text):
    assert CareNumber.of(text).miscount is None
    save(ana, text)
    for page in ("/help", "/", PAGE):
        ana.open(page)
        assert "Please check it." not in ana.text


def test_where_another_number_is_for_emergencies_ten_digits_are_not_expected(settings, another_app):
    env = {"LEARN_EMERGENCY_NUMBER": "112"}
    database = f"sqlite:///{settings.data / 'elsewhere'}.sqlite3"
    found = another_app(
        replace(settings, database_url=database, texts=texts(env)), content=load_content(texts(env))
    )
    person = save(Person(found, load_content(texts(env)), uuid.UUID(int=0xA7A)), "030 1234567 8")
    assert [*dict.fromkeys(links(person))] == ["112", "03012345678"]
    assert "Please check it." not in person.text


def test_after_saving_it_asks_to_try_the_number_once_unless_it_is_for_emergencies(ana):
    tries = "Call the daytime number once during office hours to make sure it’s right."
    save(ana, "206-555-0142")
    ana.open("/help?numbers=yes")
    assert tries in ana.text
    ana.open("/help")
    assert tries not in ana.text
    save(ana, "911", "ask at the desk")
    ana.open("/help?numbers=yes")
    assert links(ana, "/help?numbers=yes") == []
    assert tries not in ana.text


@pytest.mark.parametrize(
    ("daytime", "said"),
    [
        ("", "Write at least one number first."),
        (" \x00\t", "Write at least one number first."),
        ("5" * 300, "You can use up to 100 characters."),
    ],
)
def test_what_can_not_be_saved_stays_in_its_box(ana, daytime, said, connection):
    save(ana, daytime)

    assert ana.page.status_code == 422
    assert said in ana.text
    assert typed(ana)[0] == daytime.strip(" \x00\t")
    assert connection.scalar(select(func.count()).select_from(Account)) == 0
    ana.post(PAGE, ana.form(daytime="555-010-1234"))
    assert ana.page.location == "/help?numbers=yes#care-numbers"


def test_markup_is_shown_as_it_was_typed(ana):
    save(ana, '<script>alert(1)</script> "555-010-1234"')
    ana.open("/help")

    assert "<script>alert" not in ana.html
    assert "&lt;script&gt;" in ana.html


def test_without_a_word_from_the_browser_the_form_comes_back_with_a_token(ana, connection):
    ana.post(PAGE, {"daytime": "555-010-1234", "to": LESSON})
    assert ana.page.status_code == 400
    assert typed(ana) == ["555-010-1234", ""]
    assert connection.scalar(select(func.count()).select_from(CareNumbers)) == 0
    ana.post(PAGE, ana.form(daytime="555-010-1234"))

    assert ana.page.location == f"{LESSON}?numbers=yes#care-numbers"


def test_numbers_are_changed_one_is_cleared_and_both_are_removed(ana, connection):
    save(ana, "555-010-1234", "555-010-9999")
    save(ana, "", "555-010-8888")
    assert links(ana) == ["5550108888"]
    ana.open(PAGE)
    ana.post(f"{PAGE}/remove", ana.form())
    assert ana.page.location == "/help#care-numbers"
    assert links(ana) == []
    assert "Save your care team’s numbers here" in ana.text
    assert connection.scalar(select(func.count()).select_from(CareNumbers)) == 0


def test_nobody_sees_another_persons_numbers(ana, ben):
    save(ana, "555-010-1234")
    save(ben, "555-010-7777")
    assert links(ana) == ["5550101234"]
    assert links(ben) == ["5550107777"]


def test_a_guests_numbers_are_merged_without_replacing_the_accounts(ana, connection):
    register(ana)
    save(ana, "555-010-1234")
    sign_out(ana)
    assert links(ana) == []
    save(ana, "555-010-7777", "555-010-9999")
    sign_in(ana, mine="y")

    assert links(ana) == ["5550101234", "5550109999"]
    assert connection.scalar(select(func.count()).select_from(CareNumbers)) == 1


def test_numbers_of_an_account_without_any_are_the_guests_after_signing_in(ana):
    register(ana)
    sign_out(ana)
    save(ana, "", "555-010-9999")
    sign_in(ana, mine="y")

    assert links(ana) == ["5550109999"]


@pytest.mark.parametrize("address", ["/sign-out", "/my-data/delete", PAGE, "/account"])
def test_the_forms_that_end_it_here_tell_the_device_to_forget(ana, address):
    register(ana)
    save(ana, "555-010-1234")
    ana.open(address)
    assert re.search(r"<form[^>]* data-forget-care-numbers[ >]", ana.html)
    assert "/static/care-team." in ana.html


@pytest.mark.parametrize("address", ["/signed-out", "/my-data/deleted", "/help?numbers=gone"])
def test_no_page_that_others_can_link_to_tells_the_device_to_forget(somebody_new, address):
    somebody_new.open(address)
    assert "data-forget-care-numbers" not in somebody_new.html


@pytest.mark.parametrize("address", ["/help", "/help/card", LESSON])
def test_a_shared_device_is_told_to_keep_no_copy(ana, address):
    register(ana)
    save(ana, "555-010-1234")
    ana.open(address)
    assert "data-is-shared" not in ana.html
    sign_out(ana)
    sign_in(ana, shared="y")
    ana.open(address)
    assert "555-010-1234" in ana.html
    assert "data-is-shared" in ana.html


def test_after_all_was_deleted_in_another_tab_the_numbers_stay_in_their_boxes(ana, connection):
    save(ana, "555-010-1234")
    cookie = ana.browser.get_cookie("learn_all").value
    ana.open("/my-data/delete")
    assert "Your care team’s numbers" in ana.text
    ana.post("/my-data/delete", ana.form())
    assert connection.scalar(select(func.count()).select_from(CareNumbers)) == 0
    ana.browser.set_cookie("learn_all", cookie)
    save(ana, "555-010-1234")

    assert ana.page.status_code == 400
    assert typed(ana) == ["555-010-1234", ""]


def test_whoever_signs_in_finds_their_numbers_on_the_home_page(ana, ben):
    save(ana, "555-010-1234")
    ana.open("/quizzes/lesson/when-to-call")
    ana.answer_right()
    register(ana, "Ana")
    assert links(ana, "/") == ["5550101234"]
    sign_in(ben, "Ana")
    assert links(ben, "/") == ["5550101234"]


UNDIALED = "2O6-555-OI99"


def test_a_number_that_can_not_be_called_says_so_first_and_leaves_the_box_open(ana):
    save(ana, "206-555-0142", UNDIALED)
    ana.open("/help?numbers=yes")
    said = "The number for nights and weekends can’t be called yet."
    section = ana.html.partition('id="care-numbers"')[2]

    assert section.index(said) < section.index("tel:2065550142")
    assert f"{said} We can’t tell which digits" in ana.text
    assert "Saved on this site" not in ana.text
    assert typed(ana) == ["206-555-0142", UNDIALED]
    save(ana, "206-555-0142", "206-555-0199")
    ana.open("/help?numbers=yes")
    assert "Saved on this site" in ana.text
    assert typed(ana) == []


@pytest.mark.parametrize(
    "page", ["/help", LESSON, "/", "/help/card", "/handouts/lesson/when-to-call"]
)
def test_the_doubt_about_a_number_stands_beside_it_until_it_is_fixed(ana, page):
    doubt = "This can’t be called with one tap yet. Please write the number in digits."
    save(ana, "206-555-0142", UNDIALED)
    address = f"{page}?numbers=mine" if "handouts" in page else page
    ana.open(address)
    rest = ana.text.partition(UNDIALED)[2]

    assert doubt in rest[:200], rest[:200]
    save(ana, "206-555-0142", "206-555-0199")
    ana.open(address)
    assert doubt not in ana.text


def test_each_number_on_get_help_has_a_link_to_change_it(ana):
    save(ana, "206-555-0142", "206-555-0199")
    ana.open("/help")

    for label in ("daytime", "nights and weekends"):
        assert re.search(rf">Change<span[^>]*>: Call my care team \({label}\)", ana.html)
