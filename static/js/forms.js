/* Small helps for forms. Each page works without them. */
(function () {
  "use strict";

  const PHONE = "(max-width: 60rem)";

  /* After a refused form the reader lands on the summary of what is wrong. */
  function focusErrors() {
    const summary = document.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); }
  }

  /* A link of the summary goes to the field itself, or to the first choice of a group. */
  function followErrorLink(event) {
    const link = event.target.closest("[data-error-summary] a[data-field]");
    const box = link && document.getElementById(link.dataset.field);
    const field = box && box.querySelector("input:not([type=hidden]), select, textarea");
    if (field) {
      event.preventDefault();
      field.focus();
      box.scrollIntoView({ block: "start" });
    }
  }

  /* Counts down to the maximum length; spoken only when little is left. */
  function countCharacters(area) {
    const line = document.createElement("p");
    line.className = "remaining";
    area.insertAdjacentElement("afterend", line);
    const update = function () {
      const left = area.maxLength - area.value.length;
      line.textContent = document.body.dataset.remaining.replace("{}", left);
      line.setAttribute("aria-live", left < area.maxLength / 10 ? "polite" : "off");
    };
    area.addEventListener("input", update);
    update();
  }

  /* Asks before a long form with changes is left. */
  function guardChanges(form) {
    let changed = false;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) {
      if (changed) { event.preventDefault(); }
    });
  }

  /* On a phone the list comes first; filters in use stay open. */
  function foldFilters() {
    if (window.matchMedia(PHONE).matches) {
      document.querySelectorAll("[data-filters]:not([data-active])").forEach(function (box) {
        box.open = false;
      });
    }
  }

  focusErrors();
  foldFilters();
  document.addEventListener("click", followErrorLink);
  document.querySelectorAll("textarea[maxlength]").forEach(countCharacters);
  document.querySelectorAll("form[data-warn-unsaved]").forEach(guardChanges);
})();
