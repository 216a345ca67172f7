"""Which rows were written since the last look."""

import pytest
from django.db import connection, transaction

from core import changes
from core.models import Message
from tests.factories.programme import ThemeFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("alone_on_the_server")
def test_what_was_inserted_or_changed_since_is_found_and_nothing_before():
    before, changed = ThemeFactory(), ThemeFactory()
    rows = type(before).objects.order_by("pk")
    mark = changes.mark()
    assert list(changes.since(rows, mark)) == []
    type(changed).objects.filter(pk=changed.pk).update(name_fr="Autre")
    with transaction.atomic():
        new = ThemeFactory()
        with transaction.atomic():
            inner = ThemeFactory()
    assert list(changes.since(rows, mark)) == [changed, new, inner]
    assert list(changes.since(rows.filter(pk__lt=new.pk), mark)) == [changed]
    assert list(changes.since(rows, changes.mark())) == []
    assert list(changes.since(Message.objects.all(), mark)) == []


@pytest.mark.django_db(transaction=True)
def test_the_mark_does_not_pass_a_transaction_that_still_runs():
    mark = changes.mark()
    with transaction.atomic():
        theme = ThemeFactory()
        assert changes.mark() <= mark + 1
        assert list(changes.since(type(theme).objects.all(), changes.mark())) == [theme]


@pytest.mark.django_db
def test_a_mark_of_another_server_or_of_long_ago_is_known_as_such():
    now = changes.mark()
    assert changes.reaches(now, now)
    assert changes.reaches(now - 5, now)
    assert not changes.reaches(now + 1, now)
    assert not changes.reaches(now, now + changes.REACH)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert cursor.fetchone()[0] >= now
