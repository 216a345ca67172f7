/* Suggestions below a field while one types: a combobox for keyboard, finger and screen reader.
   <input data-suggest="/address/" data-suggest-with="other fields">
   What was typed is posted, so that no name stands in the log of a server; the answer is a list of
   <li role="option" data-value="…">. Without this script the form looks the words up when sent. */
(function () {
  "use strict";

  const WAIT = 250;

  function suggest(field) {
    const list = addList(field);
    let timer = 0;
    let asked = 0;

    function close() {
      clearTimeout(timer);
      asked += 1; // an answer that is still on its way comes too late
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function show(html) {
      list.innerHTML = html;
      [...list.children].forEach((option, place) => { option.id = `${list.id}-${place}`; });
      if (!list.children.length) { close(); return; }
      list.style.top = `${field.offsetTop + field.offsetHeight}px`;
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      field.removeAttribute("aria-activedescendant");
    }

    async function ask() {
      const number = ++asked;
      try {
        const answer = await fetch(field.dataset.suggest, { method: "POST", body: words(field) });
        const html = answer.ok ? await answer.text() : "";
        if (number === asked && document.activeElement === field) { show(html); }
      } catch {
        close(); // without a connection the field is a plain one
      }
    }

    function move(step) {
      const options = [...list.children];
      const before = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const at = before < 0 && step < 0 ? options.length - 1 : (before + step + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }

    function choose(option) {
      field.value = option.dataset.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    }

    function press(event) {
      if (list.hidden) {
        if (event.key === "ArrowDown") { event.preventDefault(); ask(); }
        return;
      }
      const chosen = list.querySelector("[aria-selected=true]");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && chosen) {
        event.preventDefault();
        choose(chosen);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    }

    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    field.addEventListener("keydown", press);
    field.addEventListener("blur", close);
    /* The field keeps the focus while a finger or the mouse is on the list. */
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { choose(option); }
    });
  }

  function addList(field) {
    const list = document.createElement("ul");
    const label = document.querySelector(`label[for="${field.id}"]`);
    list.id = `${field.id}-suggestions`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label ? label.textContent.trim() : field.name);
    field.after(list);
    field.parentElement.classList.add("suggests");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    return list;
  }

  /* The field and what it depends on, with the token of the form. */
  function words(field) {
    const all = new FormData(field.form);
    const names = [field.name, "csrfmiddlewaretoken", ...(field.dataset.suggestWith || "").split(" ")];
    const sent = new FormData();
    names.filter((name) => name && all.has(name)).forEach((name) => sent.append(name, all.get(name)));
    return sent;
  }

  const FIELDS = "input[data-suggest]:not([role=combobox])";
  document.querySelectorAll(FIELDS).forEach(suggest);
  /* Where a part of a page is exchanged, its fields are new. */
  document.addEventListener("htmx:load", (event) => {
    event.target.querySelectorAll(FIELDS).forEach(suggest);
  });
}());
