"""The components of the pages: ``{% load ui %}``. Their markup is in templates/ui/."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from core import typography
from core.pages import MOST_COUNTED

register = template.Library()

LANGUAGE_ORDER = ("fr", "nl", "en")
LANGUAGE_SELF_NAMES = {"fr": "Français", "nl": "Nederlands", "en": "English"}
IN_LANGUAGE = {
    "fr": gettext_lazy("in French"),
    "nl": gettext_lazy("in Dutch"),
    "en": gettext_lazy("in English"),
}
STAGES = (
    pgettext_lazy("stage", "listen"),
    pgettext_lazy("stage", "imagine"),
    pgettext_lazy("stage", "deepen"),
    pgettext_lazy("stage", "choose"),
    pgettext_lazy("stage", "realise"),
    pgettext_lazy("stage", "measure"),
)
CHIP_SIGNS = {
    "ok": "✓",
    "late": "▼",
    "info": "→",
    "demo": "◌",
    "wait": "…",
    "stop": "×",
}


# --- marks -----------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str):
    """``{% icon "search" %}``: a decorative icon of the sprite; words beside it carry the sense.

    The names are listed in ``devtools.frontend.ICONS``.
    """
    sprite = static("vendor/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        sprite,
        name,
    )


@register.inclusion_tag("ui/thread.html")
def thread(stage: int, current: int | None = None, label: str = "", tag: str = "span"):
    """``{% thread 4 current=5 label=words %}``: six dots, filled up to ``stage`` (0 to 6).

    ``current`` is the number of the dot where the thing is now. The words beside the dots are
    ``label``, or "step 4 of 6: choose". The dots alone are never the message.
    """
    dots = [dot_class(number, stage, current) for number in range(1, len(STAGES) + 1)]
    return {"dots": dots, "label": label or stage_words(current or stage), "tag": tag}


def dot_class(number: int, stage: int, current: int | None) -> str:
    """Return the class of one dot of the thread."""
    if number == current:
        return "now"
    return "on" if number <= stage else ""


@register.filter
def stage_words(stage: int) -> str:
    """``{{ 4|stage_words }}``: "step 4 of 6: choose"; stage 0 is "not started"."""
    if not 1 <= stage <= len(STAGES):
        return gettext("not started")
    words = {"number": stage, "name": STAGES[stage - 1]}
    return gettext("step %(number)s of 6: %(name)s") % words


@register.filter
def stage_name(stage: int) -> str:
    """``{{ 4|stage_name }}``: the verb of one step of the chain, "choose"."""
    return str(STAGES[stage - 1])


@register.simple_tag
def chip(kind: str, text, sign: str = ""):
    """``{% chip "late" words %}``: a status as sign, border and words.

    Kinds: ok, late, info, demo, wait, stop. ``sign`` replaces the sign of the kind.
    """
    mark = sign or CHIP_SIGNS[kind]
    return format_html(
        '<span class="chip chip-{}"><span aria-hidden="true">{}</span>&nbsp;{}</span>',
        kind,
        mark,
        text,
    )


@register.simple_tag
def demo_mark(obj):
    """``{% demo_mark sheet %}``: the visible mark of invented content, where ``is_demo``."""
    return chip("demo", gettext("demonstration")) if getattr(obj, "is_demo", False) else ""


# --- words in more than one language ---------------------------------------------------------


def translated(obj, field: str) -> tuple[str, str]:
    """Return the text of ``field`` and its language: the page's, else the first that is filled."""
    wanted = typography.page_language()
    for language in dict.fromkeys((wanted, *LANGUAGE_ORDER)):
        if text := getattr(obj, f"{field}_{language}", None):
            return str(text), language
    return "", wanted


def is_foreign(language: str) -> bool:
    """Return whether a text in ``language`` stands in a page of another one."""
    return bool(language) and language != typography.page_language()


def fallback_note(language: str):
    """Return the visible note that a text is not in the language of the page."""
    return format_html('<small class="fallback">({})</small>', IN_LANGUAGE[language])


@register.simple_tag
def lang_mark(language: str):
    """``<title{% lang_mark idea.language %}>``: the ``lang`` of a text that is not the page's."""
    return format_html(' lang="{}"', language) if is_foreign(language) else ""


@register.simple_tag
def tr(obj, field: str, note: bool = True):
    """``{% tr sheet "title" %}``: a translated field in the page's language, escaped.

    When that is empty, the first filled one of fr, nl, en, with its ``lang`` and a visible note
    (``note=False`` where the page says so once for the whole text).
    """
    text, language = translated(obj, field)
    if not is_foreign(language):
        return conditional_escape(text)
    words = format_html('<span lang="{}">{}</span>', language, text)
    return format_html("{} {}", words, fallback_note(language)) if note else words


@register.simple_tag
def tr_block(obj, field: str):
    """``{% tr_block sheet "summary" %}``: a translated field as paragraphs, as ``tr`` does it."""
    text, language = translated(obj, field)
    paragraphs = paragraphs_of(text)
    if not is_foreign(language):
        return paragraphs
    return format_html(
        '<div lang="{}">{}</div><p>{}</p>',
        language,
        paragraphs,
        fallback_note(language),
    )


@register.filter
def tr_text(obj, field: str) -> str:
    """``{{ sheet|tr_text:"title" }}``: the words alone, for titles and attributes."""
    return translated(obj, field)[0]


@register.simple_tag
def own_words(text: str, lang: str, block: bool = False):
    """``{% own_words idea.body idea.language block=True %}``: what a person wrote, as written.

    The element has a ``lang`` only where it differs from the page's; ``block`` makes paragraphs.
    """
    body = paragraphs_of(text) if block else conditional_escape(text)
    if not is_foreign(lang):
        return body
    return format_html('<{0} lang="{1}">{2}</{0}>', "div" if block else "span", lang, body)


def paragraphs_of(text: str):
    """Return plain text as escaped paragraphs."""
    return mark_safe(linebreaks(text, autoescape=True)) if text else ""


@register.filter
def in_language(language: str) -> str:
    """``{{ idea.language|in_language }}``: "in Dutch"."""
    return str(IN_LANGUAGE[language])


@register.simple_tag(takes_context=True)
def language_links(context) -> list[dict]:
    """``{% language_links as languages %}``: this page in each language, query string kept.

    A page whose address differs by language puts ``alternates`` (language to address) into its
    context. Where there is no such page, the link leads to the home page of that language.
    """
    own = context.get("alternates") or {}
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    return [
        {
            "code": code,
            "name": name,
            "url": own.get(code) or address_in(path, code),
            "current": code == typography.page_language(),
        }
        for code, name in LANGUAGE_SELF_NAMES.items()
    ]


def address_in(path: str, language: str) -> str:
    """Return ``path`` in ``language``, or its home page where the path has no translation."""
    url = translate_url(path, language)
    return url if url.startswith(f"/{language}/") else f"/{language}/"


# --- figures and dates -----------------------------------------------------------------------


@register.simple_tag
def figure(value, decimals: int = 0, unit: str = "", signed: bool = False):
    """``{% figure share 1 "%" %}``: a number as the page's language writes it, or "n/a"."""
    text = typography.number(value, decimals, unit, signed=signed)
    return format_html('<span class="num">{}</span>', text)


@register.simple_tag
def counted(number: int, is_capped: bool = False):
    """``{% counted page_obj.paginator.count page_obj.paginator.is_capped %}``: "10,000+"."""
    shown = figure(number)
    return format_html("{}+", shown) if is_capped or number >= MOST_COUNTED else shown


@register.filter
def label_end(label) -> str:
    """``{{ field.label|label_end }}``: the colon after a label; none after a whole sentence."""
    is_sentence = str(label).rstrip().endswith((".", "?", "!", "…"))
    return "" if is_sentence else pgettext("after a label", ":")


@register.simple_tag
def day(value: date | datetime | None, short: bool = False):
    """``{% day meeting.held_on %}``: a day in words inside ``<time>``; nothing for None."""
    if value is None:
        return ""
    local = typography.in_brussels(value)
    words = typography.day(value, short=short)
    return format_html('<time datetime="{}">{}</time>', f"{local:%Y-%m-%d}", words)


@register.simple_tag
def date_brussels(value: datetime | None):
    """``{% date_brussels workshop.starts_at %}``: day and time in Brussels inside ``<time>``."""
    if value is None:
        return ""
    local = typography.in_brussels(value)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat("T", "minutes"),
        typography.moment(value),
    )


@register.inclusion_tag("ui/day_block.html")
def day_block(value: date | datetime):
    """``{% day_block workshop.starts_at %}``: the large day and short month of an agenda."""
    local = typography.in_brussels(value)
    return {"local": local, "month": typography.short_month(local), "words": typography.day(value)}


@register.inclusion_tag("ui/progress.html")
def progress(value, total, label: str, url: str = "", detail: str = "", number: str = ""):
    """``{% progress 14 20 label url %}``: label, "14 of 20" and a bar; without total, "n/a"."""
    return {
        "value": value,
        "total": total,
        "label": label,
        "url": url,
        "detail": detail,
        "number": number,
    }


@register.inclusion_tag("ui/table.html")
def data_table(table):
    """``{% data_table table %}``: a calm table that scrolls inside itself on a small screen.

    ``table``: {"caption", "columns": [{"label", "kind": "text" or "number"}], "rows": [[cell]]}.
    Cells are texts ready to show (or safe markup); the first of each row is its heading.
    """
    kinds = [column.get("kind", "text") for column in table["columns"]]
    rows = [list(zip(row, kinds, strict=True)) for row in table["rows"]]
    return {"caption": table["caption"], "columns": table["columns"], "rows": rows}


@register.inclusion_tag("ui/object_link.html")
def object_link(obj):
    """``{% object_link idea %}``: a link to any object of the chain, with its own language.

    Uses ``get_absolute_url`` and ``str()``; an object with a ``language`` was written by a person.
    """
    language = getattr(obj, "language", "")
    return {
        "obj": obj,
        "url": obj.get_absolute_url(),
        "lang": language if is_foreign(language) else "",
    }


SPARK_WIDTH, SPARK_HEIGHT, SPARK_PADDING = 300, 70, 6


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values, label: str, target=None):
    """``{% sparkline values label target=80 %}``: a small line as SVG, with its words.

    ``values`` are numbers in order of time, None for a gap; the figures themselves stand beside
    it in the page.
    """
    known = [float(value) for value in values if value is not None]
    return {
        "label": label,
        "points": spark_points(values, known, target),
        "target": spark_height(float(target), known, target) if target is not None else None,
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
    }


def spark_points(values, known: list[float], target) -> list[tuple[str, str]]:
    """Return the corners of the line as texts that SVG reads in any language."""
    step = (SPARK_WIDTH - 2 * SPARK_PADDING) / max(len(values) - 1, 1)
    return [
        (
            f"{SPARK_PADDING + index * step:.1f}",
            spark_height(float(value), known, target),
        )
        for index, value in enumerate(values)
        if value is not None
    ]


def spark_height(value: float, known: list[float], target) -> str:
    """Return the vertical place of ``value`` between the extremes of line and target."""
    every = known + ([float(target)] if target is not None else [])
    low, span = min(every), max(every) - min(every) or 1.0
    room = SPARK_HEIGHT - 2 * SPARK_PADDING
    return f"{SPARK_HEIGHT - SPARK_PADDING - (value - low) / span * room:.1f}"
