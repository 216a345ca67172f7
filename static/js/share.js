/* "Copy the address": the button appears only where it works; the field is there without it. */
(function () {
  "use strict";

  function offer(box) {
    const field = box.querySelector("input");
    const button = box.querySelector("button");
    const said = box.querySelector("[role=status]");
    field.addEventListener("focus", function () { field.select(); });
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(field.value).then(
        function () { said.textContent = box.dataset.copied; },
        function () { field.focus(); said.textContent = box.dataset.failed; }
      );
    });
  }

  document.querySelectorAll("[data-copy]").forEach(offer);
})();
