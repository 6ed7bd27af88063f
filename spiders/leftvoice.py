"""Left Voice, a socialist news site; the keyword listings of the years when it ran SPIP."""

from newsarchive.listing import Listing
from newsarchive.pagers import Offset
from newsarchive.spider import ListingSpider


class Leftvoice(ListingSpider):
    """Left Voice until 2018; newest first. The site has moved since: give a mirror or a replay with ``start``."""

    name = "leftvoice"
    start_urls = ["https://www.leftvoice.org/+-Immigration-+"]
    listing = Listing(
        card="li.hentry",
        title=".entry-title",
        url=".entry-title a::attr(href)",
        date=".introduction",  # "September 05, 2017 | The teaser follows"
        summary=".introduction",
        bylines=".author",
        section=".surtitre",
        pager=Offset("debut_articles", css=".pagination a"),
        language="en",
        timezone="America/New_York",
    )
