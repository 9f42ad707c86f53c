namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Next.js, with Auth.js (next-auth).</summary>
internal static class NextQuickStart
{
    private const string Callback = "/api/auth/callback/latchkey";

    private const string Route = """
        import NextAuth from "next-auth";
        import { options } from "../../../../auth.js";

        const handler = NextAuth(options);
        export { handler as GET, handler as POST };
        """;

    private const string Page = """
        import { getServerSession } from "next-auth";
        import { options } from "../auth.js";

        export default async function Page() {
          const session = await getServerSession(options);
          if (!session) return <a href="/api/auth/signin">Sign in</a>;
          return (
            <>
              <p>Hello {session.user.email}</p>
              <a href="/api/auth/signout">Sign out</a>
            </>
          );
        }
        """;

    public static QuickStart Create(SnippetValues v) =>
        new(
            "next",
            "Next.js",
            """
            npx create-next-app@latest my-app --js --app --no-src-dir --yes && cd my-app
            npm install next-auth
            """,
            [("auth.js", Options(v)), ("app/api/auth/[...nextauth]/route.js", Route), ("app/page.js", Page)],
            $"""
            export CLIENT_SECRET=…  # this client's
            NEXTAUTH_URL={SnippetValues.Shell(v.Origin)} NEXTAUTH_SECRET=$(openssl rand -hex 32) npx next dev --port {v.Port}
            """
        )
        {
            Notes =
            [
                $"The client's redirect address must be {v.Origin}{Callback}.",
                "Auth.js reads the address in the ID token: switch Claims in ID tokens on at this client, under Security.",
                "If this application's keys are ES256, add client: { id_token_signed_response_alg: \"ES256\" } to the provider.",
                "Signing out ends the session of this app. The user stays signed in at the provider.",
            ],
        };

    private static string Options(SnippetValues v) =>
        $$"""
            export const options = {
              providers: [
                {
                  id: "latchkey",
                  name: "Latchkey",
                  type: "oauth",
                  wellKnown: {{v.Discovery}},
                  clientId: {{v.Id}},
                  clientSecret: process.env.CLIENT_SECRET,
                  authorization: { params: { scope: {{v.SignInScope}} } },
                  idToken: true,
                  checks: ["pkce", "state", "nonce"],
                  profile: (claims) => ({ id: claims.sub, name: claims.name, email: claims.email }),
                },
              ],
            };
            """;
}
