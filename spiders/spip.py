"""SPIP, the publishing system: any keyword, section, author or search listing, whatever its address looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.listing import Listing
from newsarchive.pagers import Offset
from newsarchive.spider import ListingSpider

if TYPE_CHECKING:
    from scrapy.http import TextResponse


class Spip(ListingSpider):
    """A listing of a site that runs SPIP, by address; SPIP's default order is popularity."""

    name = "spip"
    listing = Listing(
        # Full cards first; author and search pages list bare links. The last four are SPIP 3.0, 2, 1.9 and any other.
        card=[
            ".menu_articles li.hentry",
            ".liste.articles .hentry",
            ".liste.articles .item",
            "//*[a[@id='pagination_articles' or @name='pagination_articles']]/ul/li[contains(@class, 'hentry')]",
            "li.hentry",
            "article.hentry",
            "article.entry",
            ".menu_articles > ul > li",
            ".menu.articles > ul > li",
            ".liste-articles > ul > li",
            "//*[a[@id='pagination_articles' or @name='pagination_articles']]/ul/li",
        ],
        # A teaser may hold headings, bold links and small print of its own: first what stands directly in the card.
        title=[".entry-title", ".titre", "./strong/a | ./h2 | ./h3", "h2", "h3", "strong a", "a"],
        url=[
            ".entry-title a::attr(href)",
            ".titre a::attr(href)",
            "./*[self::strong or self::h2 or self::h3]/a/@href",
            "strong a::attr(href)",
            "a::attr(href)",
        ],
        date=[".published::attr(title)", "time::attr(datetime)", "./small", "small", ".date", ".introduction"],
        summary=[".introduction", ".chapo", ".descriptif", ".texte"],
        bylines=[".author", ".auteurs", "./small", "small"],
        section=[".surtitre", ".kicker"],
        image="img.spip_logo::attr(src), img.spip_logos::attr(src)",
        # "Articles (217)": the number in brackets, where there is one.
        total="//*[@id='pagination_articles']/following-sibling::h2[1]"
        "[number(substring-before(substring-after(., '('), ')')) > 0]",
        pager=Offset("debut_*", css=".pagination a, a.lien_pagination"),
    )

    @classmethod
    def recognises(cls, response: TextResponse) -> bool:
        """Tell by the generator, the ``Composed-By`` header, or SPIP's own pagination and article markup."""
        if b"SPIP" in (response.headers.get("Composed-By") or b""):
            return True
        page = response.selector
        if page.type not in ("html", "xml"):
            return False
        if any("SPIP" in value for value in page.css("meta[name=generator]::attr(content)").getall()):
            return True
        return bool(page.css(".pagination_ancre, .lien_pagination")) and bool(page.css(".hentry, .spip_in, .crayon"))
