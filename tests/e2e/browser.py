"""What the browser is asked about every page: axe, policy, foreign hosts, keyboard, scrolling."""

from urllib.parse import urlsplit

from devtools.checkout import ROOT

LANGUAGES = ("fr", "nl")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LONGEST_WALK = 400
LAW = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


def listen(page, home: str, complaints: list) -> None:
    """Write to ``complaints`` whatever must not happen on a page of the portal at ``home``."""
    host = urlsplit(home).netloc
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        # A line without an address comes from the script of the test itself, which is axe.
        lambda line: (
            line.type == "error"
            and line.location["url"]
            and complaints.append(f"console: {line.text}")
        ),
    )
    page.on(
        "request",
        lambda request: (
            urlsplit(request.url).scheme not in {"data", "blob"}
            and urlsplit(request.url).netloc != host
            and complaints.append(f"leaves the portal: {request.url}")
        ),
    )


def policy_faults(response) -> list[str]:
    """Return what is wrong with status and Content-Security-Policy of ``response``."""
    faults = [] if response.status == 200 else [f"answers {response.status}"]
    policy = response.headers.get("content-security-policy", "")
    faults += [] if "script-src" in policy else ["no policy for scripts"]
    return faults + [
        f"policy has {each}" for each in ("unsafe-inline", "unsafe-eval") if each in policy
    ]


def axe_faults(page, tags=(*LAW, "best-practice")) -> list[str]:
    """Return the serious and critical findings of axe on ``page``, one sentence each."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    result = page.evaluate(
        "(tags) => axe.run(document, {resultTypes: ['violations'], runOnly: tags})", list(tags)
    )
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in result["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


#: Boxes for wide content whose content sticks out of them, over what stands beside them.
STICKS_OUT = """() => [...document.querySelectorAll('.scroll')].filter(
  box => getComputedStyle(box).overflowX === 'visible' && box.scrollWidth > box.clientWidth + 1
).map(box => (box.getAttribute('aria-label') || box.innerText).slice(0, 60))"""


def sideways_faults(page) -> list[str]:
    """Return a sentence when the page scrolls sideways, and one for each box that is too narrow."""
    width = page.viewport_size["width"]
    excess = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    found = [f"scrolls sideways by {excess} px at {width} px"] if excess > 0 else []
    return found + [f"sticks out at {width} px: {name}" for name in page.evaluate(STICKS_OUT)]


FOCUS = """() => {
  const spot = document.activeElement;
  if (!spot || spot === document.body) return null;
  const style = getComputedStyle(spot);
  const box = spot.getBoundingClientRect();
  spot.dataset.walk = spot.dataset.walk || String(++window.__walk || (window.__walk = 1));
  return {
    key: spot.dataset.walk, tag: spot.tagName, html: spot.outerHTML.slice(0, 140),
    shown: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
    name: (spot.getAttribute("aria-label") || spot.innerText || spot.textContent ||
           spot.value || spot.title ||
           (spot.labels && spot.labels.length && spot.labels[0].innerText) ||
           spot.getAttribute('aria-labelledby') || '').trim(),
    visible: box.width > 0 && box.height > 0,
  };
}"""


def keyboard_faults(page, least: int = 5) -> list[str]:
    """Walk a page with the Tab key: to the skip link first, always visible, never caught.

    A walk of fewer than ``least`` stops was caught somewhere.
    """
    page.evaluate("() => { window.__walk = 0; document.activeElement.blur(); }")
    faults, seen = [], []
    for _step in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        spot = page.evaluate(FOCUS)
        if spot is None or spot["key"] in seen:
            break
        seen.append(spot["key"])
        faults += [f"{what}: {spot['html']}" for what in blemishes(spot)]
    else:
        faults.append(f"more than {LONGEST_WALK} stops")
    if len(seen) < least:
        faults.append(f"only {len(seen)} stops: the walk was caught")
    return faults


def blemishes(spot):
    """Yield what is wrong with one stop of the keyboard walk."""
    if not spot["shown"]:
        yield "focus not visible"
    if not spot["visible"]:
        yield "focus on something without size"
    if not spot["name"] and spot["tag"] != "IFRAME":
        yield "no name"
