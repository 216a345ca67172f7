"""Promises both ways: begun, kept with evidence, dropped with a reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.meeting_panels import commitments_overdue
from stakeholders.meeting_workflow import COMMITMENT
from stakeholders.models import Commitment
from tests.factories.register import CommitmentFactory

pytestmark = pytest.mark.django_db


def test_a_promise_is_begun_and_kept_with_evidence(staff):
    promise = CommitmentFactory()
    services.start_commitment(promise, by=staff)
    with pytest.raises(TransitionRefused, match="shows"):
        services.keep_commitment(promise, by=staff, evidence=" ")
    services.keep_commitment(promise, by=staff, evidence="Mail of 3 March")
    assert (promise.status, promise.closed_on) == ("done", timezone.localdate())
    with pytest.raises(TransitionRefused):
        services.drop_commitment(promise, by=staff, note="Too late")


def test_a_promise_is_dropped_with_its_reason(staff, users):
    promise = CommitmentFactory()
    with pytest.raises(TransitionRefused, match="reason"):
        services.drop_commitment(promise, by=staff)
    for role in ("auditor", "administrator", "superuser"):
        with pytest.raises(PermissionRefused):
            services.drop_commitment(promise, by=users[role], note="x")
        assert not COMMITMENT.available(promise, users[role])
    services.drop_commitment(promise, by=staff, note="The partner closed")
    assert (promise.status, promise.closed_on) == ("dropped", timezone.localdate())


def test_overdue_promises_wait_in_the_queue_and_the_list_shows_the_same(staff, users, login):
    today = timezone.localdate()
    late = CommitmentFactory(due_on=today - timedelta(days=1))
    other = CommitmentFactory(due_on=today - timedelta(days=2), made_by="stakeholder")
    CommitmentFactory(due_on=today)
    CommitmentFactory(due_on=today - timedelta(days=9), status="dropped", closed_on=today)
    queue = commitments_overdue(staff)
    assert [row.text.split(" · ")[0] for row in queue.rows] == [other.text, late.text]
    assert all(row.is_overdue for row in queue.rows)
    client = login(staff)
    assert client.get(queue.url).context["cl"].result_count == queue.total == 2
    ours = client.get(queue.url + "&made_by__exact=office").context["cl"]
    assert ours.result_count == 1
    assert commitments_overdue(users["auditor"]) is None
    url = reverse("admin:stakeholders_commitment_transition", args=[late.pk, "keep"])
    assert client.get(url).status_code == 200
    assert "evidence" in client.post(url, {"evidence": ""}).context["form"].errors
    assert client.post(url, {"evidence": "Seen"}).status_code == 302
    assert Commitment.objects.get(pk=late.pk).status == "done"
