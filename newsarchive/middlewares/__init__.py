"""Scrapy middlewares, one class a module."""
