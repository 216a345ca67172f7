"""The links of a campaign: looked up before it goes out, counted in total afterwards."""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from .. import findings, selectors
from ..hyperlinks import links_of
from ..models import LONGEST_URL, Campaign, CampaignLink, CheckedLink, LinkProblem
from ..permissions import check_writer
from ..sections import sections

SECONDS = 8
AT_ONCE, MOST = 4, 60
AGENT = {"User-Agent": "smartcity.brussels link check"}
#: Answers that say "not so" rather than "no such page".
CLOSED = {401, 403, 407, 429, 451}
NOT_BY_HEAD = {403, 405, 501}


class Inside(Exception):
    """An address in a private network: nobody outside gets there, and we do not ask it."""


def make_links(campaign: Campaign) -> None:
    """Note each target of ``campaign`` in each language, so that its clicks can be counted.

    Call it in the transaction that opens the campaign; a second call adds nothing.
    """
    if not campaign.counts_clicks:
        return
    rows = []
    for code, _name in settings.LANGUAGES:
        html = "".join(findings.html_of(campaign, each) for each in sections(campaign, code))
        urls = {link.url for link in links_of(html) if link.is_page}
        rows += [CampaignLink(campaign=campaign, language=code, url=url) for url in sorted(urls)]
    fitting = [row for row in rows if len(row.url) <= LONGEST_URL]
    CampaignLink.objects.bulk_create(fitting, ignore_conflicts=True)


def counting_addresses(campaign: Campaign, language: str) -> dict[str, str]:
    """Return {target: address that counts and leads there} of ``campaign`` in ``language``."""
    rows = campaign.links.filter(language=language).values_list("url", "pk")
    return {url: settings.SITE_URL + reverse("click", args=[pk]) for url, pk in rows}


def count_click(pk: int) -> str | None:
    """Add one to the link ``pk`` and return where it leads; None where there is none."""
    rows = CampaignLink.objects.filter(pk=pk)
    rows.update(clicks=F("clicks") + 1)
    return rows.values_list("url", flat=True).first()


@transaction.atomic
def ask_for_link_check(campaign: Campaign, *, by) -> int:
    """Have the links of ``campaign`` looked up by a worker; return how many there are."""
    check_writer(by)
    urls = findings.all_pages(campaign)[:MOST]
    now = timezone.now()
    rows = [CheckedLink(url=url, asked_at=now) for url in urls if len(url) <= LONGEST_URL]
    CheckedLink.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["asked_at"], unique_fields=["url"]
    )
    transaction.on_commit(_wake_check)
    return len(rows)


def _wake_check() -> None:
    try:
        current_app.send_task("campaigns.check_links", retry=False)
    except OperationalError:
        return  # the beat looks every few minutes


def check_links() -> int:
    """Look up what somebody asked for and nobody has looked up since; return how many.

    At most `MOST`, `AT_ONCE` side by side, each given up after `SECONDS`.
    """
    rows = list(selectors.links_to_check().order_by("asked_at", "pk")[:MOST])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(look_up, [row.url for row in rows]))
    for row, (code, problem) in zip(rows, answers, strict=True):
        row.code, row.problem, row.checked_at = code, problem, timezone.now()
        row.save(update_fields=["code", "problem", "checked_at"])
    return len(rows)


def look_up(url: str) -> tuple[int | None, str]:
    """Return (answer, problem) of ``url``; the problem "" where a reader gets a page.

    Asks by HEAD, and by GET where the server does not take that.
    """
    try:
        code = _asked(url, "HEAD")
        if code in NOT_BY_HEAD:
            code = _asked(url, "GET")
    except Inside:
        return None, LinkProblem.INSIDE
    except (URLError, OSError, HTTPException, ValueError) as error:
        inside = isinstance(getattr(error, "reason", None), Inside)
        return None, LinkProblem.INSIDE if inside else LinkProblem.UNREACHABLE
    return code, _problem(code)


def _problem(code: int) -> str:
    if code in CLOSED:
        return LinkProblem.CLOSED
    if code in (404, 410):
        return LinkProblem.GONE
    return LinkProblem.BROKEN if code >= 400 else ""


class _Careful(HTTPRedirectHandler):
    """Follows only to addresses that may be asked."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        check_place(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _asked(url: str, method: str) -> int:
    check_place(url)
    try:
        request = Request(url, headers=AGENT, method=method)
        with build_opener(_Careful).open(request, timeout=SECONDS) as response:
            return response.status
    except HTTPError as error:
        return error.code


def check_place(url: str) -> None:
    """Raise `Inside` for an address in a private network, unless it is our own site.

    A server may give another address a moment later; it then learns no more than that we asked.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise Inside(url)
    if settings.LINK_CHECK_PRIVATE or parts.netloc == urlsplit(settings.SITE_URL).netloc:
        return
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    if not all(ipaddress.ip_address(each[4][0].split("%")[0]).is_global for each in found):
        raise Inside(url)
