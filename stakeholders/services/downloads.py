"""What the Office takes along of people: a file that leaves a line of who took it and why."""

from django.db import transaction

from core.exports import Table, fingerprint
from core.permissions import is_staff
from core.workflow import PermissionRefused

from ..models import ContributorsDownload
from ..selectors import contributions_to
from ..tables import contributor_table


@transaction.atomic
def download_contributors(ideas, *, by, kind: str, purpose: str, criteria: str = "") -> Table:
    """Return the contributors of ``ideas`` as a table for a file of ``kind``, and note that.

    Left out is who sent something that is not confirmed or was hidden. Raises `PermissionRefused`
    for anybody but the staff.
    """
    if not is_staff(by):
        raise PermissionRefused
    table = contributor_table(list(contributions_to(ideas)), criteria)
    cells = table.cells()
    ContributorsDownload.objects.create(
        by=by,
        purpose=purpose,
        criteria=criteria,
        kind=kind,
        lines=len(cells),
        sha256=fingerprint(cells),
    )
    return table
