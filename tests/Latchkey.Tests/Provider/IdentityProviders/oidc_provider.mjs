// A provider that nobody here wrote: oidc-provider of npm, with one client. Arguments: port, redirect URI, client id, client secret, the
// folder of the packages.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [port, redirectUri, clientId, clientSecret, packages] = process.argv.slice(2);
const entry = createRequire(path.join(packages, 'x.js')).resolve('oidc-provider');
const { default: Provider } = await import(pathToFileURL(entry).href);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], response_types: ['code'] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'name'] },
  conformIdTokenClaims: true,
  cookies: { keys: ['a key of the test'] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, given_name: 'Ann', name: 'Ann Other' }),
  }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
