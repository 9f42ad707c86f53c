// The form of a brand works without this file; with it the preview follows what one types.
(() => {
  "use strict";

  const editor = document.querySelector("[data-branding]");
  const form = editor?.querySelector("form");
  const light = form?.querySelector("button[name=show][value=light]");
  if (!light) return;

  let show = "light", coming, number = 0;
  // The draft is posted into a new frame each time, so that it leaves nothing in the history, and takes the old one's place when it is there.
  const preview = () => {
    const old = editor.querySelector("iframe:not(.coming)");
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
    const chosen = document.createElement("input");
    [chosen.type, chosen.name, chosen.value] = ["hidden", "show", show];
    form.append(chosen);
    const { action, target } = form;
    [form.action, form.target] = [editor.dataset.preview, frame.name];
    form.submit();
    [form.action, form.target] = [action, target];
    chosen.remove();
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "show") return;
    event.preventDefault();
    event.stopPropagation();
    show = event.submitter.value;
    preview();
  });

  let typing;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(preview, 300);
  });
})();
