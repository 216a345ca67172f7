"""The matrix and its lines narrowed to an initiative."""

import pytest
from django.urls import reverse

from tests.factories import rows


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["compliance:matrix", "compliance:statement-list"])
@pytest.mark.parametrize(
    ("asked", "found"), [("initiative-1", 1), ("Français 1", 1), ("title", 3), ("nothing", 0)]
)
def test_an_initiative_is_found_by_words_or_by_address(client, name, asked, found):
    rows.statements(3)
    page = client.get(reverse(name), {"initiative": asked})
    assert page.context["page_obj"].paginator.count == found
