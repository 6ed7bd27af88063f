"""Pure functions on text: dates, bylines, summaries, titles, addresses. No Scrapy, no clock, no network."""
