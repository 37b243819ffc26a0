// Follows a run while it goes on: rewrites the text, the bar and the title, and hands what is worth hearing to the announcer, all
// worded by the server. Never moves the focus, never reloads. Without it the page is as true as when it was loaded.
"use strict";
(() => {
  const section = document.querySelector("[data-live]");
  if (!section || !window.EventSource) return;
  const find = (name) => document.getElementById("live-" + name);
  const write = (name, text) => { const place = find(name); if (place && place.textContent !== text) place.textContent = text; };
  let source = null;
  let over = false;

  const show = (event) => {
    const run = JSON.parse(event.data);
    write("first", run.first);
    write("then", run.then);
    write("state", run.state);
    write("at", run.at);
    write("trouble", "");
    find("at")?.setAttribute("datetime", run.machine);
    const bar = find("bar");
    if (bar) { bar.max = run.max; bar.value = run.value; }
    if (section.dataset.titles !== "no" && document.title !== run.title) document.title = run.title;
    if (run.say) write("say", run.say);
  };

  const open = () => {
    if (source || over || document.hidden) return;
    source = new EventSource(section.dataset.live);
    source.addEventListener("progress", show);
    source.addEventListener("end", (event) => {
      over = true;
      close();
      show(event);
      for (const part of section.querySelectorAll("[data-while]")) part.hidden = part.dataset.while !== "over";
    });
    source.addEventListener("error", () => {
      if (over) return;
      write("trouble", section.dataset.lost);
      // Refused for good, as by a sign-in that has ended: the browser does not try again by itself.
      if (source && source.readyState === EventSource.CLOSED) source = null;
    });
  };

  const close = () => {
    source?.close();
    source = null;
  };

  // A hidden page needs no connection: a browser has only six of them for each server.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
