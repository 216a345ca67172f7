"""The mails that `make run` caught, to read in the browser. Its addresses exist in demos only."""

import dataclasses
import email
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

MAILS_PER_PAGE = 50
# A mail styles itself through attributes, so styles are allowed here; nothing else is. The
# sandbox gives the document an origin of its own: no script, no form, no cookie of the portal.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
NEW_TAB = '<base target="_blank">'


@dataclasses.dataclass(frozen=True)
class CaughtMail:
    """One mail as the pages show it; ``key`` is its file's name without the ending."""

    key: str
    message: EmailMessage

    @property
    def arrived_at(self) -> datetime:
        """When the SMTP server took it, which is what its name begins with."""
        return datetime.fromtimestamp(int(self.key.partition("-")[0]) / 1e9, tz=UTC)

    @property
    def subject(self) -> str:
        """The subject, or nothing."""
        return str(self.message["subject"] or "")

    @property
    def sender(self) -> str:
        """Who it says it is from."""
        return str(self.message["from"] or "")

    @property
    def recipients(self) -> str:
        """To whom it was really sent, blind copies included."""
        return str(self.message["x-envelope-to"] or self.message["to"] or "")

    @property
    def language(self) -> str:
        """The language that the mail declares, or nothing: also where it has two."""
        declared = str(self.message["content-language"] or "")
        return "" if "," in declared else declared

    @property
    def text(self) -> str | None:
        """The text part."""
        return self._part("plain")

    @property
    def html(self) -> str | None:
        """The HTML part."""
        return self._part("html")

    @property
    def papers(self) -> list[EmailMessage]:
        """What is attached, in its order."""
        return list(self.message.iter_attachments())

    def _part(self, kind: str) -> str | None:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else None


def mail_folder() -> Path:
    """Return the folder into which `make run` writes each mail."""
    return Path(settings.STATE_DIR) / "mail"


def read_mail(file: Path) -> CaughtMail:
    """Return the mail of ``file``."""
    message = email.message_from_bytes(file.read_bytes(), policy=default_policy)
    return CaughtMail(file.stem, message)


def mail_or_404(key: str) -> CaughtMail:
    """Return the mail ``key``; the address converter keeps path separators out of it."""
    try:
        return read_mail(mail_folder() / f"{key}.eml")
    except FileNotFoundError as error:
        raise Http404 from error


@login_not_required
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the caught mails, the newest first."""
    files = sorted(mail_folder().glob("*.eml"), reverse=True)
    page = Paginator(files, MAILS_PER_PAGE).get_page(request.GET.get("page"))
    mails = [read_mail(file) for file in page]
    return render(request, "devmail/list.html", {"mails": mails, "page": page})


@login_not_required
@require_safe
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one mail: its text with links, and its HTML part in a sandboxed frame."""
    return render(request, "devmail/detail.html", {"mail": mail_or_404(key)})


@login_not_required
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """Return the HTML part as it was sent, except that its links open in a new tab."""
    html = mail_or_404(key).html
    if html is None:
        raise Http404
    found = HEAD.search(html)
    place = found.end() if found else 0
    response = HttpResponse(html[:place] + NEW_TAB + html[place:])
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


@login_not_required
@require_safe
def mail_paper(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Return what is attached at place ``number``, to be saved."""
    papers = mail_or_404(key).papers
    if not 0 < number <= len(papers):
        raise Http404
    part = papers[number - 1]
    name = content_disposition_header(True, part.get_filename() or "attachment")
    body = part.get_payload(decode=True)
    kind = part.get_content_type()
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": name})


app_name = "devmail"
urlpatterns = [
    path("", mail_list, name="list"),
    path("<slug:key>/", mail_detail, name="detail"),
    path("<slug:key>/html/", mail_html, name="html"),
    path("<slug:key>/<int:number>/", mail_paper, name="paper"),
]
