// Shows the API's document. Everything comes from this server; the page's policy allows nothing else.
"use strict";

const place = document.getElementById("api");

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  deepLinking: false,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
});

// What the page's maker left out for those who do not see it: names of the text areas, levels of the headings, a name for the introduction.
new MutationObserver(() => {
  for (const area of place.querySelectorAll("textarea:not([aria-label])")) area.setAttribute("aria-label", "Request body");
  for (const heading of place.querySelectorAll("h3.opblock-tag:not([aria-level])")) heading.setAttribute("aria-level", "2");
  for (const heading of place.querySelectorAll("h4:not([aria-level]), h5:not([aria-level])")) heading.setAttribute("aria-level", heading.closest(".opblock") ? "3" : "2");
  for (const part of place.querySelectorAll(".information-container:not([role])")) {
    part.setAttribute("role", "region");
    part.setAttribute("aria-label", "About this API");
  }
}).observe(place, { childList: true, subtree: true });
