// Takes the place of Django's file of this name, which looks for the stock menu: ours begins
// closed on a phone, so that a page begins with what it is about.
"use strict";
{
  const menu = document.querySelector(".office-menu");
  const narrow = window.matchMedia("(max-width: 1024px)");
  const fit = () => { if (menu) menu.open = !narrow.matches; };
  narrow.addEventListener("change", fit);
  fit();
}
