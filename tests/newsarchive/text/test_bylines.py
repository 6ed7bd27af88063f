import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.text.bylines import raw_bylines, split_bylines
from newsarchive.text.whitespace import fold


@pytest.mark.parametrize(
    "name",
    [
        *("Standard Staff", "Jean-Paul O'Reilly", "Ludwig van Beethoven", "Ana García Márquez", "Collectif d'Ivry"),
        *("Alejandra Ríos", "李伟", "Juan Cruz Ferre", "Reuters", "AFP", "LDH", "admin", "Byron Smith", "Parisa Nour"),
        *(
            "Von der Leyen",
            "Di Maria",
            "Da Silva",
            "Per Olov Enquist",
            "JANE DOE",
            "AFP/Reuters",
            "AT&T",
            "Marcel·lí Gal·la",
            "ジョン・スミス",
            "From the Editors",
        ),
        *("Smith, Jr.", "Foo, Inc.", "Jane Doe, PhD", "Department of Health and Social Care", "Standards and ethics"),
        *("Cecilia (LDH)", "Autor Invitado", "50 Cent", "Anderson", "Etienne", "Collectif « Un toit »"),
    ],
)
@pytest.mark.parametrize("language", [None, "en", "fr"])
def test_a_single_name_stays_whole(name: str, language: str | None) -> None:
    assert split_bylines([name], language) == [name]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(("By Ana Ríos", "en"), ("by  Ana Ríos", None), ("BY ANA RÍOS", "en"), ("Written by: Ana Ríos", "en")),
        *(("Posted by Ana Ríos", "en"), ("par Ana Ríos", "fr"), ("Par : Ana Ríos", "fr"), ("Por Ana Ríos", "es")),
        *(("Von Ana Ríos", "de"), ("Di Ana Ríos", "it"), ("Av Ana Ríos", "sv"), ("Door Ana Ríos", "nl")),
        *(("Przez Ana Ríos", "pl"), ("Autor: Ana Ríos", "de"), ("Автор: Ana Ríos", "ru"), ("Text: Ana Ríos", "de")),
        *(("Text: von Ana Ríos", "de"), ("文/Ana Ríos", "zh"), ("作者：Ana Ríos", "zh"), ("| Ana Ríos |", None)),
        *(
            ("Ana Ríos »", None),
            ("« Ana Ríos", None),
            ("« Ana Ríos »", "fr"),
            ("Ana Ríos »»", None),
            ("(Ana Ríos", None),
        ),
    ],
)
def test_lead_in_is_no_part_of_the_name(text: str, language: str | None) -> None:
    assert [name.title() for name in split_bylines([text], language)] == ["Ana Ríos"]


@pytest.mark.parametrize(
    "joined",
    [
        *("Ana Ríos, Bo Li", "Ana Ríos; Bo Li", "Ana Ríos / Bo Li", "Ana Ríos | Bo Li", "Ana Ríos & Bo Li"),
        *("Ana Ríos、Bo Li", "Ana Ríos · Bo Li", "Ana Ríos\nBo Li", "Ana Ríos, \n Bo Li", "Ana Ríos and Bo Li"),
        *("Ana Ríos et Bo Li", "Ana Ríos und Bo Li", "Ana Ríos och Bo Li", "Ana Ríos и Bo Li", "By Ana Ríos, by Bo Li"),
        *("Ana Ríos (ana@example.org), Bo Li", "Ana Ríos ana@example.org Bo Li", "Ana Ríos, Bo Li, contact"),
        *("Ana Ríos, Bo Li, Ana Ríos", "Ana Ríos, Bo Li, Foto: Cy Do", "Ana Ríos, Bo Li, September 5, 2017"),
        *("Ana Ríos on 5 September 2017, Bo Li", "Ana Ríos, , Bo Li,"),
    ],
)
def test_joiners_part_names_in_order(joined: str) -> None:
    assert split_bylines([joined]) == ["Ana Ríos", "Bo Li"]


@pytest.mark.parametrize(
    ("word", "language"),
    [("y", "es"), ("e", "it"), ("e", "pt-BR"), ("i", "pl"), ("en", "nl"), ("og", "nb"), ("ja", "fi"), ("i", "ca")],
)
def test_short_words_part_names_only_in_their_languages(word: str, language: str) -> None:
    text = f"Ana Ríos {word} Bo Li"
    assert split_bylines([text], language) == ["Ana Ríos", "Bo Li"]
    assert split_bylines([text], "en") == [text]
    assert split_bylines([text]) == [text]


def test_each_element_is_a_name_of_its_own() -> None:
    assert split_bylines(["par Jean-Paul O'Reilly", "李伟", "Reuters"], "fr") == [
        "Jean-Paul O'Reilly",
        "李伟",
        "Reuters",
    ]


@pytest.mark.parametrize(
    "texts", [[], [""], [" \n"], ["By"], ["Contact"], ["ana@example.org"], ["2017"], ["Photo: Ana"]]
)
def test_no_name_is_no_byline(texts: list[str]) -> None:
    assert split_bylines(texts) == []


@given(st.lists(st.text(alphabet=st.sampled_from("AnaBo ,;/|&\n.()@: ü李-'’0"), max_size=30), max_size=3))
def test_a_name_is_a_span_of_the_folded_text(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    for name in split_bylines(texts, "es"):
        assert name == fold(name) != ""
        assert any(name in text for text in folded)


@given(st.lists(st.text(), max_size=3), st.sampled_from([None, "", "es", "xx-YY"]))
def test_any_text_is_read_without_error_or_repeat(texts: list[str], language: str | None) -> None:
    names = split_bylines(texts, language)
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("texts", "raw"),
    [([], None), (["", " "], None), (["By  Ana\n"], "By Ana"), (["par Ana", "", "李伟"], "par Ana; 李伟")],
)
def test_raw_bylines_is_the_text_that_was_read(texts: list[str], raw: str | None) -> None:
    assert raw_bylines(texts) == raw
