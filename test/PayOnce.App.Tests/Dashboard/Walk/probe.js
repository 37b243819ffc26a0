// What every page of the dashboard has to hold to, looked at from within the page. Each function answers with a list of what is wrong.
window.payonce = (() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const unseen = "ds-sr-only";

  // Headings, landmarks, tables, what refers to what, and words of the other language that do not say so.
  const structure = () => {
    const wrong = [];
    const say = (what) => wrong.push(what);
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (all("h1").length !== 1) say(`${all("h1").length} h1`);
    for (const landmark of ["body > header", "body > main", "body > footer"]) if (all(landmark).length !== 1) say(`${landmark}: ${all(landmark).length}`);
    if (!document.title.endsWith("PayOnce") || document.title.startsWith("–") || /–\s*–/.test(document.title)) say(`title: ${document.title}`);
    for (const table of all("table")) {
      if (!table.caption?.textContent.trim()) say(`no caption: ${told(table)}`);
      for (const head of table.querySelectorAll("th")) if (!head.scope) say(`no scope: ${told(head)}`);
      for (const row of table.tBodies[0]?.rows ?? []) if (row.cells.length !== table.tHead.rows[0].cells.length) say(`uneven row: ${told(row)}`);
    }
    const ids = all("[id]").map((each) => each.id);
    for (const twice of ids.filter((id, i) => ids.indexOf(id) !== i)) say(`id twice: ${twice}`);
    for (const attribute of ["for", "aria-labelledby", "aria-describedby"])
      for (const each of all(`[${attribute}]`))
        for (const id of each.getAttribute(attribute).split(/\s+/)) if (!document.getElementById(id)) say(`${attribute} of nothing: ${told(each)}`);
    for (const link of all('a[href^="#"]')) if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) say(`leads nowhere: ${told(link)}`);
    for (const element of all("body *")) {
      if (getComputedStyle(element).order !== "0") say(`order in the style: ${told(element)}`);
      if (element.tabIndex > 0) say(`tabindex: ${told(element)}`);
    }
    const language = document.documentElement.lang;
    const foreign = language === "nb"
      ? /\b(the|and|is|are|was|not|with|from|must|has|have|claims?|of|you|your)\b/i
      : /\b(og|ikke|krav|kravet|eller|blir|ingen|hvis|kjøring|regnskap)\b/i;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const near = text.parentElement.closest("[lang]")?.lang;
      const word = text.data.replace(/\S*[./]\S+/g, "").match(foreign)?.[0];
      if (word && near === language && !text.parentElement.closest("code, pre, textarea, script")) say(`other language (${word}): "${text.data.trim().slice(0, 200)}"`);
    }
    return wrong;
  };

  // At 320 CSS pixels, as 1280 at 400 %: the page itself never scrolls sideways; what does has the keyboard's way in (WCAG 1.4.10).
  const narrow = () => {
    const wrong = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) {
      const wide = [...document.querySelectorAll("body *")].filter((each) => shown(each) && each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".scroll, pre, table"));
      wrong.push(`scrolls sideways (${root.scrollWidth}): ${wide.slice(-2).map(told).join(" ")}`);
    }
    for (const each of document.querySelectorAll("body *")) {
      if (!shown(each) || each.scrollWidth <= each.clientWidth + 1 || each.classList.contains(unseen) || each.classList.contains("ds-skip-link") || each.matches("input, textarea, select")) continue;
      const flow = getComputedStyle(each).overflowX;
      if (flow === "hidden" || flow === "clip") wrong.push(`cut off: ${told(each)}`);
      if ((flow === "auto" || flow === "scroll") && each.tabIndex < 0) wrong.push(`scrolls without keyboard: ${told(each)}`);
    }
    return wrong;
  };

  // Everything that Tab has to reach, in reading order. Of a group of radio buttons only one is a stop.
  const stops = () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((each) => {
    if (!shown(each) || each.disabled || each.type === "hidden" || each.tabIndex < 0) return false;
    if (each.type !== "radio") return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${each.name}"]`)].filter((other) => other.form === each.form);
    return each === (group.find((other) => other.checked) ?? group[0]);
  });

  let expected = [];
  let reached = [];
  // Of the frame only where that is asked for: it is the same around every page, and the page's own first stop comes behind it.
  const watch = (frame) => {
    // A ring that fades in is not there yet when the focus comes.
    const still = new CSSStyleSheet();
    still.replaceSync("* { transition: none !important; }");
    document.adoptedStyleSheets = [still];
    expected = stops().filter((each) => frame || !each.closest("header.frame-header, .ds-skip-link"));
    if (!frame) document.querySelector("main").focus();
    reached = [];
    addEventListener("focusin", (event) => {
      const element = event.target;
      const place = element.getBoundingClientRect();
      // The design system draws the ring of a radio button and a checkbox around both it and its label.
      const ring = [element, element.closest(".ds-field")].some((each) => {
        const style = each && getComputedStyle(each);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/rgba\(.*, 0\)|transparent/.test(style.outlineColor);
      });
      const there = place.width > 0 && place.height > 0 && place.right > 0 && place.bottom > 0 && place.left < innerWidth && place.top < innerHeight;
      reached.push({ element, ring, there });
    });
    return expected.length;
  };

  const walked = () => {
    const wrong = [];
    const order = reached.map((each) => each.element).filter((each) => expected.includes(each));
    for (const each of reached) {
      if (!each.ring) wrong.push(`no focus to be seen: ${told(each.element)}`);
      if (!each.there) wrong.push(`out of sight with focus: ${told(each.element)}`);
    }
    for (const [i, each] of expected.entries()) {
      if (order[i] === each) continue;
      wrong.push(`Tab ${i + 1} should reach ${told(each)} and reaches ${order[i] ? told(order[i]) : "nothing"}`);
      break;
    }
    return wrong;
  };

  // The browser gives the focus with the first picture that it draws of a page, and that may be behind the page's load.
  const focused = (name) => new Promise((done) => {
    const there = () => document.activeElement?.classList.contains(name) === true;
    if (there()) done(true);
    addEventListener("focusin", () => there() && done(true));
    setTimeout(() => done(there()), 5000);
  });

  const axe = async (only, without = [], part = document) => {
    // Style sheets are not fetched anew: what they make of the page is asked of the browser. Nor is what is found told by its place.
    const found = await window.axe.run(part, { resultTypes: ["violations"], preload: false, selectors: false, rules: { "target-size": { enabled: true }, ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])) }, ...(only ? { runOnly: { type: "rule", values: only } } : {}) });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${(node.any[0]?.message ?? "").slice(0, 160)}`));
  };

  return { structure, narrow, watch, walked, focused, axe };
})();
