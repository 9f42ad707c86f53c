namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Vue, with oidc-client-ts and Vite.</summary>
internal static class VueQuickStart
{
    private const string ViteConfig = """
        import vue from "@vitejs/plugin-vue";

        export default { plugins: [vue()] };
        """;

    private const string Main = """
        import { createApp } from "vue";
        import App from "./App.vue";

        createApp(App).mount("#root");
        """;

    public static QuickStart Create(SnippetValues v) =>
        new(
            "vue",
            "Vue",
            """
            mkdir my-app && cd my-app && npm init -y
            npm install vue oidc-client-ts vite @vitejs/plugin-vue
            """,
            [("App.vue", App(v)), ("main.js", Main), ("index.html", ReactQuickStart.IndexPage("main.js")), ("vite.config.mjs", ViteConfig)],
            $"npx vite --port {v.Port} --strictPort"
        )
        {
            Notes = v.BrowserNotes,
        };

    private static string App(SnippetValues v) =>
        $$"""
            <script setup>
            import { onMounted, ref } from "vue";
            import { UserManager } from "oidc-client-ts";

            const users = new UserManager({
              authority: {{v.Issuer}},
              client_id: {{v.Id}},
              redirect_uri: {{v.StartUri}},{{v.PostLogoutLine("\n  post_logout_redirect_uri: %,")}}
              scope: {{v.SignInScope}},
              loadUserInfo: true,
            });
            const user = ref(null);
            const error = ref("");

            onMounted(async () => {
              try {
                if (new URLSearchParams(location.search).has("state")) {
                  await users.signinCallback();
                  history.replaceState({}, "", "/");
                }
                user.value = await users.getUser();
              } catch (failure) {
                error.value = failure.message;
              }
            });
            </script>

            <template>
              <p v-if="error" role="alert">{{"{{ error }}"}}</p>
              <template v-else-if="user">
                <p>Hello {{"{{ user.profile.email ?? user.profile.sub }}"}}</p>
                <button @click="users.signoutRedirect()">Sign out</button>
              </template>
              <button v-else @click="users.signinRedirect()">Sign in</button>
            </template>
            """;
}
