"""The main contact of an imported organisation: a person who is known stays as they are."""

from collections import defaultdict

from ..duplicates import bare
from ..models import Affiliation, Contact
from .import_cells import Fault

PREFIX = "contact_"


class ContactPlanner:
    """Says for each row which person is meant and whether they still have to be affiliated."""

    def __init__(self, rows: list[dict]):
        emails = {values["contact_email"] for values in rows if "contact_email" in values}
        people = Contact.objects.filter(email__in=emails, erased_at=None)
        self.by_email = {
            email.lower(): into or pk
            for pk, email, into in people.values_list("pk", "email", "merged_into")
        }
        has_contact = any(name.startswith(PREFIX) for values in rows for name in values)
        self.works_at, self.by_name = set(), defaultdict(set)
        running = Affiliation.objects.filter(ends_on=None) if has_contact else []
        for pk, organisation, name in running and running.values_list(
            "contact", "organisation", "contact__name"
        ):
            self.works_at.add((pk, organisation))
            self.by_name[organisation, bare(name)].add(pk)

    def plan(self, organisation, values, wrong) -> tuple[dict | None, list[Fault]]:
        """Return (what happens to the contact of the row or None, what is wrong).

        A row with a contact cell among the columns that are ``wrong`` is told about that one only.
        """
        if any(column.startswith(PREFIX) for column in wrong):
            return None, []
        cells = {
            name.removeprefix(PREFIX): value
            for name, value in values.items()
            if name.startswith(PREFIX)
        }
        if not cells:
            return None, []
        faults = []
        if not {"name", "email"} & set(cells):
            faults.append(Fault("contact_name", "", "contact_unnamed"))
        if "language" not in cells:
            faults.append(Fault("contact_language", "", "contact_language"))
        if faults:
            return None, faults
        person = self._find(organisation, cells)
        if person and (person, organisation) in self.works_at:
            return None, []
        return {"pk": person, **cells}, []

    def _find(self, organisation, cells):
        """Return the person meant: by address, else by name among those who work there."""
        if "email" in cells:
            return self.by_email.get(cells["email"])
        found = self.by_name.get((organisation, bare(cells["name"])), set())
        return min(found, default=None)
