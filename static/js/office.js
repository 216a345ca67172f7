// What the widgets of Django's admin leave out: a choice with search carries the name of its field.
"use strict";
{
  const wordsOf = (select) => {
    const cell = select.closest("td");
    const head = cell && cell.closest("table").querySelector(`thead th:nth-child(${cell.cellIndex + 1})`);
    const words = (select.labels && select.labels[0]) || head;
    return words ? words.textContent.trim().replace(/\s*:$/, "") : "";
  };
  const tidy = (select, box) => {
    // Select2 calls what it shows a text box, which it is not.
    for (const shown of box.querySelectorAll(".select2-selection__rendered[role]")) {
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
    }
    // It also puts the cross that empties a choice of many into the list of what was chosen.
    for (const cross of box.querySelectorAll("ul > .select2-selection__clear")) cross.parentNode.before(cross);
    const chosen = select.multiple ? null : box.querySelector(".select2-selection__rendered");
    const words = [wordsOf(select), chosen && chosen.textContent.trim()].filter(Boolean).join(": ");
    for (const spot of box.querySelectorAll("[role=combobox], .select2-search__field")) {
      spot.removeAttribute("aria-labelledby");
      spot.setAttribute("aria-label", words);
    }
  };
  const tidyAll = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling;
      if (box && box.classList.contains("select2")) tidy(select, box);
    }
  };
  // Rows inside a form scroll sideways on a phone: the keyboard has to reach what scrolls.
  for (const rows of document.querySelectorAll(".inline-group .tabular")) {
    const heading = rows.closest(".inline-group").querySelector("h2");
    rows.tabIndex = 0;
    rows.setAttribute("role", "region");
    if (heading) rows.setAttribute("aria-label", heading.textContent.trim());
  }
  // Select2 draws itself at a moment of its own, and anew with each choice.
  new MutationObserver(tidyAll).observe(document.body, { childList: true, subtree: true });
  tidyAll();
}
