// What is wrong with a page for people who read, tab or listen: a list of sentences, empty when
// nothing is. The rules are those of WCAG 2.2 that a program can check; `checkPage()` runs them.
function checkPage() {
  const problems = [];
  const say = (text, element) =>
    problems.push(text + (element ? ": " + element.outerHTML.slice(0, 120) : ""));
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => {
    const closed = element.closest("details:not([open])");
    if (closed && !element.closest("summary")) return false;
    return element.getClientRects().length > 0;
  };

  // 1.4.3 Contrast (Minimum): 4.5 for all text, large or not.
  const channels = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const c = value / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.alpha > 0) return colour.rgb;
    }
    return [255, 255, 255];
  };
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName)) continue;
    if (!isShown(element)) continue;
    texts += 1;
    const [a, b] = [luminance(channels(getComputedStyle(element).color).rgb),
      luminance(background(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)} of "${node.data.trim().slice(0, 30)}"`, element);
  }
  if (texts < 20) say(`only ${texts} pieces of text are shown`);

  // 1.1.1 Non-text Content: pictures have a name or are said to be decoration.
  const nameOf = (element) => element.getAttribute("aria-label") ||
    (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
      .map((id) => document.getElementById(id)?.textContent || "").join(" ").trim() ||
    element.textContent.trim();
  for (const picture of all("img, svg, canvas")) {
    const isHidden = picture.getAttribute("aria-hidden") === "true";
    if (!isHidden && !nameOf(picture)) say("a picture without a name", picture);
    if (picture.tagName === "CANVAS" && isHidden && !nameOf(picture.parentElement)) {
      say("a canvas of which nothing is said", picture.parentElement);
    }
  }
  const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  for (const canvas of all("canvas")) {
    if (!isShown(canvas)) continue;
    [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
    copy.drawImage(canvas, 0, 0);
    const pixels = copy.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!pixels.some((value) => value !== 0)) say("an empty canvas", canvas.parentElement);
  }

  // 4.1.2 Name, Role, Value.
  const focusable = all("a[href], button, input, select, summary, [tabindex]");
  for (const element of focusable) {
    if (!nameOf(element)) say("a control without a name", element);
    if (Number(element.getAttribute("tabindex")) > 0) say("a tab order of its own", element);
  }
  for (const slider of all("[role=slider]")) {
    for (const name of ["valuemin", "valuemax", "valuenow", "valuetext"]) {
      if (!slider.hasAttribute("aria-" + name)) say("a slider without aria-" + name, slider);
    }
  }
  const ids = all("[id]").map((element) => element.id);
  if (new Set(ids).size !== ids.length) say("an id is given twice");
  for (const element of all("[aria-labelledby], [aria-describedby]")) {
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      for (const id of (element.getAttribute(name) || "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) say(`${name} names #${id}, which is not there`, element);
      }
    }
  }
  for (const link of all("a[href^='#']")) {
    if (!document.getElementById(link.hash.slice(1))) say("a link into nothing", link);
  }

  // 1.3.1 Info and Relationships: headings in order, landmarks, tables with captions and headers.
  const headings = all("h1, h2, h3, h4").map((heading) => Number(heading.tagName[1]));
  if (headings.filter((level) => level === 1).length !== 1) say("not exactly one h1");
  headings.forEach((level, i) => {
    if (i > 0 && level > headings[i - 1] + 1) say(`an h${level} follows an h${headings[i - 1]}`);
  });
  for (const landmark of ["header", "nav", "main", "footer"]) {
    if (all(landmark).length !== 1) say(`not exactly one ${landmark}`);
  }
  for (const section of all("section, nav")) {
    if (!section.hasAttribute("aria-label") && !section.hasAttribute("aria-labelledby")) {
      say("a region without a name", section);
    }
  }
  for (const table of all("table")) {
    if (!table.querySelector("caption")) say("a table without a caption", table);
    for (const header of table.querySelectorAll("th")) {
      if (!header.getAttribute("scope")) say("a table's header without scope", header);
      if (!header.textContent.trim()) say("an empty header of a table", header);
    }
  }
  if (!document.querySelector("[aria-live]")) say("no live region");
  if (!document.documentElement.lang) say("no language");
  if (!document.title.trim()) say("no title");

  // 1.4.10 Reflow: nothing is wider than the window, except what scrolls by itself.
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room) {
    say(`${document.documentElement.scrollWidth} pixels wide in a window of ${room}`);
  }
  for (const element of all("body *")) {
    if (!isShown(element) || element.closest(".scroll, .skip, .spoken, .axis")) continue;
    const box = element.getBoundingClientRect();
    if (box.right > room + 1) say(`reaches ${Math.round(box.right)} of ${room} pixels`, element);
  }
  return problems;
}
