"""People of the portal in a browser: they log in, fill in fields by name, press buttons."""

import re

PASSWORD = "brussels-demo-2018"
SUBMIT = "main form button[type=submit], main form input[type=submit]"


class Actor:
    """One person with a browser of their own, in one language."""

    def __init__(self, page, home: str, language: str):
        self.page, self.home, self.language = page, home, language

    def go(self, path: str):
        """Open ``path`` of the portal; it has to answer with 200."""
        response = self.page.goto(self.home + path, wait_until="load")
        assert response.status == 200, f"{path}: {response.status}"
        return self

    def public(self, path: str):
        """Open a page under the language of this person."""
        return self.go(f"/{self.language}/{path}")

    def log_in(self, email: str, password: str = PASSWORD):
        """Log in on the login page, as everybody does."""
        self.public("accounts/login/")
        self.fill(login=email, password=password)
        self.press("form:has([name=password]) button[type=submit]")
        assert "/login/" not in self.page.url
        return self

    def fill(self, **values):
        """Fill in fields by name: text, choice, tick, or the search box of a long choice."""
        for name, value in values.items():
            self._fill_one(name, value)
        return self

    def _fill_one(self, name, value):
        field = self.page.locator(f"main [name='{name}']").first
        kind = field.evaluate("node => node.type || node.tagName")
        if kind == "checkbox" and value is True:
            field.check()
        elif kind in {"radio", "checkbox"}:
            self.page.locator(f"main [name='{name}'][value='{value}']").first.check(force=True)
        elif kind == "select-one" and "admin-autocomplete" in (field.get_attribute("class") or ""):
            self._search_and_choose(field, str(value))
        elif kind.startswith("select"):
            self._choose(field, value)
        else:
            field.fill(str(value))

    def _choose(self, field, value):
        options = field.locator("option")
        for number in range(options.count()):
            option = options.nth(number)
            if value in {option.get_attribute("value"), option.inner_text().strip()} or (
                isinstance(value, re.Pattern) and value.search(option.inner_text())
            ):
                field.select_option(index=number)
                return
        raise AssertionError(f"no choice {value!r}: {options.all_inner_texts()}")

    def _search_and_choose(self, field, words):
        field.locator("xpath=following-sibling::span[1]").click()
        self.page.locator(".select2-search__field").last.fill(words)
        # Rows of the unfiltered list stand there until the answer comes.
        found = self.page.locator(".select2-results__option[aria-selected]", has_text=words)
        found.first.click()

    def press(self, selector: str = SUBMIT):
        """Press a button and wait for the page that follows; a form refused is a failure here."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).first.click()
        return self

    def done(self):
        """Say that the form just sent was taken: no error stands on the page."""
        errors = self.page.locator(
            ".errornote, .errorlist, .invalid-feedback:visible, .alert-danger, .error-summary"
        )
        assert errors.count() == 0, " | ".join(errors.all_inner_texts())
        return self

    def text(self, selector: str = "main") -> str:
        """Return what stands in ``selector``."""
        return self.page.locator(selector).first.inner_text()


class Office(Actor):
    """Somebody who works in the back office."""

    def enter(self):
        """Open the back office in the own language."""
        self.go("/admin/")
        self.press(f"header button[value={self.language}]")
        return self

    def find(self, model: str, words: str) -> str:
        """Search ``words`` in a list of the back office and open the first row; return its path."""
        self.go(f"/admin/{model}/?q={words}")
        self.press("#result_list tbody tr th a")
        return self.page.url.removeprefix(self.home).split("?")[0]

    def add(self, model: str, **values) -> str:
        """Fill in the form that adds a row and save it; return the path of the row."""
        self.go(f"/admin/{model}/add/").fill(**values)
        self.press("input[name=_continue]").done()
        return self.page.url.removeprefix(self.home)

    def change(self, row: str, **values):
        """Change a row."""
        self.go(row).fill(**values)
        self.press("input[name=_continue]").done()
        return self

    def move(self, row: str, name: str, **values):
        """Press the button of a transition on a row, answer what it asks, and confirm."""
        self.go(row)
        self.press(f"a[href*='/do/{name}/']")
        self.fill(**values)
        return self.press("main form input[type=submit].default").done()
