// Asks the browser for a passkey where a form offers one, and sends the form with what the passkey signed. It fetches nothing.
(() => {
  "use strict";

  // The server takes an answer for five minutes. Older options come anew with the page.
  const lifetime = 4 * 60 * 1000;
  const loaded = performance.now();
  const isOld = () => performance.now() - loaded > lifetime;

  const { parse, format } = window.passkeyJson;

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (location.origin !== form.dataset.origin) continue;
    const refused = form.querySelector("[role=alert]");
    let waiting = null;
    let isBusy = false;
    form.hidden = false;
    for (const text of document.querySelectorAll("[data-without-passkeys]")) text.remove();
    for (const field of document.querySelectorAll("input[name=passkeys]")) field.value = "1";

    /** Asks the browser, and sends the form with its answer. */
    const ask = async (mediation) => {
      waiting?.abort();
      waiting = new AbortController();
      const request = { publicKey: parse(form.dataset.options), signal: waiting.signal, ...(mediation && { mediation }) };
      const credential = await navigator.credentials[form.dataset.passkey](request);
      // A new passkey is kept by the authenticator already: the server has to hear of it.
      if (form.dataset.passkey === "get" && isOld()) return location.reload();
      form.elements.credential.value = format(credential);
      form.submit();
    };

    /** Offers passkeys in the field of the handle, until one is used or the button is pressed. */
    const offer = () => ask("conditional").catch(() => {});

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy) return;
      if (isOld()) return location.reload();
      [isBusy, refused.hidden] = [true, true];
      try {
        await ask();
      } catch {
        [isBusy, refused.hidden] = [false, false];
        if ("autofill" in form.dataset) offer();
      }
    });
    if ("autofill" in form.dataset) {
      PublicKeyCredential.isConditionalMediationAvailable?.().then((isAvailable) => { if (isAvailable) offer(); });
    }
    addEventListener("pageshow", () => { isBusy = false; });
  }
})();
