// Asks the browser for a passkey where an account page offers one, and sends what it signed with the page's form.
(() => {
  "use strict";

  // The server takes an answer for five minutes; then the page is loaded anew.
  const lifetime = 4 * 60 * 1000;
  const loaded = performance.now();

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  /** Binary values are base64url in the server's JSON. */
  const parse = (json) => {
    const options = JSON.parse(json);
    const descriptors = (list) => list?.map((one) => ({ ...one, id: toBytes(one.id) }));
    return {
      ...options,
      challenge: toBytes(options.challenge),
      ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
      allowCredentials: descriptors(options.allowCredentials),
      excludeCredentials: descriptors(options.excludeCredentials),
    };
  };

  /** The JSON of WebAuthn, also for password managers whose credentials cannot write it themselves. */
  const format = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.closest("form");
    const [button, error] = [part.querySelector("button"), part.querySelector("[role=alert]")];
    let isBusy = false;
    if (!window.PublicKeyCredential) continue;
    part.querySelector(".scriptless").remove();
    button.hidden = false;

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy) return;
      if (performance.now() - loaded > lifetime) return location.reload();
      [isBusy, error.hidden] = [true, true];
      try {
        const credential = await navigator.credentials[part.dataset.passkey]({ publicKey: parse(part.dataset.options) });
        part.querySelector("[name=credential]").value = format(credential);
        form.submit();
      } catch {
        [isBusy, error.hidden] = [false, false];
      }
    });
  }
})();
