// A block of a campaign shows the fields of its kind. A field that holds something stays in sight.
"use strict";
{
  const nameIn = (field, block) => field.name.slice(block.length).replace(/_(fr|nl|en|[01])$/, "");
  const follow = (select) => {
    const block = select.name.slice(0, -"kind".length);
    const asked = JSON.parse(select.dataset.asked);
    const fields = [...document.querySelectorAll(`.form-row [name^="${block}"]`)];
    const names = new Set(Object.values(asked).flat());
    for (const line of new Set(fields.map((field) => field.closest(".form-row")))) {
      const held = fields.filter((field) => line.contains(field) && names.has(nameIn(field, block)));
      const wanted = held.some((field) => field.value || asked[select.value].includes(nameIn(field, block)));
      if (held.length) line.hidden = !wanted;
    }
  };
  const followAll = () => document.querySelectorAll("select[data-asked]").forEach(follow);
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-asked]")) follow(event.target);
  });
  document.addEventListener("formset:added", followAll);
  followAll();
}
