// Asks the browser for a passkey where a page offers one, and sends what it signed with the page's form.
(() => {
  "use strict";

  // The server takes an answer for five minutes. Older options are fetched again with the page.
  const lifetime = 4 * 60 * 1000;

  const { parse, format } = window.passkeyJson;

  const messages = {
    InvalidStateError: "This device or password manager already has a passkey for this account.",
    NotAllowedError: "No passkey was used. Try again, or use another way.",
    SecurityError: "The browser refuses passkeys at this address.",
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.closest("form");
    const [button, elsewhere, error] = [".actions", ".elsewhere", ".error"].map((name) => part.querySelector(name));
    part.querySelector(".scriptless")?.remove();
    let [loaded, waiting, renewal, isBusy] = [performance.now(), null, null, false];

    /** Replaces the options by new ones if they are old; false when the page has none any more. */
    const refresh = async () => {
      if (performance.now() - loaded < lifetime) return true;
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (!fresh) return false;
      part.dataset.options = fresh.dataset.options;
      part.querySelector("[name=requestToken]").value = fresh.querySelector("[name=requestToken]").value;
      loaded = performance.now();
      return true;
    };

    /** Asks the browser, and sends the form with its answer. */
    const ask = async (mediation) => {
      if (!await refresh()) return location.reload();
      waiting?.abort();
      waiting = new AbortController();
      const request = { publicKey: parse(part.dataset.options), signal: waiting.signal, ...(mediation && { mediation }) };
      const credential = await navigator.credentials[part.dataset.passkey](request);
      part.querySelector("[name=credential]").value = format(credential);
      form.submit();
    };

    /** Offers passkeys in the field for the user name, until one is used or the button is pressed. */
    const offer = async () => {
      clearTimeout(renewal);
      renewal = setTimeout(offer, lifetime + 1000);
      try {
        await ask("conditional");
      } catch (failure) {
        if (failure.name !== "AbortError") clearTimeout(renewal);
      }
    };

    if (location.origin !== part.dataset.origin) {
      elsewhere.hidden = false;
      continue;
    }
    if (!window.PublicKeyCredential) {
      error.textContent = "This browser has no passkeys.";
      error.hidden = false;
      continue;
    }
    button.hidden = false;

    // Before portal.js sees it: there a form is sent once, and this one may be cancelled.
    document.addEventListener("submit", async (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isBusy) return;
      clearTimeout(renewal);
      [isBusy, error.hidden] = [true, true];
      try {
        await ask();
      } catch (failure) {
        isBusy = false;
        error.textContent = messages[failure.name] ?? "The browser gave no passkey.";
        error.hidden = false;
        if ("autofill" in part.dataset) offer();
      }
    }, true);
    if ("autofill" in part.dataset) {
      PublicKeyCredential.isConditionalMediationAvailable?.().then((isAvailable) => { if (isAvailable) offer(); });
    }
    addEventListener("pageshow", () => { isBusy = false; });
  }
})();
