"""The fuzzer's browser reads whatever a page holds: no page ends a run."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.operations import fuzz_checks
from tests.operations.browser import Page

HTML = [("Content-Type", "text/html; charset=utf-8")]
PIECES = (
    *("<![", "<!", "<!-", "<!--", "-->", "]]>", "<?", "</", "<", ">", "<!doctype", "&#", "&", ";"),
    *("<form>", "</form>", "<textarea name=a>", "</textarea>", "<input name=a", "'", '"', "="),
)
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(MARKUP)
@example("<textarea name=a><![…</textarea>")
@example("<![…")
@example("<![if x")
@example("<![CDATA[ <form> ]]>")
def test_any_markup_is_read(markup):
    page = Page(200, "/", HTML, markup.encode(errors="replace"))

    assert isinstance(page.forms, list)
    assert isinstance(fuzz_checks._html(page.text), tuple)  # noqa: SLF001 - what a run calls


def test_what_looks_like_a_section_hides_no_form_after_it():
    page = Page(200, "/", HTML, "<![… ><form action=/x><input name=a></form>".encode())

    assert [form.action for form in page.forms] == ["/x"]


def test_other_content_has_no_forms():
    kind = [("Content-Type", "application/json")]

    assert Page(200, "/", kind, b'"<form><![x"').forms == []
