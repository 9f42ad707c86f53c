// Passkeys with Latchkey: copy this file into your app. It needs no other. docs/passkeys.md has the requests that it sends.
// Browsers without parseCreationOptionsFromJSON (before 2025) are told to update: isSupported() says so beforehand.

const renewalMinutes = 4; // a challenge is valid for five

export class LatchkeyError extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

export class Passkeys {
  #waiting = null; // the sign-in by autofill; a page can have one request at a time
  #offers = false; // whether autofill goes on
  #idle = Promise.resolve(); // until no button's request is open

  constructor(server, appToken) {
    this.server = server;
    this.appToken = appToken;
  }

  // Calls a function of the app-user API: POST with a body, GET without one.
  async call(name, body, accessToken) {
    const response = await fetch(`${this.server}/api/appuser/${name}`, {
      method: body ? "POST" : "GET",
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(accessToken ? { "access-token": accessToken } : { "app-token": this.appToken }),
      },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new LatchkeyError(answer);
    return answer;
  }

  // Whether this browser has what this file uses.
  isSupported() {
    return Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);
  }

  // Adds a passkey of this device. Code 710: call stepUp first, or let the user log in again.
  async add(accessToken, name) {
    const asked = await this.call("passkeyOptions", {}, accessToken);
    return this.call("passkeyRegister", { ...(await this.#create(asked)), name }, accessToken);
  }

  // Signs in; the browser shows which passkeys there are.
  async signIn() {
    return this.call("passkeyLogin", await this.#get(await this.call("passkeyLoginOptions", {})));
  }

  // Offers passkeys in the browser's autofill of <input autocomplete="username webauthn">, until somebody signed in or stopAutofill().
  async autofill(onSignedIn, onError) {
    if (!this.isSupported() || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    this.#offers = true;
    while (this.#offers) {
      const waiting = (this.#waiting = new AbortController());
      const timer = setTimeout(() => waiting.abort("renew"), renewalMinutes * 60_000);
      try {
        const asked = await this.call("passkeyLoginOptions", {});
        const answer = await this.#get(asked, { mediation: "conditional", signal: waiting.signal }, waiting);
        return await onSignedIn(await this.call("passkeyLogin", answer));
      } catch (error) {
        if (waiting.signal.aborted && waiting.signal.reason === "replaced") await this.#idle; // a button's request goes first
        else if (!waiting.signal.aborted && error instanceof LatchkeyError && error.code < 700) onError(error);
        else if (!waiting.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 30_000)); // offline, or asked too often
      } finally {
        clearTimeout(timer);
      }
    }
  }

  stopAutofill() {
    this.#offers = false;
    this.#waiting?.abort("stopped");
    this.#waiting = null;
  }

  // The second factor of a login that answered a login token; its methods include passkey.
  async complete(loginToken) {
    const answer = await this.#get(await this.call("passkeyLoginOptions", { loginToken }));
    return this.call("loginComplete", { loginToken, method: "passkey", ...answer });
  }

  // Sets the second factor up during a login that requires one; its enroll includes passkey.
  async enroll(loginToken) {
    const answer = await this.#create(await this.call("enrollFactor", { loginToken, method: "passkey" }));
    return this.call("loginComplete", { loginToken, method: "passkey", ...answer });
  }

  // Proves again who is signed in. Answers new tokens.
  async stepUp(accessToken) {
    const answer = await this.#get(await this.call("stepUpFactor", { method: "passkey" }, accessToken));
    return this.call("stepUp", answer, accessToken);
  }

  // The user's passkeys. Password managers learn which of theirs still work.
  async list(accessToken) {
    const answer = await this.call("passkeys", undefined, accessToken);
    const { rpId, userId, allAcceptedCredentialIds } = answer;
    if (userId) await window.PublicKeyCredential?.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds });
    return answer.passkeys;
  }

  rename(accessToken, id, name) {
    return this.call("passkeyRename", { id, name }, accessToken);
  }

  remove(accessToken, id) {
    return this.call("passkeyDelete", { id }, accessToken);
  }

  async #create(asked) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
    return this.#alone(asked, () => navigator.credentials.create({ publicKey }));
  }

  async #get(asked, how = {}, waiting = null) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
    const request = () => navigator.credentials.get({ publicKey, ...how });
    return waiting ? this.#answer(asked, await request()) : this.#alone(asked, request);
  }

  // Runs a request that somebody asked for by a button: the one of autofill makes room, and goes on afterwards.
  async #alone(asked, request) {
    let done;
    this.#idle = new Promise((resolve) => (done = resolve));
    this.#waiting?.abort("replaced");
    this.#waiting = null;
    try {
      return this.#answer(asked, await request());
    } finally {
      done();
    }
  }

  #answer(asked, credential) {
    return { requestToken: asked["request-token"], credential: credential.toJSON() };
  }
}
