namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Kotlin for Android, with AppAuth.</summary>
internal static class KotlinQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "kotlin",
            "Kotlin",
            $$"""
            // In Android Studio: New Project, Empty Views Activity, with the package name com.example.myapp.
            // In app/build.gradle.kts:
            android { defaultConfig { manifestPlaceholders["appAuthRedirectScheme"] = {{v.Template(v.StartScheme)}} } }
            dependencies { implementation("net.openid:appauth:0.11.1") }
            """,
            [("app/src/main/java/com/example/myapp/MainActivity.kt", Activity(v))],
            "In Android Studio: Run, Run app."
        )
        {
            IsTested = false,
            Notes = [.. v.HttpsNotes, .. v.AppNotes, "The manifest needs the permission android.permission.INTERNET."],
        };

    private static string Activity(SnippetValues v) =>
        $$"""
            package com.example.myapp

            import android.net.Uri
            import android.os.Bundle
            import android.widget.Button
            import androidx.activity.result.contract.ActivityResultContracts
            import androidx.appcompat.app.AppCompatActivity
            import net.openid.appauth.AuthorizationException
            import net.openid.appauth.AuthorizationRequest
            import net.openid.appauth.AuthorizationResponse
            import net.openid.appauth.AuthorizationService
            import net.openid.appauth.AuthorizationServiceConfiguration
            import net.openid.appauth.ResponseTypeValues

            class MainActivity : AppCompatActivity() {
                private lateinit var service: AuthorizationService
                private lateinit var button: Button

                private val signIn = registerForActivityResult(ActivityResultContracts.StartActivityForResult()) { result ->
                    val data = result.data ?: return@registerForActivityResult
                    val response = AuthorizationResponse.fromIntent(data)
                        ?: return@registerForActivityResult show(AuthorizationException.fromIntent(data)?.errorDescription)
                    service.performTokenRequest(response.createTokenExchangeRequest()) { tokens, error ->
                        show(tokens?.let { "Signed in" } ?: error?.errorDescription)
                    }
                }

                override fun onCreate(savedInstanceState: Bundle?) {
                    super.onCreate(savedInstanceState)
                    service = AuthorizationService(this)
                    button = Button(this).apply { text = "Sign in" }
                    button.setOnClickListener { start() }
                    setContentView(button)
                }

                private fun start() =
                    AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse({{v.Template(v.RawIssuer)}})) { configuration, error ->
                        if (configuration == null) {
                            show(error?.errorDescription)
                        } else {
                            val request = AuthorizationRequest.Builder(
                                configuration,
                                {{v.Template(v.RawId)}},
                                ResponseTypeValues.CODE,
                                Uri.parse({{v.Template(v.RawStartUri)}}),
                            ).setScope({{v.Template(v.RawSignInScope)}}).build()
                            signIn.launch(service.getAuthorizationRequestIntent(request))
                        }
                    }

                private fun show(message: String?) = runOnUiThread { button.text = message ?: "The sign-in did not succeed" }

                override fun onDestroy() {
                    super.onDestroy()
                    service.dispose()
                }
            }
            """;
}
