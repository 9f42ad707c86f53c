// The lists of users work without this file; it selects a whole page at once and counts what is selected.
(() => {
  "use strict";

  const boxes = () => [...document.querySelectorAll("input[form=bulk][name=id]")];

  /** The bar says how many are selected, and the box in the head whether all are. */
  const count = () => {
    const [all, picked] = [boxes(), boxes().filter((box) => box.checked).length];
    const everyone = document.querySelector("#bulk [name=all]")?.checked;
    const head = document.querySelector("[data-picks=users]");
    if (head) [head.checked, head.indeterminate] = [all.length > 0 && picked === all.length, picked > 0 && picked < all.length];
    const text = document.querySelector("[data-picked]");
    if (text) text.textContent = everyone ? "All selected:" : `${picked} selected:`;
  };

  let last;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("input[form=bulk][name=id]")) return;
    // With the shift key, all between this box and the last one.
    const all = boxes();
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-picks=users]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-picks=users], #bulk [name=all], input[form=bulk]")) count();
  });
  addEventListener("pageshow", () => { if (document.getElementById("bulk")) count(); });
})();
