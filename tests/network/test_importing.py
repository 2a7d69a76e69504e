"""Reading files of records: what is wrong is said with its line, the rest is read."""

import gzip
import json
from datetime import UTC, date, datetime

import pytest

from network.importing import Bad, Fields, read_files
from tests.records import a_file


def read(path):
    return [(line.number, line.data, line.error) for line in read_files([path])]


def test_json_lines_are_numbered_and_empty_ones_passed_over(tmp_path):
    path = a_file(tmp_path, {"id": "1"}, "", {"id": "ø"})
    assert read(path) == [(1, {"id": "1"}, ""), (3, {"id": "ø"}, "")]


def test_gzipped_files_read_the_same(tmp_path):
    path = a_file(tmp_path, {"id": "1"}, name="records.jsonl.gz")
    assert read(path) == [(1, {"id": "1"}, "")]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"id": ', "not JSON: Expecting value"),
        ("[1, 2]", "not a JSON object"),
        ('{"id": "\\ud800"}', "not UTF-8"),
        (b'{"id": "\xff"}', "not UTF-8"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_broken_line_is_told_and_the_next_one_read(tmp_path, line, error):
    lines = list(read_files([a_file(tmp_path, line, {"id": "2"})]))
    assert lines[0].place == "records.jsonl:1" and error in lines[0].error
    assert lines[1].data == {"id": "2"} and not lines[1].error


def test_a_file_cut_short_ends_with_an_error_and_the_next_file_is_read(tmp_path):
    rows = [{"id": str(n), "body": str(n) * 99} for n in range(2000)]
    whole = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    lines = list(read_files([cut, a_file(tmp_path, {"id": "next"})]))
    assert "cannot be read on" in lines[-2].error
    assert lines[-1].data == {"id": "next"} and lines[-1].share == 1


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_with_comma_or_semicolon_and_cells_of_several_lines(tmp_path, separator):
    text = 'id,title,body\n1,"One","First\nsecond"\n2,Two,\n'.replace(",", separator)
    path = tmp_path / "records.csv"
    path.write_text("\ufeff" + text)
    assert read(path) == [
        (2, {"id": "1", "title": "One", "body": "First\nsecond"}, ""),
        (4, {"id": "2", "title": "Two", "body": None}, ""),
    ]


def test_a_csv_row_with_too_many_cells_is_an_error(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("id,title\n1,One,more\n")
    assert read(path)[0][2] == "more cells than the header has"


def test_all_that_is_wrong_in_a_record_is_told_at_once():
    fields = Fields(
        {"title": "x" * 9, "url": "javascript:alert(1)", "date": "17 May", "tags": 3}
    )
    fields.text("title", longest=8)
    fields.text("body", required=True)
    fields.url("url")
    fields.date("date")
    fields.texts("tags")
    with pytest.raises(Bad) as bad:
        fields.check()
    assert str(bad.value).split("; ") == [
        "title is longer than 8 letters",
        "no body",
        "url is not a web address",
        "date “17 May” is no date (2026-05-17 is)",
        "tags is not a list of texts",
    ]


def test_what_is_wrong_in_a_part_says_which():
    fields = Fields({"replies": [{"body": "fine"}, {"body": ["no"]}]})
    for part in fields.parts("replies"):
        part.text("body", required=True)
    assert fields.wrong == ["replies 2: body is not text"]


def test_values_are_read_as_they_are_meant():
    fields = Fields(
        {"id": 7, "text": " a\0b ", "tags": "one | two|", "day": "2024-02-29",
         "at": "2020-01-01T10:00:00.5", "zone": "2020-01-01T10:00:00+01:00",
         "ms": "1403058993627", "url": "https://example.org/a b"}
    )  # fmt: skip
    assert fields.text("id") == "7" and fields.text("text") == "ab"
    assert fields.texts("tags") == ["one", "two"]
    assert fields.date("day") == date(2024, 2, 29)
    assert fields.moment("at") == datetime(2020, 1, 1, 10, 0, 0, 500_000, UTC)
    assert fields.moment("zone") == datetime(2020, 1, 1, 9, tzinfo=UTC)
    assert fields.moment("ms").year == 2014
    assert fields.url("url") == "https://example.org/a%20b"
    assert fields.wrong == []
