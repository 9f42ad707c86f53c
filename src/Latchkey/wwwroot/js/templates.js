// The template editor works without this file; with it the text is coloured, the preview follows what one types, macros are inserted by a
// press, and the page warns before something unsaved is lost.
(() => {
  "use strict";

  const editor = document.querySelector("[data-editor]");
  if (!editor) return;

  // The preview is asked for in a new frame each time, so that it leaves nothing in the history, and takes the old one's place when it is there.
  let coming, number = 0;
  const showHtml = (form) => {
    const old = editor.querySelector("iframe:not(.coming)");
    if (!old) return;
    coming?.remove();
    const frame = coming = old.cloneNode();
    frame.removeAttribute("src");
    frame.name = `preview-${++number}`;
    frame.classList.add("coming");
    if (form.method === "get") frame.src = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    old.after(frame);
    frame.addEventListener("load", () => {
      old.remove();
      frame.classList.remove("coming");
      if (coming === frame) coming = null;
    });
    if (form.method === "get") return;
    const { action, target } = form;
    [form.action, form.target] = [editor.dataset.preview, frame.name];
    form.submit();
    [form.action, form.target] = [action, target];
  };

  for (const choice of editor.querySelectorAll("input[name=scheme]")) choice.addEventListener("change", () => showHtml(choice.form));

  const form = document.getElementById("template-form");
  if (form?.method !== "post") return;

  // Macros go where the writer was last, the text unless it was another field.
  let writing = form.elements.html;
  form.addEventListener("focusin", (event) => {
    if (["subject", "html"].includes(event.target.name)) writing = event.target;
  });
  for (const button of form.querySelectorAll("button[data-inserts]")) {
    button.disabled = false;
    button.addEventListener("click", () => {
      writing.focus();
      // The one way of inserting that the browser's undo takes back.
      if (!document.execCommand("insertText", false, button.dataset.inserts)) {
        writing.setRangeText(button.dataset.inserts, writing.selectionStart, writing.selectionEnd, "end");
        writing.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }

  // Behind the field lies the same text in colours. The field stays what it is to keyboards, screen readers and phones.
  const known = new Set([...form.querySelectorAll("[data-inserts]")].map((button) => button.dataset.inserts));
  const macros = /(%[A-Za-z][A-Za-z_-]{2,30}%)/;
  const addText = (to, text, kind) => {
    text.split(macros).forEach((part, index) => {
      if (!part) return;
      const piece = document.createElement("span");
      piece.className = index % 2 === 0 ? kind : known.has(part) ? "is-macro" : "is-unknown";
      piece.textContent = part;
      to.append(piece);
    });
  };
  const addTag = (to, tag) => {
    for (const part of tag.split(/("[^"]*"|'[^']*'|^<\/?[\w!-]+|\/?>$)/)) {
      addText(to, part, /^["']/.test(part) ? "is-string" : /^<|>$/.test(part) ? "is-tag" : "is-attribute");
    }
  };
  const colour = (html) => {
    const all = document.createDocumentFragment();
    let end = 0;
    for (const tag of html.matchAll(/<!--[^]*?(?:-->|$)|<[\/!]?[A-Za-z](?:"[^"]*"|'[^']*'|[^>"'])*>?/g)) {
      addText(all, html.slice(end, tag.index), "is-text");
      if (tag[0].startsWith("<!--")) addText(all, tag[0], "is-comment");
      else addTag(all, tag[0]);
      end = tag.index + tag[0].length;
    }
    addText(all, html.slice(end), "is-text");
    all.append(" "); // or the last line, while empty, would not be there
    return all;
  };
  const field = form.elements.html;
  if (field.classList.contains("code")) {
    const hasFocus = document.activeElement === field;
    const box = document.createElement("div");
    const back = document.createElement("pre");
    box.className = "coloured";
    back.setAttribute("aria-hidden", "true");
    field.before(box);
    box.append(back, field);
    if (hasFocus) field.focus();
    let asked = 0;
    const follow = () => [back.scrollTop, back.scrollLeft] = [field.scrollTop, field.scrollLeft];
    const draw = () => {
      asked = 0;
      back.replaceChildren(colour(field.value));
      follow();
    };
    field.addEventListener("input", () => { asked ||= requestAnimationFrame(draw); });
    field.addEventListener("scroll", follow);
    addEventListener("pageshow", draw);
    draw();
  }

  // Subject, plain text and warnings come with the page that checks the draft.
  let asked;
  const showRest = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    body.set("do", "check");
    try {
      const response = await fetch(form.action, { method: "post", body, signal: asked.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of editor.querySelectorAll(".warnings, .shown")) {
        const fresh = page.getElementById(part.id);
        if (!fresh) continue;
        const details = fresh.querySelector("details");
        if (details) details.open = part.querySelector("details")?.open ?? false;
        if (part.innerHTML !== fresh.innerHTML) part.replaceWith(fresh);
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };

  const show = () => {
    showHtml(form);
    showRest();
  };

  let typing;
  form.addEventListener("input", (event) => {
    if (event.target.name === "to") return;
    clearTimeout(typing);
    typing = setTimeout(show, 400);
  });

  // Enter in a field checks the draft, which is checked anyway; in the field for the recipient it sends the test.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "check") return;
    event.preventDefault();
    event.stopPropagation();
    // A form sends nothing while it is still being sent.
    if (document.activeElement?.name === "to") setTimeout(() => form.querySelector("button[value=test]").click());
    else show();
  });

  if ("draft" in editor.dataset) showHtml(form);

  let leaves = false;
  const status = form.querySelector(".unsaved");
  const isChanged = () =>
    "draft" in editor.dataset
    || ["subject", "replyTo", "linkText", "html"].some((name) => form.elements[name] && form.elements[name].value !== form.elements[name].defaultValue);
  const sayChanged = () => {
    const text = isChanged() ? "Unsaved changes" : "";
    if (status.textContent !== text) status.textContent = text;
    status.parentElement.classList.toggle("dirty", text !== "");
  };
  form.addEventListener("input", sayChanged);
  form.addEventListener("submit", (event) => { leaves = !event.defaultPrevented; });
  addEventListener("beforeunload", (event) => {
    if (!leaves && isChanged()) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    leaves = false;
    sayChanged();
  });
  sayChanged();
})();
