"""Files of indices of which nothing came are not kept for ever."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from kpi import tasks
from kpi.indices import services
from kpi.models import CompositeIndex, IndexEdition, IndexImport, IndexValue
from tests.factories import indices as make
from tests.factories.index_uploads import broken, confirm, load, send

pytestmark = pytest.mark.django_db
REMOVED = {
    "fr": "Le fichier a été retiré après trente jours.",
    "nl": "Het bestand is na dertig dagen verwijderd.",
}


def imports_with_a_file() -> set[str]:
    """Return the names of the imports of which the table is still there."""
    return set(IndexImport.objects.exclude(table={}).values_list("file_name", flat=True))


def code_of(name: str) -> dict:
    """Return what is typed beside the file of an index of its own."""
    return {"code": f"desi-{name}", "name": f"{name}.csv"}


def test_files_of_which_nothing_came_are_emptied_after_thirty_days(
    uploader, users, make_user, login
):
    content, other = make.published_file(), make_user("secretary")
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False) as clock:
        login(users["staff"])
        send(uploader, broken(lambda rows: rows[1].update(weight="x")), **code_of("faulty"))
        left = send(uploader, content, **code_of("left"))
        for name in ("waiting", "released", "discarded"):
            load(uploader, content, **code_of(name))
        editions = {each.index.code: each for each in IndexEdition.objects.all()}
        services.release_edition(editions["desi-released"], by=other)
        services.discard_edition(editions["desi-discarded"], by=other, note="A wrong file.")
        clock.shift(timedelta(days=30))
        tasks.purge_imports()
        assert len(imports_with_a_file()) == 5
        clock.shift(timedelta(seconds=1))
        assert services.purge_imports() == 3
        tasks.purge_imports()
        assert imports_with_a_file() == {"waiting.csv", "released.csv"}
        assert IndexImport.objects.count() == 5
        assert IndexValue.objects.filter(edition=editions["desi-discarded"]).count() == 66
        login(users["staff"])
        for batch in IndexImport.objects.all():
            for language in ("fr", "nl"):
                page = uploader.get(f"/{language}/kpi/indices/import/{batch.pk}/")
                told = REMOVED[language] in page.text
                assert told == (batch.is_emptied and batch.confirmed_at is None)
        refused = confirm(uploader, left)
        assert [str(each) for each in refused.context["messages"]] == [REMOVED["fr"]]
        assert not CompositeIndex.objects.filter(code="desi-left").exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_confirmed_while_the_clock_empties_keeps_its_table(uploader, users):
    send(uploader, make.published_file())
    batch = IndexImport.objects.get()
    IndexImport.objects.update(at=timezone.now() - timedelta(days=31))
    plan = services.plan_of_import(batch)
    emptied = []

    def purge():
        emptied.append(services.purge_imports())
        connection.close()

    with transaction.atomic():
        services.confirm_import(batch, by=users["staff"], state=plan.state)
        thread = threading.Thread(target=purge)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the row"
    thread.join(30)
    assert emptied == [0]
    assert len(imports_with_a_file()) == 1
