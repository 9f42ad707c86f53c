// oauth4webapi (npm), each request and each check by hand.
import * as oauth from "oauth4webapi";
import { UserAgent, assert } from "./user-agent.mjs";

const settings = JSON.parse(process.argv[2]);
const redirect_uri = "https://client.example.com/callback";
const issuer = new URL(settings.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oidc" }));
const same = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oauth2" }));
assert(server.token_endpoint === same.token_endpoint, "both documents say the same");

for (const [client, authentication] of [
  [{ client_id: settings.web.id }, oauth.ClientSecretBasic(settings.web.secret)],
  [{ client_id: settings.web.id }, oauth.ClientSecretPost(settings.web.secret)],
  [{ client_id: settings.native.id }, oauth.None()],
]) {
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const parameters = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri,
    response_type: "code",
    scope: "openid email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const pushed = await oauth.processPushedAuthorizationResponse(
    server,
    client,
    await oauth.pushedAuthorizationRequest(server, client, authentication, parameters)
  );
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri });
  const back = await new UserAgent(settings.answers).open(url, redirect_uri);
  const answer = oauth.validateAuthResponse(server, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, answer, redirect_uri, verifier);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const info = await oauth.processUserInfoResponse(
    server,
    client,
    claims.sub,
    await oauth.userInfoRequest(server, client, tokens.access_token)
  );
  assert(info.email === settings.answers.handle, "UserInfo has the address");
  const refreshed = await oauth.processRefreshTokenResponse(
    server,
    client,
    await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token)
  );
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, refreshed.refresh_token));
}

// An API that checks tokens by RFC 9068.
const service = { client_id: settings.service.id };
const granted = await oauth.processClientCredentialsResponse(
  server,
  service,
  await oauth.clientCredentialsGrantRequest(
    server,
    service,
    oauth.ClientSecretBasic(settings.service.secret),
    new URLSearchParams({ scope: "orders:read", resource: settings.resource })
  )
);
const call = new Request("https://api.example.com/orders", { headers: { authorization: `Bearer ${granted.access_token}` } });
const access = await oauth.validateJwtAccessToken(server, call, settings.resource);
assert(access.client_id === service.client_id && access.scope === "orders:read", "the API knows the client and the scope");
console.log("ok");
