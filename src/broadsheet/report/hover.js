"use strict";
// A sentence and the place in the dump where it stands light up together, under the pointer and with the keyboard.
function light(event, on) {
  const touched = event.target instanceof Element ? event.target.closest("[data-s]") : null;
  if (!touched) return;
  for (const each of document.querySelectorAll('[data-s="' + touched.dataset.s + '"]')) each.classList.toggle("lit", on);
}
document.addEventListener("pointerover", (event) => light(event, true));
document.addEventListener("pointerout", (event) => light(event, false));
document.addEventListener("focusin", (event) => light(event, true));
document.addEventListener("focusout", (event) => light(event, false));
