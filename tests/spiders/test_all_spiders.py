"""What holds for every spider and every module: names, sizes, and the direction of imports."""

import ast
import io
import re
import statistics
import tokenize
from importlib import import_module
from pathlib import Path

import pytest

from newsarchive.listing import Listing
from newsarchive.spider import ListingSpider

ROOT = Path(__file__).parents[2]
SPIDERS = sorted(path for path in (ROOT / "spiders").glob("*.py") if path.stem != "__init__")
MODULES = sorted(path for room in ("newsarchive", "spiders", "pipelines") for path in (ROOT / room).rglob("*.py"))


def spider_classes(path: Path) -> list[type[ListingSpider]]:
    module = import_module(f"spiders.{path.stem}")
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, ListingSpider) and one.__module__ == module.__name__
    ]


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def code_lines(path: Path) -> int:
    """Return the lines that hold code: no blank line, no comment, no docstring."""
    text = path.read_text("utf-8")
    lines: set[int] = set()
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in ignored:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def imported(path: Path) -> set[str]:
    """Return the dotted names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its direction"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def in_room(*rooms: str) -> list[Path]:
    return [path for path in MODULES if path.relative_to(ROOT).parts[: len(rooms)] == rooms]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- spiders ---


def test_there_are_spiders_and_modules_to_look_at() -> None:
    assert {path.stem for path in SPIDERS} >= {"leftvoice", "site", "spip"}
    assert len(MODULES) > 30
    assert in_room("newsarchive", "text")
    assert in_room("newsarchive", "archive")


@pytest.mark.parametrize("path", SPIDERS, ids=name_of)
def test_file_spider_and_class_have_one_name(path: Path) -> None:
    (cls,) = spider_classes(path)
    assert path.stem == cls.name == snake_case(cls.__name__)


@pytest.mark.parametrize("path", SPIDERS, ids=name_of)
def test_a_spider_is_a_leaf_with_a_docstring_and_a_case(path: Path) -> None:
    (cls,) = spider_classes(path)
    assert cls.__subclasses__() == []
    assert cls.__doc__
    assert cls.listing is None or isinstance(cls.listing, Listing)
    assert (ROOT / "tests" / "spiders" / f"test_{path.stem}.py").is_file()


def test_the_median_spider_has_at_most_twenty_lines() -> None:
    lines = {path.stem: code_lines(path) for path in SPIDERS}
    assert statistics.median(lines.values()) <= 20, lines


def test_a_regular_site_has_no_method() -> None:
    (cls,) = spider_classes(ROOT / "spiders" / "leftvoice.py")
    assert not [name for name, value in vars(cls).items() if callable(value)]


# --- the direction of imports ---


@pytest.mark.parametrize("path", in_room("newsarchive"), ids=name_of)
def test_the_library_knows_neither_spiders_nor_pipelines(path: Path) -> None:
    assert not tops(path) & {"spiders", "pipelines", "tests", "scripts", "benchmarks"}


@pytest.mark.parametrize("path", in_room("newsarchive", "text") + in_room("newsarchive", "detect"), ids=name_of)
def test_text_and_detection_know_no_scrapy(path: Path) -> None:
    assert not tops(path) & {"scrapy", "twisted", "itemloaders", "itemadapter"}
    ours = {name for name in imported(path) if name.startswith("newsarchive.")}
    room = "newsarchive." + path.parent.name
    allowed = (room, "newsarchive.text", "newsarchive.errors", "newsarchive.listing", "newsarchive.pagers",
               "newsarchive.selectors")  # fmt: skip
    assert not [name for name in ours if not name.startswith(allowed)]


@pytest.mark.parametrize("path", in_room("newsarchive", "archive"), ids=name_of)
def test_the_archive_knows_no_html(path: Path) -> None:
    assert not tops(path) & {"parsel", "lxml", "scrapy", "w3lib", "cssselect"}


@pytest.mark.parametrize("path", in_room("spiders") + in_room("pipelines"), ids=name_of)
def test_spiders_and_pipelines_do_not_know_each_other(path: Path) -> None:
    assert not tops(path) & ({"spiders", "pipelines"} - {path.parent.name})


# --- sizes ---


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_of_a_size_to_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    long = {
        node.name: length
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    }
    assert not long
