namespace Latchkey.Portal.FirstSteps;

/// <summary>Clients for iOS and Android without any library but the system's. Public URL and token need no escaping.</summary>
public static class PhoneSnippets
{
    public static AppSnippet Swift(string publicUrl, string appToken) =>
        new(
            "swift",
            "Swift",
            "Latchkey.swift",
            $$"""
            import Foundation

            enum Latchkey {
                private static let server = URL(string: "{{publicUrl}}/api/appuser/")!
                private static let appToken = "{{appToken}}"

                struct Tokens: Decodable {
                    let jwt: String // for your own backend
                    let accessToken: String // for this server; keep it in the Keychain

                    enum CodingKeys: String, CodingKey {
                        case jwt
                        case accessToken = "access-token"
                    }
                }

                /// What the server says when it refuses a call: code 600 is a wrong password.
                struct Refused: Error, Decodable {
                    let code: Int
                    let message: String
                }

                /// Mails a code to the address.
                static func signUp(handle: String, password: String) async throws {
                    _ = try await call("signup", ["handle": handle, "password": password])
                }

                /// With the code from the mail.
                static func confirm(handle: String, code: String) async throws -> Tokens {
                    try JSONDecoder().decode(Tokens.self, from: await call("completeSignup", ["handle": handle, "code": code]))
                }

                static func logIn(handle: String, password: String) async throws -> Tokens {
                    try JSONDecoder().decode(Tokens.self, from: await call("login", ["handle": handle, "password": password]))
                }

                private static func call(_ name: String, _ body: [String: String]) async throws -> Data {
                    var request = URLRequest(url: server.appendingPathComponent(name))
                    request.httpMethod = "POST"
                    request.setValue(appToken, forHTTPHeaderField: "app-token")
                    request.setValue("application/json", forHTTPHeaderField: "content-type")
                    request.httpBody = try JSONEncoder().encode(body)
                    let (data, response) = try await URLSession.shared.data(for: request)
                    guard (response as? HTTPURLResponse)?.statusCode == 200 else {
                        throw try JSONDecoder().decode(Refused.self, from: data)
                    }
                    return data
                }
            }
            """,
            """
            try await Latchkey.signUp(handle: "ada@example.com", password: "violet-harbour-42")
            let user = try await Latchkey.confirm(handle: "ada@example.com", code: code) // what the user typed
            let again = try await Latchkey.logIn(handle: "ada@example.com", password: "violet-harbour-42")
            """,
            IsTested: false
        );

    public static AppSnippet Kotlin(string publicUrl, string appToken) =>
        new(
            "kotlin",
            "Kotlin",
            "Latchkey.kt",
            $$"""
            import java.io.IOException
            import java.net.HttpURLConnection
            import java.net.URL
            import kotlinx.coroutines.Dispatchers
            import kotlinx.coroutines.withContext
            import org.json.JSONObject

            object Latchkey {
                private const val SERVER = "{{publicUrl}}/api/appuser/"
                private const val APP_TOKEN = "{{appToken}}"

                /** Mails a code to the address. */
                suspend fun signUp(handle: String, password: String) {
                    call("signup", "handle" to handle, "password" to password)
                }

                /** With the code from the mail. "jwt" is for your own backend, "access-token" for this server. */
                suspend fun confirm(handle: String, code: String): JSONObject =
                    JSONObject(call("completeSignup", "handle" to handle, "code" to code))

                suspend fun logIn(handle: String, password: String): JSONObject =
                    JSONObject(call("login", "handle" to handle, "password" to password))

                private suspend fun call(name: String, vararg body: Pair<String, String>): String = withContext(Dispatchers.IO) {
                    val connection = URL(SERVER + name).openConnection() as HttpURLConnection
                    try {
                        connection.requestMethod = "POST"
                        connection.doOutput = true
                        connection.setRequestProperty("app-token", APP_TOKEN)
                        connection.setRequestProperty("content-type", "application/json")
                        connection.outputStream.use { it.write(JSONObject(mapOf(*body)).toString().toByteArray()) }
                        if (connection.responseCode != 200) {
                            throw IOException(JSONObject(connection.errorStream.reader().readText()).getString("message"))
                        }
                        connection.inputStream.reader().readText()
                    } finally {
                        connection.disconnect()
                    }
                }
            }
            """,
            """
            Latchkey.signUp("ada@example.com", "violet-harbour-42")
            val user = Latchkey.confirm("ada@example.com", code) // what the user typed
            val again = Latchkey.logIn("ada@example.com", "violet-harbour-42")
            """,
            IsTested: false
        );
}
