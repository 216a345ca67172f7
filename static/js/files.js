/* What pictures need (a description, the right to show them) is asked once a picture is chosen.
   Without this script the fields stand there from the beginning. */
(function () {
  "use strict";
  const input = document.querySelector("input[data-files]");
  if (!input) return;
  // By the layout of the public form, or as the back office names its rows.
  const fields = input.form.querySelectorAll(
    ".for-pictures, .form-row.field-picture_words, .form-row.field-picture_rights",
  );
  const isPicture = (file) => file.type.startsWith("image/");
  function show() {
    const wanted = Array.from(input.files).some(isPicture);
    fields.forEach((field) => {
      field.hidden = !wanted && !field.querySelector(".is-invalid, .errorlist");
    });
  }
  input.addEventListener("change", show);
  show();
})();
