// @auth/core, the core of Auth.js (NextAuth): its whole sign-in, with the provider as a plain OpenID provider.
import { Auth } from "@auth/core";
import { UserAgent, assert } from "./user-agent.mjs";

const settings = JSON.parse(process.argv[2]);
const site = "https://client.example.com";
const cookies = new Map();
const call = async (path, options = {}) => {
  const headers = { ...options.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  const answer = await Auth(new Request(site + path, { ...options, headers }), {
    secret: "a secret of the test, long enough for anybody",
    trustHost: true,
    providers: [
      {
        id: "latchkey",
        name: "Latchkey",
        type: "oidc",
        issuer: settings.issuer,
        clientId: settings.web.id,
        clientSecret: settings.web.secret,
      },
    ],
  });
  for (const line of answer.headers.getSetCookie()) {
    const pair = line.split(";")[0];
    cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
  }
  return answer;
};

const { csrfToken } = await (await call("/auth/csrf")).json();
const start = await call("/auth/signin/latchkey", { method: "POST", body: new URLSearchParams({ csrfToken, callbackUrl: `${site}/home` }) });
const back = await new UserAgent(settings.answers).open(start.headers.get("location"), `${site}/auth/callback/latchkey`);
const done = await call(back.pathname + back.search);
assert(done.headers.get("location") === `${site}/home`, `the callback leads home and not to ${done.headers.get("location")}`);
const session = await (await call("/auth/session")).json();
assert(session.user.email === settings.answers.handle, "the session has the user");
console.log("ok");
