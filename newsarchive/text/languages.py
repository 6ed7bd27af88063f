"""Language tags as pages write them."""

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")


def clean_language(tag: str | None) -> str | None:
    """Return a BCP 47 tag; ``None`` for what is none.

    >>> clean_language("fr_FR"), clean_language(" "), clean_language("english")
    ('fr-FR', None, None)
    """
    text = (tag or "").strip().replace("_", "-")
    return text if _TAG.fullmatch(text) else None
