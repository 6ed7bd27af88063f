import pytest

from newsarchive.text.titles import clean_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "\n  Trump, “the wall”,\n and {{after}} #MeToo: what next? ",
            "Trump, “the wall”, and {{after}} #MeToo: what next?",
        ),
        ("«\u00a0À bas\u00a0!\u00a0»", "« À bas ! »"),
        ("20-95", "20-95"),
        ("\u200b\n", None),
        ("", None),
    ],
)
def test_title_is_the_text_as_shown(text: str, title: str | None) -> None:
    assert clean_title(text) == title
