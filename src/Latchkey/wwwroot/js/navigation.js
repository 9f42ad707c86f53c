// From anywhere to anywhere, with the keyboard: Ctrl+K (Cmd+K) finds pages, actions, users and applications, / goes to the page's search,
// ? shows the keys. Without this file, the link in the header leads to a page that finds the same.
(() => {
  "use strict";

  const link = document.getElementById("search-all");
  if (!link) return;

  const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
  const commandKey = isMac ? "⌘ K" : "Ctrl K";
  const offKey = "latchkey-keys"; // in localStorage, "off" when somebody does not want single keys (WCAG 2.1.4)
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const hasKeys = () => localStorage.getItem(offKey) !== "off";
  link.querySelector("kbd").textContent = commandKey;
  link.setAttribute("aria-haspopup", "dialog");
  link.setAttribute("aria-keyshortcuts", isMac ? "Meta+K" : "Control+K");

  // The palette: a combobox whose listbox is always open (ARIA APG).
  const input = make("input", {
    type: "text", id: "palette-input", role: "combobox", placeholder: "Pages, actions, users, applications", maxLength: 254,
    autocomplete: "off", spellcheck: false, "aria-label": "Search pages, actions, users and applications", "aria-autocomplete": "list",
    "aria-expanded": "true", "aria-controls": "palette-list",
  });
  const list = make("div", { id: "palette-list", role: "listbox", "aria-label": "Results" });
  const status = make("p", { className: "empty-result", role: "status" });
  const keysButton = make("button", { type: "button", className: "plain", textContent: "Keyboard shortcuts" });
  const close = make("button", { type: "button", className: "plain", textContent: "Close" });
  const foot = make("p", { className: "more" }, keysButton, close);
  const palette = make("dialog", { className: "palette", "aria-label": "Search" }, input, list, status, foot);

  let options = [], active = -1, typing, asked;
  const choose = (index) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = options.length === 0 ? -1 : (index + options.length) % options.length;
    const option = options[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const show = (results) => {
    list.replaceChildren();
    options = [];
    for (const [kind, found] of Map.groupBy(results, (one) => one.kind)) {
      const heading = make("p", { id: `palette-${kind}`, role: "presentation", className: "kind", textContent: kind });
      const group = make("div", { role: "group", "aria-labelledby": heading.id }, heading);
      for (const one of found) {
        const option = make("a", {
          id: `palette-option-${options.length}`, role: "option", href: one.address, tabIndex: -1, "aria-selected": "false",
        }, make("span", { className: "text", textContent: one.text }), " ", make("span", { className: "quiet", textContent: one.detail }));
        const index = options.length;
        option.addEventListener("pointermove", () => { if (active !== index) choose(index); });
        options.push(option);
        group.append(option);
      }
      list.append(group);
    }
    active = -1;
    choose(0);
    status.textContent = results.length === 0 ? "Nothing found." : `${results.length} results.`;
    status.classList.toggle("unseen", results.length > 0);
  };

  const search = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const address = `${link.dataset.results}?q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address, { signal: asked.signal, headers: { accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/json")) {
        location.assign(`${link.href}?q=${encodeURIComponent(input.value)}`); // signed out: the page asks who it is
        return;
      }
      show(await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      show([]);
      status.textContent = "The server does not answer. Try again in a moment.";
    }
  };

  const open = () => {
    if (palette.open) return;
    keys.close();
    input.value = "";
    document.body.append(palette);
    palette.showModal();
    input.focus();
    search();
  };

  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 80);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(active + step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = options[active];
      if (!option) return;
      if (event.ctrlKey || event.metaKey) window.open(option.href, "_blank", "noopener");
      else option.click();
    }
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  close.addEventListener("click", () => palette.close());
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open();
  });

  // The keys.
  const row = (key, text) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: text })];
  const enabled = make("input", { type: "checkbox", id: "keys-enabled" });
  const done = make("button", { type: "button", className: "second", textContent: "Close" });
  const keys = make("dialog", { className: "keys", "aria-labelledby": "keys-title" },
    make("h2", { id: "keys-title", textContent: "Keyboard shortcuts" }),
    make("dl", { className: "facts-list" },
      ...row(commandKey, "Go to a page, a user or an application, or start something"),
      ...row("/", "Search on this page"),
      ...row("?", "Show these keys"),
      ...row("Esc", "Close what is open")),
    make("div", { className: "toggle" }, enabled, make("div", { className: "field" },
      make("label", { htmlFor: enabled.id, textContent: "Single keys" }),
      make("p", { className: "hint", textContent: "Switch / and ? off if you use speech input, or press them by accident." }))),
    make("p", { className: "actions" }, done));
  const showKeys = () => {
    palette.close();
    enabled.checked = hasKeys();
    document.body.append(keys);
    keys.showModal();
  };
  enabled.addEventListener("change", () => localStorage.setItem(offKey, enabled.checked ? "on" : "off"));
  done.addEventListener("click", () => keys.close());
  keys.addEventListener("click", (event) => { if (event.target === keys) keys.close(); });
  keysButton.addEventListener("click", showKeys);

  const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
  const pageSearch = () => [...document.querySelectorAll("main input[type=search]")].find((one) => one.checkVisibility());
  const switcher = document.querySelector(".switcher");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const command = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    if (event.key === "Escape" && switcher?.open) {
      switcher.open = false;
      switcher.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || palette.open || keys.open || !hasKeys()) return;
    if (event.key === "/") {
      event.preventDefault();
      const field = pageSearch();
      if (field) {
        field.focus();
        field.select();
      } else {
        open();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      showKeys();
    }
  });

  // The switcher: its search has the focus when it opens, and a click elsewhere closes it.
  switcher?.addEventListener("toggle", () => { if (switcher.open) switcher.querySelector("input").focus(); });
  document.addEventListener("click", (event) => { if (switcher?.open && !switcher.contains(event.target)) switcher.open = false; });
})();
