// The portal works without this file; it saves steps: copies, shows times in the reader's zone, searches while one types,
// and keeps progress up to date.
(() => {
  "use strict";

  const day = { year: "numeric", month: "short", day: "numeric" };
  const minute = { hour: "2-digit", minute: "2-digit" };
  const short = new Intl.DateTimeFormat(undefined, { ...day, ...minute });
  const hour = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", ...minute });
  const exact = new Intl.DateTimeFormat(undefined, { ...day, ...minute, second: "2-digit" });

  /** Times in the reader's own zone and words, with UTC in the tooltip; the zone is named once for the whole page. */
  const localise = (root) => {
    const times = root.querySelectorAll("time[datetime]:not([title])");
    for (const time of times) {
      time.title = time.dateTime.replace("T", " ").replace("Z", " UTC");
      time.textContent = ("exact" in time.dataset ? exact : short).format(new Date(time.dateTime));
    }
    // The hours of a chart, at the beginning of what its bars say.
    for (const part of root.querySelectorAll(".chart [data-at]")) {
      const local = (text) => hour.format(new Date(part.dataset.at)) + (/: .*/.exec(text)?.[0] ?? "");
      if (part.hasAttribute("aria-label")) part.setAttribute("aria-label", local(part.getAttribute("aria-label")));
      else part.textContent = local(part.textContent);
      part.removeAttribute("data-at");
    }
    const zone = document.getElementById("zone");
    if (zone) zone.textContent = `Times are in ${short.resolvedOptions().timeZone}.`;
  };

  /** Says something to screen readers without moving the focus. */
  const say = (text) => {
    document.getElementById("said").textContent = text;
  };

  /** The document that a request answers with; goes there instead when the answer is another page. */
  const fetchPage = async (address, options) => {
    const response = await fetch(address, { ...options, headers: { "x-region": "1" } });
    return { address: response.url, page: new DOMParser().parseFromString(await response.text(), "text/html") };
  };

  /** Puts the answer's element of this id in the place of ours; false when the answer has none. */
  const swap = (id, page) => {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (!old || !fresh) return false;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    localise(fresh);
    if (focused?.id) document.getElementById(focused.id)?.focus();
    watch(fresh);
    const notice = fresh.querySelector("[role=status], [role=alert]");
    if (notice) say(notice.textContent);
    return true;
  };

  // Copy buttons.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copies]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      // No clipboard on plain http: mark the text, so that one key press copies it.
      getSelection().selectAllChildren(source);
      button.textContent = "Marked";
    }
    say(button.textContent);
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  // A search form with data-region shows what it finds there while one types.
  let typing, asked;
  const search = async (form) => {
    asked?.abort();
    asked = new AbortController();
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetchPage(address, { signal: asked.signal });
      if (swap(form.dataset.region, answer.page)) history.replaceState(null, "", address);
      else location.assign(address);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method !== "get" || !form.dataset.region) return;
    clearTimeout(typing);
    typing = setTimeout(() => search(form), event.target.type === "search" ? 150 : 0);
  });

  // An element with data-refresh (milliseconds) asks for itself again until it comes without.
  const watch = (root) => {
    for (const element of [root, ...root.querySelectorAll("[data-refresh]")]) {
      if (!element.dataset?.refresh) continue;
      setTimeout(async () => {
        if (!element.isConnected) return;
        const answer = await fetchPage(location.href);
        if (!swap(element.id, answer.page)) location.reload();
      }, Number(element.dataset.refresh));
    }
  };

  // The bars of a chart are one stop for the Tab key, and the arrow keys go from one to the next.
  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".chart a");
    if (!bar) return;
    const bars = [...bar.closest(".chart").querySelectorAll("a")];
    const at = bars.indexOf(bar);
    const next = bars[{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    bar.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // After a form, the page stands where it stood, and says what was done where it was done: a note above the window comes to the section.
  const sentKey = "latchkey-sent";
  const place = (form) => {
    const section = form.closest("main section[aria-labelledby], main .card[id]");
    return section && { labelled: section.getAttribute("aria-labelledby"), id: section.id, top: section.getBoundingClientRect().top };
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || !event.target.closest("main")) return;
    const sent = { path: location.pathname, y: scrollY, place: place(event.target), at: Date.now() };
    sessionStorage.setItem(sentKey, JSON.stringify(sent));
  });
  const comeBack = () => {
    const sent = JSON.parse(sessionStorage.getItem(sentKey) ?? "null");
    sessionStorage.removeItem(sentKey);
    if (sent?.path !== location.pathname || Date.now() - sent.at > 30_000) return;
    const note = document.querySelector("main .notice");
    const problem = document.querySelector("main .wrong, main [role=alert]");
    const find = (id) => document.getElementById(id);
    const section = sent.place && (find(sent.place.labelled)?.closest("section") ?? find(sent.place.id));
    if (!location.hash) scrollTo(0, section ? scrollY + section.getBoundingClientRect().top - sent.place.top : sent.y);
    if (problem) problem.scrollIntoView({ block: "nearest" });
    else if (section && note?.getBoundingClientRect().bottom < 0) (section.querySelector("h2") ?? section.firstElementChild).after(note);
    if (note?.role === "status") {
      const words = [...note.childNodes]; // a live region says what comes into it after the page is there
      note.style.minHeight = `${note.offsetHeight}px`;
      note.replaceChildren();
      setTimeout(() => note.append(...words), 150);
    }
  };

  // On a phone, a list's filters fold behind a button that counts those in use.
  for (const form of document.querySelectorAll("main form.filters, main form.search:has(select)")) {
    const controls = [...form.querySelectorAll("select:not([name=sort]), input:not([type=search], [type=hidden])")];
    const used = controls.filter((one) => one.value !== "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second fold";
    button.textContent = used.length > 0 ? `Filters (${used.length})` : "Filters";
    const fold = (folded) => {
      form.classList.toggle("folded", folded);
      button.setAttribute("aria-expanded", String(!folded));
    };
    button.addEventListener("click", () => fold(!form.classList.contains("folded")));
    fold(true);
    form.append(button);
  }

  // Where the tabs are a strip that scrolls, the one in use is in sight.
  const current = document.querySelector(".tabs [aria-current]");
  if (current && current.parentElement.scrollWidth > current.parentElement.clientWidth) {
    current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.clientWidth / 3;
  }

  localise(document);
  watch(document.body);
  comeBack();
})();
