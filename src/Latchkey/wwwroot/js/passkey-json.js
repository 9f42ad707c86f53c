// The JSON of WebAuthn, in which binary values are base64url, for the scripts that ask the browser for a passkey.
window.passkeyJson = (() => {
  "use strict";

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  /** The options of the server as the browser takes them. */
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

  /** What a passkey signed, also for password managers whose credentials cannot write it themselves. */
  const format = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  };

  return { parse, format };
})();
