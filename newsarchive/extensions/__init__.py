"""Scrapy extensions, one class a module."""
