// Passkeys with Latchkey: copy this file into your app. It needs no other. docs/passkeys.md has the requests that it sends.

const renewalMinutes = 4; // a challenge is valid for five

export class LatchkeyError extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

export class Passkeys {
  #waiting = null; // the sign-in by autofill; a page can have one request at a time

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

  // Adds a passkey of this device. Code 710: call stepUp first, or let the user log in again.
  async add(accessToken, name) {
    const asked = await this.call("passkeyOptions", {}, accessToken);
    return this.call("passkeyRegister", { ...(await this.#create(asked)), name }, accessToken);
  }

  // Signs in; the browser shows which passkeys there are.
  async signIn() {
    return this.call("passkeyLogin", await this.#get(await this.call("passkeyLoginOptions", {})));
  }

  // Offers passkeys in the browser's autofill of <input autocomplete="username webauthn">, as long as the page is open.
  async autofill(onSignedIn, onError) {
    if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
    for (;;) {
      const waiting = (this.#waiting = new AbortController());
      const timer = setTimeout(() => waiting.abort("renew"), renewalMinutes * 60_000);
      try {
        const asked = await this.call("passkeyLoginOptions", {});
        const answer = await this.#get(asked, { mediation: "conditional", signal: waiting.signal }, waiting);
        return onSignedIn(await this.call("passkeyLogin", answer));
      } catch (error) {
        if (waiting.signal.aborted && waiting.signal.reason !== "renew") return; // another request took its place
        if (!waiting.signal.aborted) return onError(error);
      } finally {
        clearTimeout(timer);
      }
    }
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
    this.#stopWaiting();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
    const credential = await navigator.credentials.create({ publicKey });
    return { requestToken: asked["request-token"], credential: credential.toJSON() };
  }

  async #get(asked, how = {}, waiting = null) {
    if (this.#waiting !== waiting) this.#stopWaiting();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
    const credential = await navigator.credentials.get({ publicKey, ...how });
    return { requestToken: asked["request-token"], credential: credential.toJSON() };
  }

  #stopWaiting() {
    this.#waiting?.abort("replaced");
    this.#waiting = null;
  }
}
