"""One idea from its web form to a measured indicator, in French and in Dutch, click by click.

Web, worker, scheduler and mail server are the real ones; each step is made by whoever makes it.
"""

import re
from datetime import date, timedelta

import pytest

from .actors import Actor, Office

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY = date.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FIRST = re.compile(r"\w")
SHEET_TEXTS = ("title", "summary", "problem", "solution", "beneficiaries", "equality_impact")

#: Accounts are made by invitation: two more jurors with mandates of the demonstration jury.
MORE_JURORS = """
from accounts.models import User
from governance.models import Mandate
seats = Mandate.objects.filter(body__kind="jury", votes=True, contact__user=None)
for number, seat in enumerate(seats.order_by("pk"), start=2):
    if not User.objects.filter(email=f"juror{number}@example.org").exists():
        user = User.objects.create_user(
            f"juror{number}@example.org", "brussels-demo-2018", roles=["juror"], is_demo=True
        )
        seat.contact.user = user
        seat.contact.save()
"""


def both(**texts) -> dict:
    """Return values for the French and the Dutch field of each text."""
    return {
        f"{name}_{code}": f"{text} {code}" for name, text in texts.items() for code in LANGUAGES
    }


LANGUAGES = ("fr", "nl")


class Chain:
    """The steps of one idea, and what each leaves for the next."""

    def __init__(self, portal, open_page, language):
        self.portal, self.open_page, self.language = portal, open_page, language
        self.title = {"fr": "Des abris verts aux arrêts", "nl": "Groene schuilhokjes"}[language]
        self.number = {"fr": 91, "nl": 92}[language]
        self.region = {"fr": "Bruxelles-Capitale", "nl": "Hoofdstedelijk"}[language]
        self.found = {}
        self.public = self.person()
        self.staff = self.person(Office, "staff").enter()
        self.secretary = self.person(Office, "secretary").enter()
        self.chair = self.person(Actor, "chair")
        self.government = self.person(Actor, "government")

    def person(self, kind=Actor, role="", mail=""):
        """Return somebody with a browser of their own, logged in where a role is given."""
        page = self.open_page(locale=f"{self.language}-BE")
        actor = kind(page, self.portal.url, self.language)
        return actor.log_in(f"{role}@example.org") if role else actor

    def propose(self):
        """Send the idea through the form, confirm it from the mail, and read its reference."""
        address = f"author-{self.language}@example.org"
        author = self.public.public("ideas/new/")
        author.fill(
            title=self.title,
            body="Twintig woorden zijn genoeg: vingt mots suffisent.",
            theme=re.compile("Mobilit"),
            email=address,
            consent=True,
        )
        author.page.wait_for_timeout(4200)  # nobody writes faster, and robots do
        author.press("form:has([name=title]) [type=submit]").done()
        mail = self.portal.mail_to(address)
        assert "SCO-" not in mail.get_body(("plain",)).get_content()
        author.page.goto(self.portal.link_in(mail))
        author.press()
        self.reference = re.search(r"SCO-\d{4}-\d{5}", author.text()).group()
        assert self.reference in self.portal.mail_to(address, seen=1).get_body().get_content()

    def moderate(self):
        """Publish the idea: nobody sees it before, everybody after."""
        page = f"{self.portal.url}/{self.language}/ideas/{self.reference}/"
        assert self.public.page.goto(page).status == 404
        self.staff.move(self.staff.find("stakeholders/idea", self.reference), "publish")
        self.public.page.goto(page)
        assert self.title in self.public.text("h1")

    def discuss(self):
        """Hold a workshop with the idea on its agenda, give it a result, publish the report."""
        workshop = self.staff.add(
            "workshops/workshop",
            kind="multidisciplinary",
            series_no=self.number,
            starts_at_0=YESTERDAY.strftime("%d/%m/%Y"),
            starts_at_1="14:00",
            ends_at_0=YESTERDAY.strftime("%d/%m/%Y"),
            ends_at_1="16:00",
            **both(title=f"Atelier {self.number}", summary="Résumé", venue="BeCentral"),
        )
        self.staff.move(workshop, "publish")
        self.staff.public(f"workshops/put-on-agenda/{self.reference}/")
        self.staff.fill(workshop=re.compile(f"Atelier {self.number}")).press().done()
        agenda = self.staff.page.url.removeprefix(self.portal.url)
        self.staff.move(workshop, "hold")
        self.staff.go(agenda).press("main a[href*='/workshops/results/']")
        self.staff.fill(result="retained", **both(reason="Le besoin est partagé")).press().done()
        self.staff.move(workshop, "report", **both(report="Une idée retenue"))

    def deepen(self):
        """Make a project sheet from the idea for a call of its own, and freeze it."""
        call = f"{self.language}-{2090 + self.number}"
        self.staff.add(
            "projects/call",
            slug=call,
            edition=2000 + self.number,
            opens_on=YESTERDAY.strftime("%d/%m/%Y"),
            closes_on=TOMORROW.strftime("%d/%m/%Y"),
            **both(name=f"Appel {call}"),
        )
        self.staff.public(f"projects/new/{self.reference}/")
        self.staff.fill(call=re.compile(f"Appel {call}")).press().done()
        self.sheet = f"FP-{2000 + self.number}-01"
        row = self.staff.find("projects/projectsheet", self.sheet)
        self.staff.change(row, **both(**dict.fromkeys(SHEET_TEXTS, f"Abri {self.number}")))
        for move in ("send_to_review", "submit", "declare_eligible"):
            self.staff.move(row, move)
        self.secretary.move(row, "freeze")
        self.call = re.compile(f"Appel {call}")

    def score(self):
        """Let three jurors score the sheet, open the ballots together, propose it."""
        self.session = f"jury-{self.language}"
        self.secretary.add(
            "projects/jurysession",
            slug=self.session,
            call=self.call,
            body=re.compile("[Jj]ury"),
            rubric=FIRST,
            opens_at_0=YESTERDAY.strftime("%d/%m/%Y"),
            opens_at_1="08:00",
            closes_at_0=TOMORROW.strftime("%d/%m/%Y"),
            closes_at_1="18:00",
            quorum=3,
            **both(name=f"Session {self.number}"),
        )
        self.jury_move(self.chair, "freeze_rules")
        self.jury_move(self.chair, "open_scoring")
        for role in ("juror", "juror2", "juror3"):
            self.seal_ballot(self.person(Actor, role))
        self.jury_move(self.chair, "close_scoring")
        self.jury_move(self.secretary, "open_ballots")
        self.jury_move(self.secretary, "begin_deliberation")
        self.sheet_move(self.secretary, "deliberate")
        self.sheet_move(self.secretary, "propose", **both(reasons="Utile et réalisable"))
        self.jury_move(self.secretary, "record_vote")
        self.jury_move(self.secretary, "transmit")

    def jury_move(self, actor, name):
        """Move the session on its public page."""
        actor.public(f"jury/{self.session}/do/{name}/").press().done()

    def sheet_move(self, actor, name, **values):
        """Move the sheet on its public page."""
        actor.public(f"projects/{self.sheet}/do/{name}/").fill(**values).press().done()

    def seal_ballot(self, juror):
        """Declare no conflict, score every criterion, seal, and see the receipt."""
        juror.public("jury/ballots/")
        juror.press(f"main li:has-text('{self.sheet}') h2 a")
        juror.press("button[name=answer][value=none]")
        for scale in juror.page.locator(".scale").all():
            scale.locator("input").nth(4).check(force=True)
        juror.press("button[name=action][value=seal]").done()
        assert re.search(r"[0-9a-f]{8}", juror.text())

    def decide(self):
        """Let the Government adopt a decision with its reasons, and record it for the sheet."""
        number = f"GOV-2026-{self.number}"
        meeting = self.secretary.add(
            "governance/meeting",
            number=number,
            body={"fr": "Gouvernement", "nl": "Regering"}[self.language],
            starts_at_0=YESTERDAY.strftime("%d/%m/%Y"),
            starts_at_1="10:00",
            **both(title="Conseil"),
        )
        for move in ("convene", "begin", "close"):
            self.secretary.move(meeting, move)
        self.decision = f"{number}-D1"
        self.secretary.add(
            "governance/decision",
            number=f"{number}/D1",
            meeting=number,
            **both(title=f"Sélection {self.number}", text="Le projet est retenu", reasons="Vu"),
        )
        self.government.public(f"governance/decisions/{self.decision}/do/adopt/")
        self.government.fill(**both(reasons="Considérant le besoin")).press().done()
        self.sheet_move(
            self.secretary,
            "record_outcome",
            decision=re.compile(f"{number}/D1"),
            outcome="selected",
            **both(reasons="Le besoin est prouvé"),
        )
        self.sheet_move(self.secretary, "publish")
        self.jury_move(self.secretary, "record_decision")
        self.jury_move(self.secretary, "publish")

    def put_on_roadmap(self):
        """Make an initiative of the selected sheet, from the page of the decision."""
        self.staff.public(f"governance/decisions/{self.decision}/")
        self.staff.press("main a[href*='/roadmap/decisions/']").press().done()
        self.initiative = f"Abri {self.number}"

    def realise(self):
        """Plan the initiative, start it, reach a milestone."""
        row = self.staff.find("roadmap/initiative", f"Abri+{self.number}")
        self.staff.change(
            row,
            starts_on=YESTERDAY.strftime("%d/%m/%Y"),
            ends_on=TOMORROW.strftime("%d/%m/%Y"),
        )
        self.staff.move(row, "plan")
        self.staff.move(row, "start")
        milestone = self.staff.add(
            "roadmap/milestone",
            initiative=self.initiative,
            planned_on=YESTERDAY.strftime("%d/%m/%Y"),
            **both(title="Premier abri posé"),
        )
        self.staff.move(
            milestone, "achieve", achieved_on=YESTERDAY.isoformat(), **both(evidence="Photo")
        )

    def measure(self):
        """Define an indicator that measures the initiative, record figures, publish it."""
        self.indicator = f"abris-{self.number}"
        self.staff.go("/admin/kpi/indicator/add/")
        self.staff.page.locator("#measuring-group .add-row a").click()
        self.staff.page.locator("#targets-group .add-row a").click()
        self.staff.fill(
            code=self.indicator,
            framework={"fr": "initiatives", "nl": "initiatieven"}[self.language],
            unit_code="count",
            decimals=0,
            direction="up",
            **{"measuring-0-initiative": self.initiative},
            **{"targets-0-geo": self.region, "targets-0-period": "2028", "targets-0-value": "80"},
            **both(name=f"Abris posés {self.number}", definition="Abris en service", unit="abris"),
        )
        self.staff.press("input[name=_continue]").done()
        row = self.staff.page.url.removeprefix(self.portal.url)
        for period, value in (("2024", 3), ("2025", 12)):
            self.staff.public(f"kpi/{self.indicator}/record/")
            self.staff.fill(period=period, value=value).press().done()
            self.approve(self.staff.page.url.removeprefix(self.portal.url))
        self.staff.move(row, "submit")
        self.secretary.move(row, "approve")
        self.secretary.move(row, "publish")
        assert "12" in self.public.public(f"kpi/{self.indicator}/").text()
        assert self.public.page.locator("main table td", has_text="12").count()

    def approve(self, figure):
        """Have a figure approved by somebody else than who recorded it."""
        self.secretary.go(figure).press("main a[href*='/do/approve/']").press().done()

    def comply(self):
        """Answer for one standard, with the evidence."""
        row = self.staff.add(
            "compliance/compliancestatement", initiative=self.initiative, standard="WCAG"
        )
        self.staff.move(
            row,
            "find_compliant",
            checked_on=YESTERDAY.isoformat(),
            **both(evidence="Audit externe"),
        )

    def tell(self):
        """Send a campaign to somebody who subscribed and confirmed."""
        address = f"reader-{self.language}@example.org"
        self.public.public("subscribe/")
        self.public.page.locator("[name=topics]").first.check()
        self.public.fill(email=address, consent=True)
        self.public.page.wait_for_timeout(4200)
        self.public.press("form:has([name=topics]) [type=submit]").done()
        self.public.page.goto(self.portal.link_in(self.portal.mail_to(address)))
        self.public.press()
        topic = (
            self.portal.manage("shell", "-c", FIRST_TOPIC[self.language]).strip().split("\n")[-1]
        )
        row = self.staff.add(
            "campaigns/campaign",
            topic=topic,
            slug=f"abris-{self.language}",
            **both(subject="Un abri de plus", preheader="Vite dit", body="Le **premier** abri."),
        )
        self.staff.move(row, "submit")
        self.secretary.move(row, "approve")
        self.staff.move(row, "start")
        mail = self.portal.mail_to(address, seen=1)
        assert str(mail["Subject"]) == f"Un abri de plus {self.language}"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def follow(self):
        """Read the whole journey as anybody: six steps, each with its reasons, in the language."""
        told = self.public.public(f"journeys/{self.reference}/").text()
        for words in (
            self.title,
            f"Atelier {self.number} {self.language}",
            f"Abri {self.number} {self.language}",
            f"Sélection {self.number} {self.language}",
            f"Le besoin est prouvé {self.language}",
            f"Abris posés {self.number} {self.language}",
            "WCAG",
        ):
            assert words in told
        other = "nl" if self.language == "fr" else "fr"
        assert f"Le besoin est prouvé {other}" not in told

    def follow_back(self):
        """Click from the indicator back to the idea: each page leads to what caused it."""
        self.public.public(f"kpi/{self.indicator}/")
        for address in (
            "/roadmap/abri-",
            f"/governance/decisions/{self.decision}/",
            f"/projects/{self.sheet}/",
            f"/ideas/{self.reference}/",
        ):
            self.public.press(f"main a[href*='{address}']")
        assert self.public.page.url.endswith(f"/ideas/{self.reference}/")


FIRST_TOPIC = {
    code: f"""
from django.utils.translation import activate
from stakeholders.models import Topic
activate("{code}")
print(Topic.objects.filter(is_open=True).order_by_translated("name").first().name)
"""
    for code in LANGUAGES
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_idea_comes_all_the_way(language, portal, open_page):
    portal.manage("shell", "-c", MORE_JURORS)
    chain = Chain(portal, open_page, language)
    for step in (
        chain.propose,
        chain.moderate,
        chain.discuss,
        chain.deepen,
        chain.score,
        chain.decide,
        chain.put_on_roadmap,
        chain.realise,
        chain.measure,
        chain.comply,
        chain.tell,
        chain.follow,
        chain.follow_back,
    ):
        step()
