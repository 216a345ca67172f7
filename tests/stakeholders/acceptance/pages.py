"""Somebody at the portal who knows its pages only: reads, fills in forms, sends them."""

import re
from urllib.parse import urljoin

from django.conf import settings
from django.test import Client
from lxml import html

from stakeholders.forms.guards import read_stamp
from tests.stakeholders.conftest import address, old_stamp

SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return ``text`` with one blank between words."""
    return SPACE.sub(" ", text).strip()


class Visitor:
    """A browser without scripts, in one language, with cookies of its own."""

    def __init__(self, language="fr", *, committed, user=None):
        self.language, self.committed, self.user = language, committed, user
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if user is not None:
            self.client.force_login(user)

    def open(self, path: str, **headers) -> "Page":
        """Open ``path``, wherever it leads."""
        return Page(self, self.client.get(path, follow=True, headers=headers), path)

    def page(self, name: str, *args, query="") -> "Page":
        """Open the page ``name`` of the section, in the language of this visitor."""
        return self.open(address(name, *args, language=self.language) + query)

    def send(self, path: str, data: dict) -> "Page":
        """Send ``data`` as a form does; what waits for the commit happens."""
        with self.committed(execute=True):
            response = self.client.post(path, data, follow=True)
        return Page(self, response, path)


class Page:
    """One answer of the portal."""

    def __init__(self, visitor, response, path):
        self.visitor, self.response, self.status = visitor, response, response.status_code
        chain = getattr(response, "redirect_chain", [])
        self.path = chain[-1][0] if chain else path

    @property
    def body(self) -> bytes:
        """Return what came, also of a file."""
        return self.response.getvalue()

    @property
    def text(self) -> str:
        """Return the source of the page."""
        return self.body.decode()

    @property
    def tree(self):
        """Return the page as a tree."""
        return html.fromstring(self.text)

    @property
    def words(self) -> str:
        """Return what can be read between head and foot of the page."""
        (main,) = self.tree.xpath("//main")
        for each in main.xpath(".//script | .//style"):
            each.drop_tree()
        return plain(main.text_content())

    @property
    def links(self) -> list[str]:
        """Return where the page leads."""
        return self.tree.xpath("//main//a/@href")

    @property
    def errors(self) -> dict[str, str]:
        """Return {field: what its line of the summary says}, "" for what is said of the whole."""
        summaries = self.tree.xpath("//*[@data-error-summary]")
        assert len(summaries) < 2, f"the summary stands {len(summaries)} times on {self.path}"
        told = {}
        for line in self.tree.xpath("//*[@data-error-summary]//li"):
            (name,) = line.xpath(".//a/@href") or ("",)
            told.setdefault(name.removeprefix("#id_"), []).append(plain(line.text_content()))
        return {name: " | ".join(lines) for name, lines in told.items()}

    def follow(self, part: str) -> "Page":
        """Follow the first link that has ``part`` in its address."""
        found = [href for href in self.links if part in href]
        assert found, f"no link with {part!r} on {self.path}: {self.links}"
        return self.visitor.open(urljoin(self.path, found[0]))

    def form(self, *names: str) -> "Form":
        """Return the form that asks for ``names``, or the only one that sends something."""
        forms = [
            form
            for form in self.tree.forms
            if form.method == "POST"
            and form.xpath("ancestor::main")
            and all(name in form.fields for name in names)
        ]
        assert len(forms) == 1, (
            f"{len(forms)} forms with {names} on {self.path}: {self.words[:400]}"
        )
        return Form(self, forms[0])


class Form:
    """A form as it stands on a page, with what it holds already."""

    def __init__(self, page, element):
        self.page, self.element = page, element

    def value(self, name: str):
        """Return what field ``name`` holds."""
        return self.element.fields[name]

    def choices(self, name: str) -> list[str]:
        """Return what field ``name`` offers."""
        options = self.element.xpath(f".//select[@name='{name}']/option/@value")
        return options or self.element.xpath(f".//input[@name='{name}']/@value")

    def fill(self, values: dict) -> dict:
        """Type ``values`` where the page asks for them; return what is sent, files included.

        A field that is not there, or a choice that is not offered, is a failure.
        """
        files = {}
        for name, value in values.items():
            field = self.element.inputs[name]
            if getattr(field, "type", "") == "file":
                files[name] = value
            elif getattr(field, "type", "") == "checkbox" and isinstance(value, bool):
                field.checked = value
            else:
                self.element.fields[name] = value
        data = {}
        for name, value in self.element.form_values():
            data.setdefault(name, []).append(value)
        return {name: value for name, value in data.items() if name not in files} | files

    def send(self, press="", *, at_once=False, **values) -> Page:
        """Fill the form in, press the button (``name=value``, or the only one), wait for the page.

        A person takes a minute over it, unless ``at_once``.
        """
        data = self.fill(values)
        if press:
            name, _sign, value = press.partition("=")
            assert self.element.xpath(f".//*[@name='{name}'][@value='{value}' or '{value}'='']")
            data[name] = value
        if "stamp" in data and not at_once:
            data["stamp"] = aged(*data["stamp"])
        path = urljoin(self.page.path, self.element.get("action") or self.page.path)
        return self.page.visitor.send(path, data)


def aged(stamp: str) -> str:
    """Return the stamp of the same form, opened a minute ago."""
    return old_stamp(read_stamp(stamp)["key"])
