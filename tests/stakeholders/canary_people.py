"""Ten people who come in by every way there is; each leaves name, address and telephone there."""

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from core.workflow import record_change
from stakeholders import services
from stakeholders.models import (
    BilateralMeeting,
    Contact,
    Idea,
    Submission,
    Subscription,
    text_state,
)
from tests.factories.files import chosen, picture
from tests.factories.register import BilateralFactory, CommitmentFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory, TopicFactory
from tests.stakeholders.conftest import WORDS, address, answer, link_in, mails_to, old_stamp

NAMES = (
    *("Zéphyrine Kanari-Un", "Bérénice Kanari-Deux", "Ïsabeau Kanari-Trois"),
    *("Gwenaëlle Kanari-Quatre", "Maïté Kanari-Cinq", "Dieudonné Kanari-Six"),
    *("Jürgen Kanari-Sept", "Aleida Kanari-Huit", "Çelik Kanari-Neuf", "Ödön Kanari-Dix"),
)
CONFIRM = re.compile(r"(/\S+/subscribe/confirm/[\w-]+/)")
#: Who sits at the same table: mails to them may name the person.
OTHER_GUEST = "wim@example.org"
OTHER_READER = "an@example.org"
UNDERSTOOD = {"understood": "1", "confirmed": "1"}


@dataclass(frozen=True)
class Person:
    """Who comes in: a name of their own, an address with a tag, a telephone."""

    number: int
    name: str

    @property
    def email(self) -> str:
        """Return the address as it is kept."""
        return f"kanari.{self.number}+idee@example.org"

    @property
    def loud(self) -> str:
        """Return the address in another case."""
        return f"Kanari.{self.number}+Idee@Example.ORG"

    @property
    def spaced(self) -> str:
        """Return the address as it comes out of a clipboard."""
        return f"  {self.email} "

    @property
    def plain(self) -> str:
        """Return the address without its tag."""
        return f"kanari.{self.number}@example.org"

    @property
    def phone(self) -> str:
        """Return the telephone as an office writes it."""
        return f"+32 470 55 66 {self.number:02}"

    @property
    def phone_at_home(self) -> str:
        """Return the same as people say it."""
        return f"0470/5566{self.number:02}"

    @property
    def about(self) -> str:
        """Return a line of somebody who writes down all there is."""
        reach = f"{self.loud}, {self.plain}, {self.phone_at_home} ({self.phone})"
        return f"Voir {self.name.upper()} ou {self.name} :\n{reach}."

    @property
    def words(self) -> list[str]:
        """Return what may stand nowhere afterwards, in small letters."""
        return [self.name.lower(), self.email, self.plain, f"4705566{self.number:02}"]

    @cached_property
    def browser(self) -> Client:
        """Return the person's own browser, at an address of its own."""
        return Client(REMOTE_ADDR=f"10.1.1.{self.number}")

    def record(self) -> Contact:
        """Return the person's record in the register."""
        return Contact.objects.get(email=self.email)


PEOPLE = [Person(number, name) for number, name in enumerate(NAMES, start=1)]


@dataclass
class Office:
    """Who works at the Office, and its browser."""

    user: object
    second: object
    browser: Client
    theme: object

    def note_phone(self, contact, person) -> None:
        """Write the telephone into the record, as the back office does."""
        page = reverse("admin:stakeholders_contact_change", args=[contact.pk])
        data = {"name": person.name, "email": contact.email, "language": "fr"}
        inline = {f"affiliations-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
        data |= {"phone": person.phone, "legal_basis": "public_task", **inline}
        assert self.browser.post(page, data).status_code == 302

    def note(self, row, person) -> None:
        """Write into the history of a row."""
        record_change(row, "note", "", "x", by=self.user, note=person.about)


def paper_of(person) -> bytes:
    """Return a PDF that names its author in its data."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=100, height=100)
    writer.add_metadata({"/Author": person.name, "/Subject": person.about})
    writer.write(out)
    return out.getvalue()


def send_idea(person, office, **changes) -> str:
    """Send the form with files and names all over; return the link of the confirmation."""
    data = {
        **WORDS,
        "title": f"Le banc de {person.name}",
        "body": f"Un banc à chaque arrêt, sinon rien. {person.about}",
        "expected_benefit": person.about,
        "display": "name",
        "theme": str(office.theme.pk),
        "stamp": old_stamp(f"{person.number:032x}"),
        "name": person.name,
        "email": person.loud,
        "organisation_claimed": f"Les amis de {person.name}",
        "picture_rights": "on",
        "picture_words": f"{person.name} sur un banc",
        "files_chosen": [
            chosen(f"plan de {person.name}.pdf", paper_of(person)),
            chosen(f"{person.name}.jpg", picture()),
        ],
    }
    page = person.browser.post(address("idea-new"), {**data, **changes})
    assert page.status_code == 302, page.context["form"].errors
    return link_in(mails_to(person.email, "idea_confirm")[-1])


def confirmed_idea(person, office) -> tuple:
    """Send and confirm an idea; return (idea, path of the tracking page)."""
    tracking = person.browser.post(send_idea(person, office)).url
    office.note_phone(person.record(), person)
    idea = Idea.objects.get(submissions__contact=person.record())
    office.note(idea, person)
    return idea, tracking


def moderated(person, office) -> str:
    """Ask, reply, correct twice (before and after publication), publish; a file is released."""
    idea, tracking = confirmed_idea(person, office)
    services.ask_question(idea, by=office.user, question=f"{person.name}, où ?")
    reply = {"action": "reply", "reply": person.about}
    assert person.browser.post(tracking, reply).url == tracking
    idea.refresh_from_db()
    correct(person, office, idea, tracking, "Une")
    services.publish_idea(idea, by=office.user, note=person.about)
    file = idea.attachments.first()
    services.release_attachment(file, by=office.user, note=person.about)
    correct(person, office, idea, tracking, "Deux")
    return tracking


def correct(person, office, idea, tracking, mark) -> None:
    """Send the form of corrections."""
    idea.refresh_from_db()
    data = {
        "title": f"Le banc de {person.name} ({mark})",
        "body": f"{mark} : un banc à chaque arrêt. {person.about}",
        "expected_benefit": person.about,
        "theme": str(office.theme.pk),
        "municipality": "",
        "seen": text_state(idea),
    }
    page = person.browser.post(f"{tracking}correct/", data)
    assert page.status_code == 302, page.context["form"].errors


def withdrawn(person, office) -> str:
    """Set notifications, then take the idea back with words."""
    idea, tracking = confirmed_idea(person, office)
    services.publish_idea(idea, by=office.user)
    settings = {"action": "settings", "notify": "on", "language": "nl"}
    assert person.browser.post(tracking, settings).status_code == 302
    words = {"action": "withdraw", "reason": "solved", "explanation": person.about}
    assert person.browser.post(tracking, {**words, "confirmed": "1"}).status_code == 302
    return tracking


def answered(person, office) -> str:
    """Have an idea answered, react to the answer, and have the reaction looked at."""
    idea, tracking = confirmed_idea(person, office)
    services.publish_idea(idea, by=office.user)
    said = {"body_fr": f"Merci à {person.name}.", "body_nl": f"Dank aan {person.name}."}
    answer(idea, by=office.user, note=person.about, **said)
    services.ask_whether_helped(now=timezone.now() + timedelta(days=15))
    link = next(link_in(mail) for mail in mails_to(person.email)[::-1] if "/helped/" in mail.text)
    page = person.browser.post(link, {"helps": "no", "comment": person.about})
    assert page.status_code == 200
    feedback = idea.statements.get().feedback.get()
    services.close_review(feedback, by=office.user, note=person.about)
    return tracking


def follower(person, office) -> str:
    """Follow an idea, a search for the own name, a topic; ask for the links of all."""
    idea, tracking = confirmed_idea(person, office)
    services.publish_idea(idea, by=office.user)
    wish = {"email": person.loud, "language": "nl", "consent": "on"}
    search = f"{address('search-follow')}?search={person.name.replace(' ', '+')}"
    topic = {"topics": [TopicFactory().pk]}
    asked = [
        (address("idea-follow", idea.reference), {}),
        (search, {}),
        (address("subscribe"), topic),
    ]
    for path, more in asked:
        page = person.browser.post(path, {**wish, **more, "stamp": old_stamp()})
        assert page.status_code == 200
        (link,) = CONFIRM.findall(mails_to(person.email)[-1].text)
        person.browser.post(link)
    person.browser.post(address("subscription-links"), {"email": person.spaced})
    person.browser.post(address("idea-track"), {"email": person.spaced})
    assert person.record().subscriptions.filter(status="active").count() == 3
    return tracking


def enter_at_desk(person, office, email) -> Submission:
    """Let the Office enter what somebody says at the desk."""
    data = {
        **WORDS,
        "title": f"Dit au guichet par {person.name}",
        "body": f"Un banc à chaque arrêt. {person.name}, {person.phone_at_home}.",
        "display": "name",
        "display_text": person.name,
        "theme": str(office.theme.pk),
        "channel": "desk",
        "name": person.name,
        "email": email,
    }
    page = office.browser.post(reverse("admin:stakeholders_idea_add"), data)
    assert page.status_code == 302, page.context["adminform"].form.errors
    row = Submission.objects.get(contact__name=person.name)
    office.note_phone(row.contact, person)
    return row


def at_desk(person, office) -> str:
    """Come to the desk, with an address."""
    enter_at_desk(person, office, person.spaced)
    return link_in(mails_to(person.email)[-1])


def with_letter(person, office) -> str:
    """Come to the desk without an address and be given a letter, twice."""
    row = enter_at_desk(person, office, "")
    url = reverse("admin:stakeholders_idea_letter", args=[row.idea_id])
    data = {"language": "fr", "address": f"{person.name}\nRue du Banc 1"}
    assert office.browser.post(url, data).content.startswith(b"%PDF")
    lost = {"checked": "on", "reason": f"Perdue par {person.name}, {person.phone}."}
    assert office.browser.post(url, {**data, **lost}).content.startswith(b"%PDF")
    return address("idea-tracking", services.issue_tracking(row))


def in_register(person, office) -> None:
    """Be put into the register with an affiliation, an exchange and a promise."""
    data = {"name": person.name, "email": person.spaced, "phone": person.phone, "language": "fr"}
    page = reverse("admin:stakeholders_contact_add")
    answered_ = office.browser.post(page, {**data, "legal_basis": "public_task"})
    assert answered_.status_code == 302
    contact, employer = person.record(), OrganisationFactory()
    services.open_affiliation(
        contact, employer, by=office.user, starts_on=date(2024, 1, 1), role="directrice"
    )
    office.note(employer, person)
    exchange = services.log_exchange(
        by=office.user,
        kind="call",
        subject=f"Appel de {person.name}",
        summary=person.about,
        organisation=employer,
        contacts=[contact],
        place=f"Chez {person.name}",
    )
    office.note(exchange, person)
    CommitmentFactory(
        contact=contact, organisation=employer, interaction=exchange, text=person.about
    )


def guest(person, office) -> None:
    """Be invited to a meeting, sent its agenda and its minutes; somebody else is there too."""
    contact = ContactFactory(name=person.name, email=person.email, phone=person.phone)
    meeting = BilateralFactory(owner=office.user, agenda=person.about, place=person.about[:150])
    meeting.contacts.set([contact, ContactFactory(name="Wim", email=OTHER_GUEST)])
    services.invite(meeting, by=office.user, note=person.about)
    services.send_agenda(meeting, by=office.user)
    services.agree(meeting, by=office.user)
    results = {"positions": person.about, "needs": person.about, "synergies": person.about}
    said = {"outcomes": ["pilot"], "summary": person.about, **results}
    services.hold(meeting, by=office.user, **said)
    services.write_minutes(meeting, by=office.user, body=f"## Convenu\n\n{person.about}")
    services.share_minutes(meeting, by=office.user)
    services.validate_meeting(meeting, by=office.second, note=person.about)


def imported(person, office) -> None:
    """Come in by a file, and once more under the address without tag; the two are merged."""
    headings = "name_fr;name_nl;helix;contact_name;contact_email;contact_language"
    row = f"Atelier Neuf;Werkplaats Negen;private;{person.name};{person.loud};fr"
    content = f"{headings}\n{row}".encode()
    batch = services.start_import("register.csv", content, by=office.user)
    services.confirm_import(batch, by=office.user)
    contact = person.record()
    twin = ContactFactory(name=person.name.upper(), email=person.plain, phone=person.phone)
    services.merge_contacts(contact, twin, by=office.user, reason=person.about)


def pending(person, office) -> None:
    """Send an idea and ask for a subscription, and confirm neither."""
    send_idea(person, office)
    wish = {"topics": [TopicFactory().pk], "email": person.loud, "language": "fr", "consent": "on"}
    person.browser.post(address("subscribe"), {**wish, "stamp": old_stamp()})
    person.browser.post(address("idea-track"), {"email": person.spaced})
    office.note_phone(person.record(), person)


#: In the order of `PEOPLE`: how each comes in; the first six get a link.
CHANNELS = (
    *(moderated, withdrawn, answered, follower, at_desk, with_letter),
    *(in_register, guest, imported, pending),
)


def let_others_read(now) -> None:
    """Queue mails to somebody else about what the ten have sent: a step, and a digest."""
    reader = ContactFactory(email=OTHER_READER)
    wish = {"contact": reader, "language": "fr", "status": "active", "confirmed_at": now}
    Subscription.objects.create(kind="search", seen_until=now - timedelta(days=1), **wish)
    for reference in Idea.objects.exclude(reference=None).values_list("reference", flat=True):
        Subscription.objects.create(kind="idea", target=reference, **wish)
    assert services.tell_steps()
    assert services.send_digests(now + timedelta(days=1))


def erase(person, link) -> None:
    """Erase a person: by the page of their own data where they have a link, else by the Office."""
    if link:
        page = person.browser.post(f"{link}erase/", UNDERSTOOD)
        assert page.templates[0].name == "stakeholders/own_data_erased.html"
    else:
        services.erase_contact(person.record())


def downloads(link, browser) -> list[bytes]:
    """Return what a person takes along, as JSON and as PDF."""
    return [browser.get(f"{link}data.{kind}").content for kind in ("json", "pdf")]


def exports(office) -> list[bytes]:
    """Return what the Office downloads and prints: the ideas, and the minutes of each meeting."""
    ideas = [
        office.browser.get(address("idea-list"), {"format": kind}).content
        for kind in ("csv", "json", "xlsx")
    ]
    papers = [
        office.browser.get(address("meeting-minutes", pk)).content
        for pk in BilateralMeeting.objects.values_list("pk", flat=True)
    ]
    return [*ideas, *papers]
