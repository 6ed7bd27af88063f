"""Where the speed and size figures of the docs come from: a publication made up, a bare Scrapy spider, a comparison."""
