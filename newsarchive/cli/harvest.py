"""``newsarchive harvest``: read listings into the archive."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from newsarchive.cli.arguments import add_archive
from newsarchive.cli.console import Progress, print_table
from newsarchive.cli.startup import importing
from newsarchive.errors import UsageError
from newsarchive.plan import AUDIT_EVERY, Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsarchive.cli.arguments import Commands
    from newsarchive.harvest import Report
    from newsarchive.targets import Job, Targets

_EXAMPLES = """examples:
  newsarchive harvest 'https://site.example/spip.php?mot1'
  newsarchive harvest gazette.toml --archive /srv/news
  newsarchive harvest saved-listing.txt
  newsarchive harvest leftvoice --start http://localhost:8000/+-Immigration-+

TARGET is tried in this order: an address; an existing file (a site file, .toml, or a plain-text
listing); the slug of a source of the archive; the name of a spider."""


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    from newsarchive.cli import STATUSES

    parser = commands.add_parser(
        "harvest",
        help="read listings into the archive",
        description="Read listings, from the newest page back to the first, into the archive.",
        epilog=f"{_EXAMPLES}\n\n{STATUSES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="what to harvest")
    add_archive(parser)
    parser.add_argument("--spider", metavar="NAME", help="read an address with this spider (a wrong NAME lists them)")
    parser.add_argument("--start", metavar="URL", help="replace the start address of a spider")
    parser.add_argument("--slug", metavar="NAME", help="name of the source in the archive")
    parser.add_argument("--max-pages", type=_pages, metavar="N", help="read at most N pages of a listing")
    parser.add_argument("--full", action="store_true", help="walk whole, also what is known")
    parser.add_argument("--since", type=_day, metavar="DATE", help="stop below DATE, where the newest come first")
    parser.add_argument(
        "--audit-every",
        type=_days,
        default=AUDIT_EVERY,
        metavar="DAYS",
        help=f"walk whole again after so many days (default: {AUDIT_EVERY}; 0: every time)",
    )
    parser.add_argument(
        "--concurrency", type=_pages, default=1, metavar="N", help="fetch N pages side by side, where they are linked"
    )
    parser.add_argument("--delay", type=_delay, metavar="SECONDS", help="seconds between two requests (default: 1)")
    parser.add_argument("--contact", metavar="TEXT", help="address that the site may write to ($NEWSARCHIVE_CONTACT)")
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="keep a detailed log in FILE")
    parser.add_argument("--quiet", action="store_true", help="print only errors")
    parser.add_argument("--json", action="store_true", help="print the report as an object a line")
    parser.set_defaults(command=run_harvest)


def _pages(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of pages from 1, found {text!r}")
    return int(text)


def _day(text: str) -> str:
    """Return a date as the day that it begins with."""
    day = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        expected = "expected a date such as 2017-09-05, 2017-09 or 2017"
        raise argparse.ArgumentTypeError(f"{expected}, found {text!r}") from None


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1
    if not 0 <= days <= 100_000:
        raise argparse.ArgumentTypeError(f"expected a number of days from 0, found {text!r}")
    return days


def _delay(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 86400, found {text!r}")
    return seconds


def run_harvest(options: argparse.Namespace) -> int:
    """Harvest every target; return the exit status."""
    with importing():
        from newsarchive.harvest import Harvester, Options, load_engine, overall_status
        from newsarchive.targets import Targets

    if len(options.targets) > 1 and (options.slug or options.start):
        raise UsageError("--slug and --start name one source; give them with one TARGET")
    targets = Targets(options.archive)
    given = {"spider": options.spider, "start": options.start, "slug": options.slug}
    jobs = _jobs(targets, options.targets, given)
    if any(job.text is None for job in jobs):
        with importing():
            load_engine()
    if options.log_file is not None:
        _check_log_file(options.log_file)
    progress = Progress()
    harvester = Harvester(
        Options(
            archive=options.archive,
            max_pages=options.max_pages,
            wishes=Wishes(full=options.full, since=options.since, audit_every=options.audit_every),
            concurrency=options.concurrency,
            delay=options.delay,
            contact=options.contact,
            log_file=options.log_file,
            on_page=None if options.quiet else progress.page,
            on_interrupt=lambda: progress.say(
                "Stopping after the page that is being fetched; press Ctrl-C again to stop at once."
            ),
        )
    )
    contact = options.contact or os.environ.get("NEWSARCHIVE_CONTACT")
    if not contact and not options.quiet and any(job.text is None for job in jobs):
        progress.say("No contact is given to the sites; --contact or $NEWSARCHIVE_CONTACT would let them write to you.")
    reports = harvester.harvest(jobs)
    progress.clear()
    _show(reports, options)
    return overall_status(reports)


def _jobs(targets: Targets, names: Sequence[str], given: Mapping[str, str | None]) -> list[Job]:
    """Return the job of every target; two targets of one source are a mistake."""
    jobs: dict[str, Job] = {}
    named: dict[str, str] = {}
    for target in names:
        job = targets.job(target, **given)
        if job.slug in jobs:
            raise UsageError(f"{named[job.slug]} and {target} are the same source, {job.slug}")
        jobs[job.slug], named[job.slug] = job, target
    return list(jobs.values())


def _check_log_file(path: Path) -> None:
    try:
        path.open("a").close()
    except OSError as error:
        raise UsageError(f"--log-file {path}: cannot be written: {error.strerror or error}") from error


def _show(reports: list[Report], options: argparse.Namespace) -> None:
    """Print what was harvested and where it lies; errors go to standard error."""
    failed = [report for report in reports if report.status not in (0, 3)]
    for report in failed:
        named = "" if report.target in report.reason else f"{report.target}: "
        sys.stderr.write(f"newsarchive: {named}{report.reason}\n")
    if options.json:
        for report in reports:
            sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False) + "\n")
        return
    for report in reports:
        for text in report.findings:
            sys.stderr.write(f"newsarchive: {report.slug}: {text}\n")
    if options.quiet:
        for report in reports:
            if report.status == 3:
                sys.stderr.write(f"newsarchive: {report.slug}: {report.verdict}: {report.reason}\n")
        return
    for report in reports:
        for text in report.notices:
            sys.stderr.write(f"{report.slug}: {text}\n")
    if shown := [report for report in reports if report.verdict and (report.counts.get("read") or not report.status)]:
        print_table(["source", "pages", "new", "changed", "known", "verdict"], [_row(one) for one in shown])
        for report in shown:
            if report not in failed:
                sys.stdout.write(f"{report.slug}: {report.verdict}: {report.reason}\n")
            sys.stdout.write(f"{report.slug}: records in {report.records}\n")


def _row(report: Report) -> list[str]:
    counts = [str(report.counts[name]) for name in ("pages", "new", "changed", "known")]
    return [report.slug, *counts, report.verdict or ""]
