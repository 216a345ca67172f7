"""The components of the pages: what they print in each language, and what they never print."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from core import context, typography
from core.templatetags import ui


def render(source, language="fr", **values):
    with override(language):
        return Template("{% load ui %}" + source).render(Context(values)).strip()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "1\u00a0234,6\u202f%"), ("nl", "1.234,6%"), ("en", "1,234.6%")],
)
def test_number_follows_the_language(language, expected):
    with override(language):
        assert typography.number(Decimal("1234.56"), 1, "%") == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (2.5, {}, "3"),
        (0.25, {"decimals": 1}, "0.3"),
        (-7, {"decimals": 1}, "\u22127.0"),
        (7, {"decimals": 1, "signed": True}, "+7.0"),
        (0, {"signed": True}, "0"),
        (-0.2, {}, "0"),
        (12, {"unit": "days"}, "12\u00a0days"),
        (None, {"unit": "%"}, "n/a"),
    ],
)
def test_number_rounds_signs_and_admits_absence(value, options, expected):
    with override("en"):
        assert typography.number(value, **options) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "1er juillet 2026 à 0\u00a0h\u00a030"),
        ("nl", "1 juli 2026 om 0.30\u00a0uur"),
        ("en", "1 July 2026, 00:30"),
    ],
)
def test_moment_is_told_in_brussels_summer_time(language, expected):
    with override(language):
        assert typography.moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == expected


def test_day_tag_gives_machines_the_day_in_brussels():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    markup = render("{% day late %}", late=late)
    assert markup == '<time datetime="2027-01-01">1er janvier 2027</time>'
    assert render("{% day none %}", none=None) == ""


def test_day_of_a_plain_date():
    markup = render("{% day held short=True %}", language="en", held=date(2026, 3, 12))
    assert markup == '<time datetime="2026-03-12">12 Mar 2026</time>'


def test_date_brussels_carries_the_offset():
    start = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    markup = render("{% date_brussels start %}", language="en", start=start)
    assert markup == '<time datetime="2026-01-05T13:00+01:00">5 January 2026, 13:00</time>'


def test_thread_has_six_dots_and_words():
    markup = render("{% thread 4 current=5 label=words %}", words="a < b")
    assert markup.count("<i") == 6
    assert markup.count('class="on"') == 4
    assert markup.count('class="now"') == 1
    assert '<span class="thread-words">a &lt; b</span>' in markup


def test_thread_without_label_says_the_step():
    assert "step 4 of 6: choose" in render("{% thread 4 %}", language="en")
    assert "not started" in render("{% thread 0 %}", language="en")


def test_chip_is_a_sign_and_words_escaped():
    markup = render('{% chip "late" words %}', words="<late>")
    assert markup == (
        '<span class="chip chip-late"><span aria-hidden="true">▼</span>&nbsp;&lt;late&gt;</span>'
    )


def test_demo_mark_only_on_demonstrations():
    source = "{% demo_mark thing %}"
    assert "chip-demo" in render(source, thing=SimpleNamespace(is_demo=True))
    assert render(source, thing=SimpleNamespace(is_demo=False)) == ""
    assert render(source, thing=SimpleNamespace()) == ""


def text(**fields):
    return SimpleNamespace(**({"title_fr": "", "title_nl": "", "title_en": None} | fields))


def test_tr_prints_the_page_language_escaped():
    both = text(title_fr="Vélo & train", title_nl="Fiets")
    assert render('{% tr thing "title" %}', thing=both) == "Vélo &amp; train"
    assert render('{% tr thing "title" %}', language="nl", thing=both) == "Fiets"


def test_tr_falls_back_visibly_with_its_language():
    markup = render('{% tr thing "title" %}', language="en", thing=text(title_nl="<b>Fiets</b>"))
    assert markup == (
        '<span lang="nl">&lt;b&gt;Fiets&lt;/b&gt;</span> <small class="fallback">(in Dutch)</small>'
    )


def test_tr_prefers_french_then_dutch_when_english_is_empty():
    thing = text(title_fr="Vélo", title_nl="Fiets")
    assert '<span lang="fr">Vélo</span>' in render('{% tr thing "title" %}', "en", thing=thing)


def test_tr_text_is_words_without_markup():
    assert render('{{ thing|tr_text:"title" }}', "en", thing=text(title_nl="Fiets")) == "Fiets"
    assert render('{{ thing|tr_text:"title" }}', thing=text()) == ""


def test_tr_block_makes_paragraphs_of_escaped_text():
    markup = render('{% tr_block thing "title" %}', thing=text(title_fr="un\n\n<script>"))
    assert markup == "<p>un</p>\n\n<p>&lt;script&gt;</p>"


def test_own_words_keep_their_language():
    source = "{% own_words words lang %}"
    assert render(source, words="Fiets & tram", lang="nl") == (
        '<span lang="nl">Fiets &amp; tram</span>'
    )
    assert render(source, language="nl", words="Fiets", lang="nl") == "Fiets"


def test_own_words_as_a_block():
    markup = render("{% own_words words lang block=True %}", words="a\n\nb", lang="nl")
    assert markup == '<div lang="nl"><p>a</p>\n\n<p>b</p></div>'


def links_for(path, language="fr", **values):
    request = RequestFactory().get(path)
    with override(language):
        return ui.language_links({"request": request, **values})


def test_language_links_keep_page_and_query():
    links = links_for("/fr/accounts/login/?next=/fr/&q=a%26b")
    assert [link["url"] for link in links] == [
        f"/{code}/accounts/login/?next=/fr/&q=a%26b" for code in ("fr", "nl", "en")
    ]
    assert [link["current"] for link in links] == [True, False, False]


def test_language_links_of_an_unknown_page_lead_home():
    assert links_for("/fr/nope/")[1]["url"] == "/nl/"


def test_language_links_take_the_page_at_its_word():
    links = links_for("/fr/x/", alternates={"nl": "/nl/y/"})
    assert links[1]["url"] == "/nl/y/"


def test_progress_without_total_is_not_available():
    markup = render("{% progress 0 None label %}", language="en", label="Meetings")
    assert "n/a" in markup
    assert "<progress" not in markup


def test_progress_tells_the_words_and_the_bar():
    markup = render("{% progress 14 20 label %}", language="en", label="Workshops")
    assert '<progress value="14" max="20" aria-label="Workshops">' in markup


def test_sparkline_spans_values_and_target_and_skips_gaps():
    line = ui.sparkline([0, None, 50], "words", target=100)
    assert line["points"] == [("6.0", "64.0"), ("294.0", "35.0")]
    assert line["target"] == "6.0"


def test_data_table_aligns_numbers_and_heads_rows():
    table = {
        "caption": "Share",
        "columns": [{"label": "Year"}, {"label": "Value", "kind": "number"}],
        "rows": [["2025", "61,2"]],
    }
    markup = render("{% data_table table %}", table=table)
    assert '<th scope="row">2025</th><td class="num">61,2</td>' in markup
    assert '<th scope="col" class="num">Value</th>' in markup


def test_no_component_prints_inline_style_or_script():
    source = (
        '{% thread 3 %}{% chip "ok" "x" %}{% figure 3 %}{% icon "search" %}{% progress 1 2 "x" %}'
    )
    markup = render(source)
    assert "style=" not in markup
    assert "<script" not in markup


@pytest.mark.parametrize(
    ("url", "path", "expected"),
    [
        ("/fr/ideas/", "/fr/ideas/", "page"),
        ("/fr/ideas/", "/fr/ideas/12/", "true"),
        ("/fr/ideas/", "/fr/kpi/", ""),
    ],
)
def test_menu_knows_where_the_reader_is(url, path, expected):
    assert context.current(url, path) == expected


def test_every_page_gets_the_contact_points(settings):
    values = context.portal(RequestFactory().get("/fr/"))
    assert values["site"] is settings.SITE


@pytest.mark.parametrize(
    ("language", "june", "december"),
    [("fr", "juin", "déc."), ("nl", "juni", "dec."), ("en", "Jun", "Dec")],
)
def test_short_months_are_those_of_the_language(language, june, december):
    days = [date(2026, 6, 1), date(2026, 12, 3)]
    markup = [render("{% day_block held %}", language=language, held=held) for held in days]
    assert [f"</b>{month}<" in text for month, text in zip((june, december), markup, strict=True)]
    with override(language):
        assert typography.day(days[1], short=True) == f"3 {december} 2026"


@pytest.mark.parametrize(
    ("language", "label", "end"),
    [
        *[("fr", "Thème", "\u00a0:"), ("nl", "Thema", ":"), ("en", "Theme", ":")],
        *[("fr", "Où ?", ""), ("nl", "Ik ga akkoord.", ""), ("en", "Go on…", "")],
    ],
)
def test_a_label_ends_with_a_colon_and_a_sentence_does_not(language, label, end):
    with override(language):
        assert ui.label_end(label) == end
