namespace Latchkey.Portal.FirstSteps;

/// <summary>Clients in TypeScript, with fetch. Public URL and token need no escaping.</summary>
public static class ScriptSnippets
{
    private const string Use = """
        import { confirm, logIn, signUp } from "./latchkey";

        await signUp("ada@example.com", "violet-harbour-42");
        const user = await confirm("ada@example.com", code); // what the user typed
        const again = await logIn("ada@example.com", "violet-harbour-42");
        """;

    public static AppSnippet TypeScript(string publicUrl, string appToken) =>
        new("typescript", "TypeScript", "latchkey.ts", Client(publicUrl, appToken), Use, IsTested: true);

    public static AppSnippet ReactNative(string publicUrl, string appToken) =>
        new(
            "react-native",
            "React Native",
            "latchkey.ts",
            $$"""
            {{Client(publicUrl, appToken)}}

            // npx expo install expo-secure-store: keep tokens there, and not in AsyncStorage, which is not encrypted.
            // await SecureStore.setItemAsync("access-token", tokens["access-token"]);
            """,
            Use,
            IsTested: false
        );

    private static string Client(string publicUrl, string appToken) =>
        $$"""
            const server = "{{publicUrl}}/api/appuser/";
            const appToken = "{{appToken}}";

            /** jwt is for your own backend, access-token for this server. */
            export interface Tokens {
              jwt: string;
              "access-token": string;
            }

            /** Mails a code to the address. */
            export async function signUp(handle: string, password: string): Promise<void> {
              await call("signup", { handle, password });
            }

            /** With the code from the mail. */
            export function confirm(handle: string, code: string): Promise<Tokens> {
              return call("completeSignup", { handle, code });
            }

            export function logIn(handle: string, password: string): Promise<Tokens> {
              return call("login", { handle, password });
            }

            async function call(name: string, body: Record<string, string>) {
              const response = await fetch(server + name, {
                method: "POST",
                headers: { "app-token": appToken, "content-type": "application/json" },
                body: JSON.stringify(body),
              });
              const answer = await response.json();
              if (!response.ok) throw new Error(answer.message); // answer.code is 600 for a wrong password
              return answer;
            }
            """;
}
