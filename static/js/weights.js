/* A slider beside each weight: the field is what is sent, the slider moves with it. */
(function () {
  "use strict";

  function slider(field) {
    const range = document.createElement("input");
    range.type = "range";
    range.min = "0";
    range.max = "100";
    range.step = "1";
    const label = document.querySelector('label[for="' + field.id + '"]');
    range.setAttribute("aria-label", label ? label.textContent.trim() : field.name);
    range.value = field.value.replace(",", ".");
    range.addEventListener("input", function () { field.value = range.value; });
    field.addEventListener("input", function () { range.value = field.value.replace(",", "."); });
    field.before(range);
  }

  document.querySelectorAll("[data-weight]").forEach(slider);
})();
