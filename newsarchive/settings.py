"""Every Scrapy setting that newsarchive changes: the default in brackets, then the reason. Then its own settings."""

from __future__ import annotations

import os

from scrapy.settings import default_settings

from newsarchive import user_agent

BOT_NAME = "newsarchive"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# [Scrapy's name and address] An honest name; the contact comes from the user or is left out, never invented.
USER_AGENT = user_agent(os.environ.get("NEWSARCHIVE_CONTACT"))
# [USER_AGENT] robots.txt names products, not versions and contacts.
ROBOTSTXT_USER_AGENT = "newsarchive"
# [False] A guest asks first.
ROBOTSTXT_OBEY = True
# [16, 8, 0] One request at a time and a second between two: an archive is in no hurry.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
# [True] Pages of a listing have no language of their own to prefer; 'en' would turn some sites into translations.
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

# [180] Total time of a request; a page that takes longer is not coming.
DOWNLOAD_TIMEOUT = 30
# [1 GiB, 32 MiB] Parsing costs forty times the size; no listing page is larger.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# [False] An archive that can be proved needs to know whom it spoke to.
DOWNLOAD_VERIFY_CERTIFICATES = True
# [20] Longer chains are loops.
REDIRECT_MAX_TIMES = 10
# [ERROR] A page that stays away is the run's to report, with its address and the reason.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
# [True] Listings need no session, and the first cookie would make tldextract ask the network for a list of suffixes.
COOKIES_ENABLED = False

# [True, True] Both listen on a port; the remote control runs what it is sent.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Scrapy imports what is switched off too, and what is set to None; these bring a web server, a terminal and an HTTP
# client of their own, a quarter of the start-up.
_never_imported = (
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
)
# [Scrapy's list] The same without them.
EXTENSIONS_BASE = {
    path: order for path, order in default_settings.EXTENSIONS_BASE.items() if path not in _never_imported
}
# [Scrapy's list] The same without them.
DOWNLOADER_MIDDLEWARES_BASE = {
    path: order for path, order in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items() if path not in _never_imported
}
DOWNLOADER_MIDDLEWARES = {
    # Scrapy's filter knows domains only; ours knows the origin, and holds for redirects too.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "newsarchive.middlewares.origin.SourceOrigin": 50,
    # Scrapy's goes on where robots.txt cannot be had.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsarchive.middlewares.robots.RobotsTxt": 100,
    # Scrapy's asks again at once, whatever Retry-After says.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "newsarchive.middlewares.retry.RetryAfter": 550,
    # In the place of the one left out above; it loads Scrapy's where COOKIES_ENABLED asks for it.
    "newsarchive.middlewares.cookies.LazyCookies": 700,
}
SPIDER_MIDDLEWARES = {
    # The run's Walk counts pages and bounds them; these would do the same work once more for each of 25 items a page.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    # The spider reads the status itself, to say which page failed and why.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
}
EXTENSIONS = {"newsarchive.extensions.crawl_delay.CrawlDelay": 500}
ITEM_PIPELINES = {
    "pipelines.normalize.NormalizeEntry": 100,
    "pipelines.validate.ValidateEntry": 200,
    "pipelines.deduplicate.DropDuplicates": 300,
    "pipelines.store.StorePages": 400,
}
# [100] One item after the other: a page's mark must not overtake its entries, and a hundred idle workers a page cost
# more than the work.
CONCURRENT_ITEMS = 1
# [True] It looks into the source of the callback again for every page; the tests know that ours returns no value.
WARN_ON_GENERATOR_RETURN_VALUE = False
# [LogFormatter] A line a page, not a line an entry.
LOG_FORMATTER = "newsarchive.logformatter.PageLogFormatter"
# [None: ASCII escapes] Records are UTF-8.
FEED_EXPORT_ENCODING = "utf-8"

# Folder of the archive; empty: nothing is archived (the command line sets it, plain scrapy with -s).
NEWSARCHIVE_ARCHIVE = ""
# Pages of one listing to read at most; None: the built-in limit of 10,000.
NEWSARCHIVE_MAX_PAGES = None
# Whether Crawl-delay is honoured (not where the user gave a delay), and how many seconds of it at most.
NEWSARCHIVE_OBEY_CRAWL_DELAY = True
NEWSARCHIVE_LONGEST_CRAWL_DELAY = 60.0
