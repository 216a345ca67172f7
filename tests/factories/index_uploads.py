"""Files of indices, uploaded and confirmed as their pages do."""

from . import indices as make

UPLOAD = "/fr/kpi/indices/import/"


def send(client, content: bytes, **fields):
    """Upload a file and return the page of its dry run."""
    response = client.post(UPLOAD, make.typed(content, **fields), follow=True)
    assert response.status_code == 200
    return response


def confirm(client, page):
    """Confirm a dry run as its page does."""
    plan = page.context["plan"]
    address = page.request["PATH_INFO"]
    return client.post(address, {"state": plan.state}, follow=True)


def load(client, content: bytes, **fields):
    """Upload and confirm."""
    return confirm(client, send(client, content, **fields))


def broken(change) -> bytes:
    """Return the published file after ``change`` (rows) has spoilt it."""
    rows = make.desi_rows()
    change(rows)
    return make.as_csv(rows)


def faults(page) -> set[tuple]:
    return {(each.line, each.column, each.code) for each in page.context["plan"].faults}
