"""Harvests of SPIP listings by the real command.

No SPIP runs here: Debian 12's archive has no package ``spip``, nor have PyPI and npm. So the listing of one real
SPIP 4.1 is replayed from its recorded pages, which stay in ``../shared``, and what was not recorded (languages,
pagers, addresses, the seed's articles) comes from an imitation, ``spip_imitation``. Only the first proves anything
about SPIP itself.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.serve import Page, SavedSite, serving

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "seed" / "expected.jsonl"
RECORDED = SHARED / "realsites" / "sites" / "spip-boucle"
INVENTED = ROOT / "fixtures" / "lantern-spip" / "expected.jsonl"
COUNT = 23
FIELDS = ("title", "date", "date_raw", "summary", "summary_truncated", "bylines")


def _load_imitation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spip_imitation", Path(__file__).with_name("spip_imitation.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


imitation = _load_imitation()


def harvest(url: str, archive: Path) -> str:
    """Run the command; return what it wrote to entries.jsonl."""
    done = subprocess.run(
        [sys.executable, "-m", "newsarchive", "harvest", url, "--archive", str(archive), "--delay", "0"],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("NEWSARCHIVE_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (entries,) = archive.glob("*/entries.jsonl")
    return entries.read_text(encoding="utf-8")


def records(entries: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in entries.splitlines()]


def articles() -> list[Any]:
    return imitation.read_articles(SEED if SEED.is_file() else INVENTED)[:COUNT]  # type: ignore[no-any-return]


def expected(shown: list[Any], variant: Any) -> list[dict[str, Any]]:
    def folded(text: str) -> str:
        return " ".join(imitation.typography(text, variant.language).split())

    return [
        {
            "title": folded(one.title),
            "date": one.date,
            "date_raw": imitation.shown_date(one.date, variant.language, variant.this_year),
            "summary": folded(one.summary) if one.summary else None,
            "summary_truncated": one.truncated if one.summary else None,
            "bylines": list(one.authors),
        }
        for one in shown
    ]


def assert_harvested(shown: list[Any], variant: Any, archive: Path) -> None:
    with serving(imitation.spip_imitation(shown, variant)) as server:
        found = records(harvest(server.url, archive))
    assert [{name: record[name] for name in FIELDS} for record in found] == expected(shown, variant)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="../shared/realsites is not there")
def test_the_recorded_listing_of_a_real_spip_gives_its_records_and_a_second_harvest_adds_none(tmp_path: Path) -> None:
    described = json.loads((RECORDED / "site.json").read_text(encoding="utf-8"))
    pages = {f"/{path}": Page((RECORDED / "pages" / path).read_bytes()) for path in described["pages"]}
    pages |= {asked: pages[f"/{path}"] for asked, path in described["aliases"].items()}
    truth = records((RECORDED / "expected.jsonl").read_text(encoding="utf-8"))
    with serving(SavedSite(f"/{described['start']}", pages)) as server:
        first = harvest(server.url, tmp_path)
        assert harvest(server.url, tmp_path) == first
    found = {record["url"].partition("?")[2]: record for record in records(first)}
    assert len(found) == len(records(first)) == len(truth)
    for entry in truth:
        record = found[entry["url"].partition("?")[2]]
        assert (record["title"], record["date"]) == (entry["title"], entry["date"])
        assert record["bylines"] == (entry["authors"] or [])
        assert record["summary"].startswith(entry["summary_start"].strip())


VARIANTS = [  # every language, pager model and address scheme at least once
    imitation.Variant(language, pager, address)
    for language, pager, address in zip((*imitation.MONTHS, "en"), imitation.PAGERS, imitation.ADDRESSES, strict=True)
]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: f"{one.language}-{one.pager}-{one.address}")
def test_an_imitation_with_other_languages_pagers_and_addresses(variant: Any, tmp_path: Path) -> None:
    assert_harvested(articles(), variant, tmp_path)


@pytest.mark.parametrize("language", imitation.MONTHS)
def test_an_imitation_on_the_first_of_a_month(language: str, tmp_path: Path) -> None:
    firsts = [replace(one, date=f"{one.date[:8]}01") for one in articles()]
    assert_harvested(firsts, imitation.Variant(language), tmp_path)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_imitation_that_leaves_the_current_year_out(language: str, tmp_path: Path) -> None:
    year = datetime.now(UTC).year
    fresh = [replace(one, date=f"{year}-01-0{at + 1}") if at < 3 else one for at, one in enumerate(articles())]
    assert_harvested(fresh, imitation.Variant(language, this_year=year), tmp_path)


def test_an_imitation_harvested_twice_adds_nothing(tmp_path: Path) -> None:
    with serving(imitation.spip_imitation(articles(), imitation.Variant())) as server:
        first = harvest(server.url, tmp_path)
        assert harvest(server.url, tmp_path) == first
