// The template editor works without this file; with it the preview follows what one types, and macros are inserted by a press.
(() => {
  "use strict";

  const editor = document.querySelector("[data-editor]");
  const form = editor?.querySelector("form");
  if (!form) return;

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

  // The draft is posted into a new frame each time, so that it leaves nothing in the history, and takes the old one's place when it is there.
  let coming, number = 0;
  const showHtml = () => {
    const old = editor.querySelector("iframe:not(.coming)");
    if (!old) return;
    coming?.remove();
    const frame = coming = old.cloneNode();
    frame.removeAttribute("src");
    frame.name = `preview-${++number}`;
    frame.classList.add("coming");
    old.after(frame);
    frame.addEventListener("load", () => {
      old.remove();
      frame.classList.remove("coming");
      if (coming === frame) coming = null;
    });
    const { action, target } = form;
    [form.action, form.target] = [editor.dataset.preview, frame.name];
    form.submit();
    [form.action, form.target] = [action, target];
  };

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
    showHtml();
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

  if ("draft" in editor.dataset) showHtml();
})();
