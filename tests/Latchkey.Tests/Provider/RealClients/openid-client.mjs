// openid-client (npm) as its documentation has it, without special options.
import * as client from "openid-client";
import { UserAgent, assert } from "./user-agent.mjs";

const settings = JSON.parse(process.argv[2]);
const redirect_uri = "https://client.example.com/callback";
const person = () => new UserAgent(settings.answers);

const signIn = async (config, agent, more = {}, start = client.buildAuthorizationUrl) => {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = await start(config, {
    redirect_uri,
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  });
  const back = await agent.open(url, redirect_uri);
  return await client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true });
};

const steps = {
  async web() {
    const config = await client.discovery(new URL(settings.issuer), settings.web.id, settings.web.secret);
    const agent = person();
    const tokens = await signIn(config, agent);
    const claims = tokens.claims();
    assert(claims.sub === settings.sub, "sub is the user's id");
    const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert(user.email === settings.answers.handle && user.email_verified !== undefined, "UserInfo has the address");
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert(refreshed.access_token !== tokens.access_token && refreshed.refresh_token !== tokens.refresh_token, "tokens are new");
    const active = await client.tokenIntrospection(config, refreshed.access_token);
    assert(active.active === true && active.sub === claims.sub, "introspection knows the token");
    const pages = agent.pages;
    const silent = await signIn(config, agent, { prompt: "none", scope: "openid" });
    assert(silent.claims().auth_time === claims.auth_time && agent.pages === pages, "signed in already: no page");
    const pushed = await signIn(config, agent, { scope: "openid" }, client.buildAuthorizationUrlWithPAR);
    assert(pushed.claims().sub === claims.sub, "a pushed request works");
    await client.tokenRevocation(config, refreshed.refresh_token);
    const revoked = await client.tokenIntrospection(config, refreshed.access_token);
    assert(revoked.active === false, "a revoked grant's access token is not active");
    const out = client.buildEndSessionUrl(config, {
      id_token_hint: silent.id_token,
      post_logout_redirect_uri: "https://client.example.com/bye",
      state: "s",
    });
    const bye = await agent.open(out, "https://client.example.com/bye");
    assert(bye.searchParams.get("state") === "s", "logout comes back with the state");
  },

  async public() {
    const config = await client.discovery(new URL(settings.issuer), settings.native.id, undefined, client.None());
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: "openid email offline_access",
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const back = await person().open(url, redirect_uri);
    const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier }, undefined, { DPoP });
    assert(tokens.token_type === "dpop", "the token is bound to the key");
    const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
    assert(user.email === settings.answers.handle, "UserInfo takes the bound token");
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    assert(refreshed.token_type === "dpop", "and so is the refreshed one");
  },

  async service() {
    const config = await client.discovery(new URL(settings.issuer), settings.service.id, settings.service.secret);
    const tokens = await client.clientCredentialsGrant(config, { scope: "orders:read", resource: settings.resource });
    assert(tokens.expires_in > 0 && tokens.scope === "orders:read", "a service gets a token for its API");
  },

  async device() {
    const config = await client.discovery(new URL(settings.issuer), settings.device.id, undefined, client.None());
    const started = await client.initiateDeviceAuthorization(config, { scope: "openid offline_access" });
    const agent = new UserAgent({ ...settings.answers, user_code: started.user_code });
    const polling = client.pollDeviceAuthorizationGrant(config, started);
    await agent.open(started.verification_uri, "about:done").catch((end) => {
      if (!/no form/.test(end.message)) throw end; // the last page has nothing to fill in
    });
    const tokens = await polling;
    assert(tokens.claims().sub === settings.sub && tokens.refresh_token, "the device is signed in");
  },
};

for (const step of settings.steps) {
  await steps[step]();
  console.log(`ok ${step}`);
}
