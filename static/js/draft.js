/* "Keep my draft on this device": only where the box is ticked, only in this browser, never sent.
   The box and the offer are shown by this script: without it there is nothing to tick. */
(function () {
  "use strict";

  const KEY = "idea-draft";
  const LASTS = 30 * 24 * 3600 * 1000;
  const LEFT_OUT = ["csrfmiddlewaretoken", "stamp", "website", "consent", "keep-draft"];

  function read() {
    try {
      const draft = JSON.parse(window.localStorage.getItem(KEY));
      if (draft && Date.now() - draft.at < LASTS) { return draft.words; }
    } catch { /* Unreadable or forbidden: as if there were none. */ }
    forget();
    return null;
  }

  function forget() {
    try { window.localStorage.removeItem(KEY); } catch { /* Forbidden: nothing is kept either. */ }
  }

  function wordsOf(form) {
    const words = {};
    for (const field of form.elements) {
      const isWords = field.name && !LEFT_OUT.includes(field.name) && field.type !== "file";
      if (!isWords) { continue; }
      if (field.type === "radio") { if (field.checked) { words[field.name] = field.value; } }
      else if (field.type === "checkbox") { words[field.name] = field.checked; }
      else if (field.type !== "submit" && field.type !== "hidden") { words[field.name] = field.value; }
    }
    return words;
  }

  function keep(form) {
    const draft = JSON.stringify({ at: Date.now(), words: wordsOf(form) });
    try { window.localStorage.setItem(KEY, draft); return true; } catch { return false; }
  }

  function putBack(form, words) {
    for (const field of form.elements) {
      if (!(field.name in words) || LEFT_OUT.includes(field.name)) { continue; }
      if (field.type === "radio") { field.checked = field.value === words[field.name]; }
      else if (field.type === "checkbox") { field.checked = words[field.name]; }
      else if (field.type !== "hidden") { field.value = words[field.name]; }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function start(panel) {
    const form = panel.closest("form");
    const box = panel.querySelector("[data-draft-box]");
    const offer = panel.querySelector("[data-draft-offer]");
    const said = panel.querySelector("[data-draft-said]");
    const say = function (name) { said.textContent = name ? panel.dataset[name] : ""; };

    const choice = panel.querySelector("[data-draft-choice]");
    const draft = read();
    /* While an older draft is offered nothing can be kept in its place. */
    const offerIt = function (yes) { offer.hidden = !yes; choice.hidden = yes; };

    offerIt(Boolean(draft));
    panel.hidden = false;

    form.addEventListener("input", function (event) {
      if (box.checked && event.target !== box) { say(keep(form) ? "kept" : "failed"); }
    });
    box.addEventListener("change", function () {
      if (!box.checked) { forget(); say("cleared"); return; }
      say(keep(form) ? "kept" : "failed");
    });
    panel.addEventListener("click", function (event) {
      if (event.target.closest("[data-draft-use]")) {
        box.checked = true;
        offerIt(false);
        putBack(form, draft);
      }
      if (event.target.closest("[data-draft-clear]")) {
        forget();
        box.checked = false;
        offerIt(false);
        say("cleared");
      }
    });
  }

  document.querySelectorAll("[data-draft]").forEach(start);
  /* The page that thanks for an idea ends the draft: a form that was refused keeps it. */
  if (document.querySelector("[data-draft-sent]")) { forget(); }
})();
