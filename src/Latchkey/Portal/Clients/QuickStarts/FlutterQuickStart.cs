namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Flutter, with flutter_appauth.</summary>
internal static class FlutterQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "flutter",
            "Flutter",
            """
            flutter create my_app && cd my_app
            flutter pub add flutter_appauth
            """,
            [("lib/main.dart", MainFile(v))],
            "flutter run"
        )
        {
            IsTested = false,
            Notes =
            [
                .. v.AppNotes,
                $"Android: in android/app/build.gradle.kts, below defaultConfig, set manifestPlaceholders[\"appAuthRedirectScheme\"] = "
                    + $"\"{v.StartScheme}\".",
                "Android: release builds need the permission android.permission.INTERNET in android/app/src/main/AndroidManifest.xml.",
                $"iOS: add {v.StartScheme} to CFBundleURLTypes in ios/Runner/Info.plist.",
            ],
        };

    private static string MainFile(SnippetValues v) =>
        $$"""
            import 'package:flutter/material.dart';
            import 'package:flutter_appauth/flutter_appauth.dart';

            void main() => runApp(const MaterialApp(home: Home()));

            class Home extends StatefulWidget {
              const Home({super.key});

              @override
              State<Home> createState() => _HomeState();
            }

            class _HomeState extends State<Home> {
              String _text = 'Not signed in';

              Future<void> _signIn() async {
                try {
                  final tokens = await const FlutterAppAuth().authorizeAndExchangeCode(
                    AuthorizationTokenRequest(
                      {{v.Template(v.RawId)}},
                      {{v.Template(v.RawStartUri)}},
                      issuer: {{v.Template(v.RawIssuer)}},
                      scopes: {{v.Template(v.RawSignInScope)}}.split(' '),{{(
                v.IsPlainHttp ? "\n          allowInsecureConnections: true, // only while the issuer is http" : ""
            )}}
                    ),
                  );
                  setState(() => _text = tokens.idToken == null ? 'Not signed in' : 'Signed in');
                } catch (error) {
                  setState(() => _text = '$error');
                }
              }

              @override
              Widget build(BuildContext context) => Scaffold(
                    body: Center(
                      child: Column(
                        mainAxisSize: MainAxisSize.min,
                        children: [Text(_text), FilledButton(onPressed: _signIn, child: const Text('Sign in'))],
                      ),
                    ),
                  );
            }
            """;
}
