"""TOML in which every error has its file and line."""

from __future__ import annotations

from datetime import date

import pytest

from questions.reading import (
    SLUG,
    ContentError,
    InvalidContentError,
    Table,
    TomlFile,
    content_files,
    read_utf8,
)


def toml(text: str, first_line: int = 1) -> Table:
    return TomlFile("a.toml", text, first_line).root


def errors(table: Table) -> list[str]:
    return [f"{f.line}: {f.message}" for f in table.file.errors]


# files


def test_a_syntax_error_is_an_error_with_its_line():
    root = toml('a = "x"\nb = = 2\n')

    assert errors(root) == ["2: not valid TOML: Invalid value "]
    assert root.file.broken


def test_a_syntax_error_at_the_end_is_an_error_of_the_last_line():
    root = toml('a = "x"\nb = """x\n\n')

    assert [line.split(":")[0] for line in errors(root)] == ["4"]


def test_a_key_given_twice_is_a_syntax_error():
    assert errors(toml('a = "x"\nb = "y"\na = "z"\n'))[0].startswith("3: not valid TOML")


def test_lines_are_counted_from_where_the_text_starts():
    root = toml('a = "x"\nb = 2\n', first_line=11)
    root.text("b")

    assert errors(root) == ["12: “b” must be a text"]
    assert errors(toml("a = 1\nb\n", first_line=11))[0].startswith("12: not valid TOML")


def test_an_empty_file_lacks_its_keys_and_is_no_syntax_error():
    root = toml("")
    assert not root.file.broken

    root.text("a")
    assert errors(root) == ["1: missing key “a”"]


def test_text_that_is_not_utf_8_is_an_error_with_its_line(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes('a = "x"\nb = "é"\n'.encode("latin-1"))
    file = TomlFile.read(path, "folder/a.toml")

    assert file.broken
    assert file.errors == [ContentError("folder/a.toml", 2, "not UTF-8 text (byte 13)")]
    assert read_utf8(path, "folder/a.toml") == ("", file.errors)


def test_a_link_that_leads_nowhere_is_an_error(tmp_path):
    path = tmp_path / "a.toml"
    path.symlink_to(tmp_path / "moved.toml")
    error = ContentError("folder/a.toml", 1, "a link that leads nowhere")
    assert read_utf8(path, "folder/a.toml") == ("", [error])


def test_windows_line_endings_make_no_difference(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b'a = "x"\r\n\r\n[b]\r\nc = """one\r\ntwo"""\r\n\r\nd = 2\r\n')
    root = TomlFile.read(path, "a.toml").root
    inner = root.table("b")

    assert root.text("a") == "x"
    assert inner.text("c") == "one\ntwo"
    inner.close()
    assert errors(root) == ["7: unknown key “d”"]


def test_only_a_line_feed_ends_a_line():
    root = toml('a = "one\u2028two\x85three"\nb = 2\n')
    root.text("b")

    assert errors(root) == ["2: “b” must be a text"]


def test_an_error_is_formatted_with_file_line_and_message():
    assert str(ContentError("bank/a.toml", 7, "is odd")) == "bank/a.toml:7: is odd"


def test_the_exception_lists_all_errors_file_by_file():
    error = InvalidContentError(
        [ContentError("b", 1, "x"), ContentError("a", 10, "x"), ContentError("a", 9, "y")]
    )

    assert str(error) == "a:9: y\na:10: x\nb:1: x"
    assert [f.line for f in error.errors] == [9, 10, 1]


# lines


def test_each_table_and_key_has_its_line():
    root = toml(
        'a = "x"\n'  # 1
        "[one.two]\n"
        'b = "x"\n'
        "\n"
        "[[row]]\n"  # 5
        "[[row.cell]]\n"
        "[[row]]  # the second\n"
        "[row.more]\n"
        'c = "x"\n'
        "[[row.cell]]\n"  # 10
        "[[row.cell]]\n"
        'd = "x"\n'
    )

    lines = {
        ("a",): 1,
        ("one", "two"): 2,
        ("one", "two", "b"): 3,
        ("row", 0): 5,
        ("row", 0, "cell", 0): 6,
        ("row", 1): 7,
        ("row", 1, "more", "c"): 9,
        ("row", 1, "cell", 0): 10,
        ("row", 1, "cell", 1, "d"): 12,
    }
    assert {path: root.file.line(path) for path in lines} == lines


def test_a_missing_key_has_the_line_of_its_table():
    root = toml("[[row]]\n[[row]]\n\n[[row]]\n")
    for table in root.tables("row"):
        table.text("id")

    assert errors(root) == [
        "1: missing key “id”",
        "2: missing key “id”",
        "4: missing key “id”",
    ]


def test_a_key_inside_an_inline_table_has_the_line_of_that_table():
    root = toml('x = "x"\nrow = { a = 2 }\n')
    root.table("row").text("a")

    assert errors(root) == ["2: “a” must be a text"]


# typed reads


@pytest.mark.parametrize(
    ("line", "read", "message"),
    [
        ("a = 2", Table.text, "“a” must be a text"),
        ("a = true", Table.text, "“a” must be a text"),
        ('a = ["x"]', Table.text, "“a” must be a text"),
        ("a = 2026-03-01", Table.text, "“a” must be a text"),
        ('a = ""', Table.text, "“a” is empty"),
        ('a = "  "', Table.text, "“a” is empty"),
        ("b = 1", Table.text, "missing key “a”"),
        ('a = "Big"', Table.slug, "bad id “Big”: lower case letters, digits and hyphens only"),
        ("a = 2", Table.slug, "“a” must be a text"),
        ('a = "x"', Table.texts, "“a” must be a list"),
        ("a = []", Table.texts, "“a” is empty"),
        ("a = [1]", Table.texts, "“a” must be a list of texts"),
        ('a = ["x", ""]', Table.texts, "“a” must be a list of texts"),
        ("b = 1", Table.texts, "missing key “a”"),
        ('a = "yes"', Table.flag, "“a” must be true or false"),
        ("a = 1", Table.flag, "“a” must be true or false"),
        ('a = "2026-03-01"', Table.day, "“a” must be a date"),
        ("a = 2026-03-01T08:00:00", Table.day, "“a” must be a date"),
        ("b = 1", Table.day, "missing key “a”"),
        ("a = 1", Table.table, "“a” must be a table"),
        ("b = 1", Table.table, "missing key “a”"),
        ("a = 1", Table.tables, "“a” must be a list"),
        ("a = [1]", Table.tables, "“a” must be written as [[a]]"),
    ],
)
def test_each_invalid_value_is_one_error_and_no_exception(line, read, message):
    root = toml(line)
    read(root, "a")

    assert errors(root) == [f"1: {message}"]


def test_valid_values_are_read():
    root = toml(
        'text = "x"\nslug = "a-1"\ntexts = ["x", "y"]\nflag = true\nday = 2026-03-01\n'
        '[table]\nb = "c"\n[[tables]]\n[[tables]]\n'
    )

    assert root.text("text") == "x"
    assert root.slug("slug") == "a-1"
    assert root.texts("texts") == ("x", "y")
    assert root.flag("flag") is True
    assert root.flag("other") is False
    assert root.day("day") == date(2026, 3, 1)
    assert root.table("table").strings() == {"b": "c"}
    assert len(root.tables("tables")) == 2
    assert root.tables("none") == []
    root.close()
    assert errors(root) == []


def test_a_default_replaces_only_a_missing_key():
    root = toml("empty = []\ntext = 2\n")

    assert root.text("a", default="") == ""
    assert root.texts("a", default=("x",)) == ("x",)
    assert root.table("a", required=False).raw == {}
    assert root.texts("empty", default=()) == ()
    assert errors(root) == []
    root.texts("empty", default=("x",))
    root.text("text", default="")
    assert errors(root) == ["1: “empty” is empty", "2: “text” must be a text"]


def test_an_unread_key_is_reported_as_unknown():
    root = toml('a = "x"\nmistyped = "y"\n')
    root.text("a")
    root.close()

    assert errors(root) == ["2: unknown key “mistyped”"]


def test_an_array_of_tables_may_contain_only_tables():
    root = toml("a = 1\n[b]\n")

    assert [name for name, _ in root.items()] == ["b"]
    assert errors(root) == ["1: “a” must be a table"]


@pytest.mark.parametrize("good", ["a", "a1", "1", "red-cells", "a-b-c"])
def test_valid_ids_are_accepted(good):
    assert SLUG.fullmatch(good)


@pytest.mark.parametrize("bad", ["", "A", "a b", "a_b", "-a", "a-", "a--b", "é", "a.b", "a\n"])
def test_invalid_ids_are_rejected(bad):
    assert not SLUG.fullmatch(bad)


# languages


@pytest.fixture
def folder(tmp_path):
    for name in ("b.md", "a.md", "a.es.md", "c.es.md", ".d.md", "e.txt"):
        (tmp_path / name).write_text(name)
    return tmp_path


def names(paths) -> list[str]:
    return [p.name for p in paths]


def test_english_files_have_no_language_suffix(folder):
    assert names(content_files(folder, "*.md")) == ["a.md", "b.md"]


def test_a_file_in_the_language_is_used_and_english_otherwise(folder):
    assert names(content_files(folder, "*.md", "es")) == ["a.es.md", "b.md"]
    assert names(content_files(folder, "*.md", "fr")) == ["a.md", "b.md"]
