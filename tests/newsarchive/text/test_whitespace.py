import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.text.whitespace import fold

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates included


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        (" \t\r\n\u00a0\u2003\u3000", ""),
        ("plain text", "plain text"),
        ("  two\n\n lines ", "two lines"),
        ("« a\u00a0»", "« a »"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("so\u00adft zero\u200bwidth\ufeff\u2060", "soft zerowidth"),
        ("a \u200b b", "a b"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("\ud83d\ude00", "\U0001f600"),
        ("x\ufdd0y\uffffz\U0001ffff", "xyz"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("“Jean-Paul O’Reilly” – 49,3 % …", "“Jean-Paul O’Reilly” – 49,3 % …"),
    ],
)
def test_folds_white_space_and_removes_what_nobody_sees(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folded_text_is_stable_single_spaced_and_can_be_written(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    folded.encode("utf-8")


@given(st.lists(st.sampled_from(["word", "é", "李伟", "«", "12"]), max_size=5), st.sampled_from(" \n\t\u00a0"))
def test_visible_characters_are_kept_in_order(words: list[str], space: str) -> None:
    assert fold(space.join(words)) == " ".join(words)
