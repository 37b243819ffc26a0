// Checks and previews a form while it is written: a moment after the last key the form goes to its own page as by the preview's
// button, and what came back is put beside the fields and under the form. Never moves the focus. Without it the button does the same.
"use strict";
(() => {
  const form = document.querySelector("form[data-preview]");
  if (!form) return;
  let waits = 0;
  let asked = null;

  const mark = (field, there) => {
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = there.getAttribute(name);
      if (value === null) field.removeAttribute(name); else field.setAttribute(name, value);
    }
    document.getElementById(field.id + "-e")?.remove();
    const wrong = there.ownerDocument.getElementById(field.id + "-e");
    if (wrong) field.parentElement.append(document.adoptNode(wrong));
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const sent = new URLSearchParams(new FormData(form));
    sent.set("do", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A sign-in that has ended answers with another page.
      if (!page.querySelector("form[data-preview]")) return;
      for (const field of form.querySelectorAll("input[id], select[id]")) {
        const there = page.getElementById(field.id);
        if (there) mark(field, there);
      }
      const [said, says] = [document.getElementById("shown-say"), page.getElementById("shown-say")];
      if (said.textContent !== says.textContent) said.textContent = says.textContent;
      const rows = page.getElementById("shown");
      // While something is wrong the last preview that was right stays.
      if (rows.childElementCount > 0) document.getElementById("shown").replaceChildren(...rows.children);
    } catch (trouble) {
      if (trouble.name !== "AbortError" && !(trouble instanceof TypeError)) throw trouble;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, 700);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waits);
    asked?.abort();
  });
})();
