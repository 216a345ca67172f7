/* The ballot: a live total and saving in the background. Without this script the page saves by its button. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-ballot]");
  if (!form) { return; }
  const PAUSE = 2500;
  const total = form.querySelector("[data-total]");
  const saved = form.querySelector("[data-saved]");
  const number = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 2, maximumFractionDigits: 2
  });
  let timer = null;
  let dirty = false;
  let busy = false;

  /* The weighted mean of the scores given so far, as the server computes it. */
  function showTotal() {
    let sum = 0;
    let weights = 0;
    form.querySelectorAll("fieldset[data-weight]").forEach(function (group) {
      const chosen = group.querySelector("input:checked");
      if (chosen) {
        sum += Number(group.dataset.weight) * Number(chosen.value);
        weights += Number(group.dataset.weight);
      }
    });
    if (weights) { total.textContent = number.format(sum / weights); }
  }

  /* A refusal or a lost connection is told; what was typed stays in the page. */
  async function save() {
    if (busy || !dirty) { return; }
    busy = true;
    dirty = false;
    const body = new FormData(form);
    body.set("action", "save");
    try {
      const answer = await fetch(location.href, {
        method: "POST", body: body, headers: { Accept: "application/json" }
      });
      const data = await answer.json();
      if (answer.ok) {
        form.elements.row_version.value = data.row_version;
        saved.textContent = data.saved;
      } else {
        dirty = true;
        saved.textContent = data.error;
      }
    } catch {
      dirty = true;
      saved.textContent = form.dataset.failed;
    }
    busy = false;
  }

  form.addEventListener("input", function () {
    dirty = true;
    showTotal();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  /* A save that is under way ends first, so that the button does not meet its own older version. */
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (busy) {
      event.preventDefault();
      setTimeout(function () { form.requestSubmit(event.submitter); }, 100);
      return;
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) { event.preventDefault(); }
  });
  showTotal();
})();
