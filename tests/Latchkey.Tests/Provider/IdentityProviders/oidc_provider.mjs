// A provider that nobody here wrote: oidc-provider of npm, with one client and its own pages for development.
// Arguments: port, redirect URI, client id, client secret.
import { Provider } from 'oidc-provider';

const [port, redirectUri, clientId, clientSecret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], response_types: ['code'] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'name'] },
  cookies: { keys: ['a key of the test'] },
  pkce: { required: () => true },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, given_name: 'Ann', name: 'Ann Other' }),
  }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
