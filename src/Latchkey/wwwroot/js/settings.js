// The settings pages work without this file. It shows fields as soon as they apply, says what is not saved yet, and warns before
// it is lost.
(() => {
  "use strict";

  const form = document.querySelector("form[data-tracks]");

  // The former tab JWT redirects here, and a browser keeps what stood behind the #.
  const moved = document.getElementById(location.hash.slice(1));
  if (moved && "moved" in moved.dataset) location.replace(moved.href + location.hash);

  if (!form) return;
  const bar = form.querySelector(".save-bar");
  const settings = [...form.querySelectorAll(".setting")];
  const nameOf = (setting) => setting.id.replace("set-", "");
  const seen = (name) => form.elements.namedItem(`seen-${name}`)?.value ?? "";
  const isSecret = (name) => form.querySelector(`.setting input[type=password][name="${CSS.escape(name)}"]`) !== null;
  const normal = (text) => text.replaceAll("\r\n", "\n");
  const value = (name) => normal(new FormData(form).getAll(name).at(-1) ?? "");
  const isChanged = (name) => (isSecret(name) ? value(name) !== "" : value(name) !== normal(seen(name)));

  /** signupFlow=link; all of several with semicolons, one of several with bars. */
  const isMet = (condition) => condition.split("|").some((all) => all.split(";").every((one) => {
    const [name, values] = one.split("=");
    return values.split(",").includes(value(name));
  }));
  const names = (condition) => condition.split(/[|;]/).map((one) => one.split("=")[0]);

  const warns = {
    Change: (name) => isChanged(name),
    On: (name) => isChanged(name) && value(name) === "1",
    Off: (name) => isChanged(name) && value(name) === "0",
    Lower: (name) => isChanged(name) && Number(value(name)) < Number(seen(name)),
  };

  let leaves = false;
  const update = () => {
    const changed = [];
    for (const setting of settings) {
      const name = nameOf(setting);
      const { when, label } = setting.dataset;
      if (when && !setting.querySelector(".error")) setting.hidden = !isMet(when);
      const differs = isChanged(name);
      setting.classList.toggle("changed", differs);
      if (differs) {
        changed.push(label);
        setting.querySelector(".saved")?.remove();
      }
      for (const warning of setting.querySelectorAll("[data-warns]")) warning.hidden = !warns[warning.dataset.warns](name);
    }
    for (const hint of form.querySelectorAll("[data-unless]")) {
      const part = hint.dataset.unless;
      hint.hidden = isMet(part) || names(part).some((name) => document.getElementById(`set-${name}`)?.hidden);
    }
    const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
    const text = changed.length === 0 ? "" : `Unsaved changes: ${changed.slice(0, 3).join(", ")}${more}`;
    const status = bar.querySelector(".unsaved");
    if (status.textContent !== text) status.textContent = text;
    bar.classList.toggle("dirty", changed.length > 0);
    bar.querySelector("[data-discards]").hidden = changed.length === 0;
    return changed.length > 0;
  };

  form.addEventListener("input", update);
  form.addEventListener("change", update);
  form.addEventListener("submit", () => { leaves = true; });
  bar.querySelector("[data-discards]").addEventListener("click", () => { leaves = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaves && update()) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    leaves = false;
    update();
  });
  update();
})();
