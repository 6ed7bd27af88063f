"""The documents say what the code does: commands, options, keys, fields, statuses, targets, links and examples."""

from __future__ import annotations

import argparse
import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsarchive.cli import STATUSES, build_parser
from newsarchive.errors import ListingError
from newsarchive.items import FIELD_NAMES, entry_schema
from newsarchive.listing import LISTING_KEYS
from newsarchive.pagers import PAGERS, pager_from_table
from newsarchive.sitefile import KEYS, read_site_file
from newsarchive.spider import ListingSpider
from scripts.serve import serving
from tests.conftest import FIXTURES, Command, expected, newest, read_lines, shown

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
MARKDOWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS]
GUIDES = [ROOT / "README.md", *(path for path in DOCS if path.parent.name != "decisions")]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LOOPBACK = "http://127.0.0.1:8765"


def text_of(*paths: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in paths)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def first_cells(text: str) -> set[str]:
    """Return what stands as code in the first column of tables."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def section(path: Path, heading: str) -> str:
    """Return what stands below a heading, down to the next one of its rank."""
    rank = heading.partition(" ")[0]
    found = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(rank)}}} |\Z)", text_of(path), re.DOTALL | re.MULTILINE
    )
    assert found, f"{name_of(path)} has no {heading!r}"
    return found[1]


# --- the command line ---


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from (one for one in action.option_strings if one.startswith("--"))


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"newsarchive {command}" in text_of(ROOT / "README.md")


@pytest.mark.parametrize("command", ["", *commands()])
def test_every_option_is_told(command: str) -> None:
    parser = commands()[command] if command else build_parser()
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text_of(*GUIDES)))
    assert set(options(parser)) <= told


def test_every_option_of_newsarchive_that_is_told_exists() -> None:
    known = {one for parser in (build_parser(), *commands().values()) for one in options(parser)}
    for line in text_of(*MARKDOWN).replace("\\\n", " ").splitlines():
        used = re.search(r"newsarchive (?:harvest|status|schema)\b([^|`]*)", line)
        assert not used or set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", used[1])) <= known, line


def test_every_option_in_the_readme_exists() -> None:
    known = {one for parser in (build_parser(), *commands().values()) for one in options(parser)}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text_of(ROOT / "README.md"))) <= known


def test_the_exit_statuses_are_those_of_the_command_line() -> None:
    ours = dict(re.findall(r"^ {2}(\d+) +(\S.*)$", STATUSES, re.MULTILINE))
    table = re.findall(r"^\| (\d+) \| (.+) \|$", text_of(ROOT / "README.md"), re.MULTILINE)
    assert [status for status, _ in table] == list(ours)
    for status, meaning in table:
        first_word = re.split(r"\W", ours[status])[0]
        assert meaning.startswith(first_word), f"{status}: {meaning!r} in the README, {ours[status]!r} in the help"
    told = re.findall(
        r"^\| (\d+) \|", section(ROOT / "docs/archivists.md", "## What to do on each exit status"), re.MULTILINE
    )
    assert told == list(ours)


# --- the examples ---

TOML = [
    pytest.param(block, id=f"{name_of(path)}-{number}")
    for path in MARKDOWN
    for number, block in enumerate(blocks(path, "toml"), 1)
]


@pytest.mark.parametrize("block", TOML)
def test_every_toml_block_is_a_site_file_or_a_pager(block: str, tmp_path: Path) -> None:
    if "[listing]" in block:
        path = tmp_path / "example.toml"
        path.write_text(block, "utf-8")
        assert read_site_file(path).listing.pager is not None
    else:
        table = tomllib.loads(block)
        assert list(table) == ["listing"]
        assert list(table["listing"]) == ["pager"]
        pager_from_table(table["listing"]["pager"])


@pytest.mark.parametrize("case", ["lantern-cards", "lantern-spip-fr"])
def test_the_worked_examples_harvest_the_sample(case: str, command: Command) -> None:
    with serving(FIXTURES / case) as server:
        start = LOOPBACK + server.site.start
        (block,) = (one for one in blocks(ROOT / "docs/site-files.md", "toml") if f'start = "{start}"' in one)
        (command.folder / "example.toml").write_text(block.replace(LOOPBACK, server.origin), "utf-8")
        assert command.harvest("example.toml").status == 0
    records = newest(command.source / "entries.jsonl")
    assert shown(records.values()) == expected(FIXTURES / case / "expected.jsonl", server.origin)


def test_the_output_shown_is_the_one_that_comes(command: Command) -> None:
    """Of the worked example, whose pages are at hand; the others show the same columns and lines."""
    path = ROOT / "docs/site-files.md"
    (block,) = (one for one in blocks(path, "toml") if f'start = "{LOOPBACK}/news/"' in one)
    (told,) = (one for one in blocks(path, "console") if "rm -r try" in one)
    with serving(FIXTURES / "lantern-cards") as server:
        (command.folder / "lantern.toml").write_text(block.replace(LOOPBACK, server.origin), "utf-8")
        printed = command("harvest", "lantern.toml", "--contact", "you@archive.example")
    assert printed.status == 0
    shown = [line for line in told.splitlines() if not line.startswith("$")]
    assert printed.out.replace(f"{command.folder}/", "").splitlines() == shown
    for other in GUIDES:
        for one in blocks(other, "console"):
            if "verdict" in one:
                header, _, verdict, records = (line for line in one.splitlines() if not line.startswith("$"))
                assert header.split() == shown[0].split(), name_of(other)
                assert verdict.partition(": ")[0] == records.partition(": ")[0]
                assert ": records in archive/" in records or ": records in try/" in records


WRONG = {
    'titel = "h2"': 'title = "h2"',
    'title = "h2"': 'card = "article"\ntitle = "h2"',
    'card = "article["\ntitle = "h2"': 'card = "article"\ntitle = "h2"',
    'pager = { kind = "nextlink" }': "pager = PAGER",
    'pager = { kind = "next-link" }': "pager = PAGER",
    'timezone = "Londn"\npager = PAGER': "pager = PAGER",
    'start = "www.gazette.example/news"': "start = START",
    "start = http://gazette.example/news": "start = START",
}
"""What is written wrong, and what it stands for in a right file."""


def test_the_errors_shown_are_those_that_come(tmp_path: Path) -> None:
    right = 'start = START\n[listing]\ncard = "article"\ntitle = "h2"\npager = PAGER\n'
    path = tmp_path / "lantern.toml"
    told = []
    for wrong, instead in WRONG.items():
        assert instead in right
        text = right.replace(instead, wrong)
        text = text.replace("START", '"https://gazette.example/news"').replace("PAGER", '{ kind = "single" }')
        path.write_text(text, "utf-8")
        with pytest.raises(ListingError) as error:
            read_site_file(path)
        told.append(f"newsarchive: {error.value}".replace(str(path), path.name))
    (shown,) = blocks(ROOT / "docs/site-files.md", "text")
    own_words = re.compile(r"(valid CSS selector|is not TOML): .*")  # what follows is a library's
    assert [own_words.sub(r"\1", line) for line in shown.splitlines()] == [own_words.sub(r"\1", one) for one in told]


def test_the_spider_in_contributing_is_built_and_short() -> None:
    (example,) = (one for one in blocks(ROOT / "CONTRIBUTING.md", "python") if "(ListingSpider)" in one)
    names: dict[str, object] = {"__name__": "example_gazette"}
    exec(compile(example, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own example
    cls = names["ExampleGazette"]
    assert isinstance(cls, type)
    assert issubclass(cls, ListingSpider)
    assert cls().slug == "example_gazette"
    code = [line for line in example.splitlines() if line.strip() and not line.strip().startswith('"""')]
    assert len(code) <= 20, len(code)


def test_the_test_in_contributing_passes(tmp_path: Path) -> None:
    (example,) = (one for one in blocks(ROOT / "CONTRIBUTING.md", "python") if "Publication" in one)
    names: dict[str, Any] = {}
    exec(compile(example, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own example
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    test(tmp_path)


def test_the_reader_in_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = blocks(ROOT / "docs/record.md", "python")
    folder = tmp_path / "archive" / "lantern"
    folder.mkdir(parents=True)
    records = [
        {"schema_version": "1.0", "id": "a", "status": "listed", "date": "2021-05-01", "title": "Old title"},
        {"schema_version": "1.0", "id": "b", "status": "listed", "date": None, "title": "No day"},
        {"schema_version": "1.1", "id": "a", "status": "listed", "date": "2021-05-02", "title": "New title"},
        {"schema_version": "1.0", "id": "c", "status": "withdrawn", "date": "2021-05-03", "title": "Gone"},
    ]
    lines = "".join(json.dumps(one) + "\n" for one in records)
    (folder / "entries.jsonl").write_text(lines + '{"schema_version": "1.0", "id": "d', "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "record.md", "exec"), {})  # noqa: S102 - our own example
    assert capsys.readouterr().out == "2021-05-02 New title\n2 entries, 1 without a date\n"


# --- site files and records ---


@pytest.mark.parametrize("key", [*LISTING_KEYS, *(set(KEYS) - {"target", "spider"})])
def test_every_key_of_a_site_file_is_in_its_table(key: str) -> None:
    assert key in first_cells(section(ROOT / "docs/site-files.md", "## The keys"))


def test_no_key_is_told_that_does_not_exist() -> None:
    assert first_cells(section(ROOT / "docs/site-files.md", "## The keys")) <= {*LISTING_KEYS, *KEYS}


@pytest.mark.parametrize("kind", PAGERS)
def test_every_kind_of_pager_is_told_with_an_example(kind: str) -> None:
    pagers = section(ROOT / "docs/site-files.md", "## Pagers")
    assert kind in first_cells(pagers)
    assert f'[listing.pager]\nkind = "{kind}"' in pagers


def test_no_kind_of_pager_is_told_that_does_not_exist() -> None:
    assert first_cells(section(ROOT / "docs/site-files.md", "## Pagers")) == set(PAGERS)


def test_the_fields_of_the_record_are_told_in_order_with_their_types() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \|",
        section(ROOT / "docs/record.md", "## The fields").partition("\n### ")[0],
        re.MULTILINE,
    )
    assert tuple(name for name, _ in rows) == FIELD_NAMES
    for name, told in rows:
        described = entry_schema()["properties"][name]
        kind = described["type"] if "type" in described else [one["type"] for one in described["anyOf"]]
        kinds = {kind} if isinstance(kind, str) else set(kind)
        words = {"array" if word == "list of strings" else word for word in told.split(" or ")}
        assert words == kinds, name


@pytest.mark.parametrize("log", ["pages", "runs"])
def test_the_keys_of_the_other_logs_are_told(log: str, command: Command) -> None:
    assert command.harvest(FIXTURES / "lantern-text" / "listing.txt").status == 0
    written = {key for line in read_lines(command.source / f"{log}.jsonl") for key in line} - {"event"}
    told = first_cells(section(ROOT / "docs/record.md", f"## `{log}.jsonl`"))
    assert told - {"found_by"} == written


def test_the_keys_of_a_walk_are_told(command: Command) -> None:
    assert command.harvest(FIXTURES / "lantern-text" / "listing.txt").status == 0
    (walk,) = read_lines(command.source / "runs.jsonl")[-1]["walks"].values()
    assert first_cells(section(ROOT / "docs/record.md", "## Walks, rows and spans")) == set(walk)


def test_the_readme_counts_the_fields() -> None:
    assert f"{len(FIELD_NAMES)} fields" in text_of(ROOT / "README.md")


# --- make, settings, links, form ---


def test_every_make_target_that_is_named_exists() -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text_of(*MARKDOWN)))
    assert named <= targets
    assert targets <= set(re.findall(r"`make ([a-z-]+)`", text_of(ROOT / "CONTRIBUTING.md")))


def test_every_changed_setting_has_its_reason_above_it() -> None:
    text = text_of(ROOT / "newsarchive/settings.py")
    lines = text.splitlines()
    names = {"BOT_NAME", "SPIDER_MODULES", "NEWSPIDER_MODULE"}  # every Scrapy project has its own

    def has_reason(number: int) -> bool:
        """Tell whether a line (from 1) stands below a comment, alone or with others for which it has a default too."""
        spaces = lines[number - 1][: -len(lines[number - 1].lstrip())]
        of_its_kind = rf"{spaces}[\"A-Z]"
        first, after = number - 1, number
        while re.match(of_its_kind, lines[first - 1]):
            first -= 1
        while after < len(lines) and re.match(of_its_kind, lines[after]):
            after += 1
        comment = first
        while lines[comment - 1].startswith(f"{spaces}#"):
            comment -= 1
        defaults = re.match(r" *# \[(.*?)\]", lines[comment])
        return comment < first and (not defaults or len(defaults[1].split(", ")) == after - first)

    changed = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    assert len(changed) > 20
    for node in changed:
        (target,) = node.targets
        assert isinstance(target, ast.Name)
        if target.id in names:
            continue
        if isinstance(node.value, ast.Dict) and not has_reason(node.lineno):
            for key in node.value.keys:
                assert isinstance(key, ast.Constant)
                ours = str(key.value).startswith(("newsarchive.", "pipelines."))
                assert ours or has_reason(key.lineno), f"{target.id}: {key.value}"
        else:
            assert has_reason(node.lineno), target.id


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(text_of(path))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", without_blocks(text_of(there)), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}, target


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_every_document_is_in_the_index(path: Path) -> None:
    index = ROOT / "docs/README.md"
    assert path == index or f"({path.relative_to(index.parent).as_posix()})" in text_of(index)


@pytest.mark.parametrize(
    "path", [path for path in MARKDOWN if path.name != "README.md" or path.parent != ROOT], ids=name_of
)
def test_lines_wrap_at_120(path: Path) -> None:
    lines = without_blocks(text_of(path)).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("| ")] == []


@pytest.mark.parametrize("number", range(1, len(DECISIONS) + 1))
def test_decisions_are_numbered_short_and_give_their_price(number: int) -> None:
    (path,) = (one for one in DECISIONS if one.name.startswith(f"{number:04}-"))
    text = text_of(path)
    assert text.startswith(f"# {number}. ")
    assert len(text.splitlines()) < 40
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Reason", "What it costs"]


def test_the_changelog_has_unreleased_on_top() -> None:
    assert re.findall(r"^## (.+)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)[0] == "Unreleased"
