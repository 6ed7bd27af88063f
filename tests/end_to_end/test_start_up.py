"""What a command imports: start-up is most of the cost of a scheduled run that finds nothing new."""

from __future__ import annotations

import re
import sys

from scripts.serve import serving
from tests.conftest import CHECKOUT, Command, listing_site, site_file


def imported(command: Command, *words: object) -> set[str]:
    """Return the modules that a command imports."""
    result = command.program([sys.executable, "-X", "importtime", "-m", *words])
    assert result.status == 0, result.err[-2000:]
    return set(re.findall(r"^import time: .*\| +([\w.]+)$", result.err, re.MULTILINE))


def test_only_a_harvest_imports_scrapy(command: Command) -> None:
    command.archive.mkdir()
    for words in (["--version"], ["harvest", "--help"], ["schema"], ["status", "--archive", command.archive]):
        modules = imported(command, "newsarchive", *words)
        assert "newsarchive.cli" in modules
        assert not modules & {"scrapy", "twisted", "itemadapter", "lxml"}, words


def test_a_harvest_imports_what_it_needs(command: Command) -> None:
    """No web server, no second HTTP client, no reader of text files; dateparser only for words in dates."""
    with serving(listing_site(2)) as server:
        words = ["harvest", site_file(command.folder, server.url), "--archive", command.archive, "--delay", "0"]
        modules = imported(command, "newsarchive", *words)
    assert {"scrapy", "newsarchive.reading"} <= modules
    assert not modules & {"aiohttp", "requests", "tldextract", "twisted.conch"}
    assert not modules & {"newsarchive.textlisting", "newsarchive.textrun", "newsarchive.address", "dateparser"}


def test_scrapy_keeps_its_own_switches(command: Command) -> None:
    """In the checkout: cookies on request, and no port is listened on whatever the switch says."""
    lines = ["import sys", "from newsarchive.harvest import load_settings", "settings = load_settings()"]
    lines.append("print(*settings.get_component_priority_dict_with_base('EXTENSIONS'))")
    lines.append("print(*settings.get_component_priority_dict_with_base('DOWNLOADER_MIDDLEWARES'))")
    result = command.program([sys.executable, "-c", "\n".join(lines)], cwd=CHECKOUT)
    assert result.status == 0, result.err
    extensions, middlewares = (line.split() for line in result.out.splitlines())
    assert "scrapy.extensions.feedexport.FeedExporter" in extensions
    assert "newsarchive.extensions.crawl_delay.CrawlDelay" in extensions
    assert not [path for path in extensions if "telnet" in path or "remote_control" in path]
    assert "newsarchive.middlewares.cookies.LazyCookies" in middlewares
    assert not [path for path in middlewares if "CookiesMiddleware" in path]
