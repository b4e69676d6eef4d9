"""Recover an account by its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.account import codes
from tests.learn.registration import ANOTHER, PASSPHRASE, QUIZ, code_on, recover, register, sign_in

SEEDS = st.text("abcdefABCDEF0123456789_-", min_size=22, max_size=22)


def test_recovery_sets_a_new_passphrase_and_shows_a_new_code(ana, ben, somebody_new):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    first = register(ana)
    recover(ben, first)
    second = code_on(ben)

    assert second != first
    assert "Ana" in ben.text
    assert ben.page.headers["Cache-Control"] == "no-store"
    assert ben.account == ana.account
    assert sign_in(somebody_new, passphrase=PASSPHRASE).status_code == 422
    assert sign_in(somebody_new, passphrase=ANOTHER).status_code == 303


def test_a_recovery_code_works_once(ana, ben, somebody_new):
    first = register(ana)
    recover(ben, first)
    recover(somebody_new, first)

    assert somebody_new.page.status_code == 422
    assert "We don’t recognize this code" in somebody_new.text


def test_a_recovery_form_sent_twice_shows_the_same_page(ana, ben, app):
    first = register(ana)
    ben.open("/recover")
    form = ben.form(code=first, passphrase=ANOTHER)
    twin = app.test_client()
    twin.set_cookie("learn_all", ben.browser.get_cookie("learn_all").value)
    ben.post("/recover", form)
    second = code_on(ben)
    ben.post("/recover", form)
    assert code_on(ben) == second
    page = twin.post("/recover", data=form)
    assert second in page.get_data(as_text=True)
    assert twin.get("/account").status_code == 200, "and it has come in, too"


def test_a_seed_without_its_code_reveals_nothing(ana, ben, somebody_new):
    first = register(ana)
    ben.open("/recover")
    draft = ben.hidden("draft")
    ben.post("/recover", ben.form(code=first, passphrase=ANOTHER))
    second = code_on(ben)
    somebody_new.open("/recover")
    somebody_new.post(
        "/recover", somebody_new.form(code=first, passphrase=PASSPHRASE) | {"draft": draft}
    )

    assert somebody_new.page.status_code == 422
    assert second not in somebody_new.html


def test_recovery_with_another_accounts_seed_makes_a_new_code(ana, ben, somebody_new):
    ana.open("/keep")
    form = ana.form(nickname="Ana", passphrase=PASSPHRASE)
    ana.post("/keep", form)
    taken = code_on(ana)
    first = register(ben, "Ben", ANOTHER)
    somebody_new.open("/recover")
    fields = {"code": first, "passphrase": "yet another few words", "draft": form["draft"]}
    somebody_new.post("/recover", somebody_new.form() | fields)

    assert code_on(somebody_new) not in {taken, first}
    assert "Ben" in somebody_new.open("/account").get_data(as_text=True)


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
        " ".join,
        lambda code: code.replace("-", "–"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in code),
    ],
)
def test_a_recovery_code_can_be_typed_in_many_ways(ana, ben, written):
    code = register(ana)

    assert recover(ben, written(code)).status_code == 200


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda _: "", "Enter your recovery code"),
        (lambda _: " - ", "Enter your recovery code"),
        (lambda code: code[:-1], "24 letters and numbers. You typed 23"),
        (lambda code: code + "A", "24 letters and numbers. You typed 25"),
        (lambda _: "A" * 10_000, "24 letters and numbers"),
        (lambda code: ("B" if code[0] == "A" else "A") + code[1:], "doesn’t look right"),
        (lambda code: "L" + code[1:], "doesn’t look right"),
        (lambda code: "é" + code[1:], "doesn’t look right"),
        (lambda _: codes.from_seed("x" * 22, "owner", "other"), "We don’t recognize this code"),
    ],
)
def test_an_invalid_recovery_code_is_rejected_with_a_reason(ana, ben, alter, said):
    typed = alter(register(ana))
    recover(ben, typed)

    assert ben.page.status_code == 422
    assert said in ben.text
    assert 'href="#code"' in ben.html
    assert ANOTHER not in ben.html
    if len(typed) < 100:
        assert f'value="{typed}"' in ben.html


def test_an_invalid_new_passphrase_does_not_use_up_the_code(ana, ben):
    code = register(ana)
    recover(ben, code, "short")
    assert "too short" in ben.text
    assert f'value="{code}"' in ben.html
    recover(ben, code, "Ana!!!!!!")
    assert "much like your nickname" in ben.text

    assert recover(ben, code).status_code == 200


def test_an_expired_form_does_not_use_up_the_code(ana, ben):
    code = register(ana)
    ben.open("/recover")
    ben.post("/recover", {"code": code, "passphrase": ANOTHER})

    assert ben.page.status_code == 400
    assert f'value="{code}"' in ben.html
    assert recover(ben, code).status_code == 200


def test_a_recovery_code_signs_in_to_its_own_account_from_another_one(ana, ben):
    code = register(ana)
    register(ben, "Ben")
    recover(ben, code)

    assert ben.account == ana.account


@given(SEEDS)
def test_a_recovery_code_is_readable_and_unpredictable(seed):
    code = codes.from_seed(seed, "owner", "secret")

    assert len(code) == codes.LENGTH
    assert not {*code} & {*"ILOU01"}
    assert codes.parse(codes.grouped(code)) == code
    assert codes.from_seed(seed, "owner", "another") != code
    assert len(codes.ALPHABET) ** (codes.LENGTH - 1) > 2**100


@given(SEEDS, st.integers(0, codes.LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_a_recovery_code_with_one_wrong_letter_is_a_typo(seed, place, letter):
    code = codes.from_seed(seed, "owner", "secret")
    typed = code[:place] + letter + code[place + 1 :]
    if typed != code:
        with pytest.raises(codes.CodeError) as raised:
            codes.parse(typed)
        assert raised.value.reason == "typo"


def test_a_page_that_somebody_else_has_read_gives_them_no_recovery_code(ana, ben):
    """Ben registers with the hidden field of Ana's open page, and frees the code that he saw."""
    ana.open("/keep")
    draft = {"draft": ana.hidden("draft")}
    seen = register(ben, "Ben", ANOTHER, **draft)
    ben.open("/account/code")
    ben.post("/account/code", ben.form(current=ANOTHER))
    ana.post("/keep", ana.form(nickname="Ana", passphrase=PASSPHRASE))

    assert code_on(ana) != seen
    recover(ben, seen)
    assert "We don’t recognize this code" in ben.text
