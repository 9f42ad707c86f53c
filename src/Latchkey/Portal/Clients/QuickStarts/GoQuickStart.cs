namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>Go, with go-oidc and x/oauth2.</summary>
internal static class GoQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "go",
            "Go",
            """
            mkdir my-app && cd my-app && go mod init my-app
            go get github.com/coreos/go-oidc/v3/oidc golang.org/x/oauth2
            """,
            [("main.go", MainFile(v))],
            """
            export CLIENT_SECRET=…  # this client's
            go run .
            """
        )
        {
            Notes = [.. v.ServerNotes, "Sessions are in memory: a restart signs everybody out."],
        };

    private static string MainFile(SnippetValues v) =>
        $$"""
            package main

            import (
            	"context"
            	"crypto/rand"
            	"crypto/sha256"
            	"encoding/base64"
            	"html"
            	"log"
            	"net/http"
            	"net/url"
            	"os"
            	"strings"
            	"sync"

            	"github.com/coreos/go-oidc/v3/oidc"
            	"golang.org/x/oauth2"
            )

            type user struct{ name, idToken string }

            var sessions sync.Map // from the value of the cookie to the user

            func random() string {
            	bytes := make([]byte, 32)
            	rand.Read(bytes)
            	return base64.RawURLEncoding.EncodeToString(bytes)
            }

            func setCookie(w http.ResponseWriter, name, value string) {
            	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
            }

            func cookie(r *http.Request, name string) string {
            	if c, err := r.Cookie(name); err == nil {
            		return c.Value
            	}
            	return ""
            }

            func main() {
            	provider, err := oidc.NewProvider(context.Background(), {{v.Issuer}})
            	if err != nil {
            		log.Fatal(err)
            	}
            	config := oauth2.Config{
            		ClientID:     {{v.Id}},
            		ClientSecret: os.Getenv("CLIENT_SECRET"),
            		Endpoint:     provider.Endpoint(),
            		RedirectURL:  {{v.StartUri}},
            		Scopes:       strings.Fields({{v.SignInScope}}),
            	}
            	verifier := provider.Verifier(&oidc.Config{ClientID: config.ClientID})

            	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
            		w.Header().Set("Content-Type", "text/html; charset=utf-8")
            		if u, ok := sessions.Load(cookie(r, "session")); ok {
            			w.Write([]byte("<p>Hello " + html.EscapeString(u.(user).name) + `</p><a href="/logout">Sign out</a>`))
            		} else {
            			w.Write([]byte(`<a href="/login">Sign in</a>`))
            		}
            	})

            	http.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
            		state, proof := random(), random()
            		sum := sha256.Sum256([]byte(proof))
            		setCookie(w, "login", state+"."+proof)
            		http.Redirect(w, r, config.AuthCodeURL(state,
            			oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:])),
            			oauth2.SetAuthURLParam("code_challenge_method", "S256")), http.StatusFound)
            	})

            	http.HandleFunc({{v.StartPath}}, func(w http.ResponseWriter, r *http.Request) {
            		state, proof, ok := strings.Cut(cookie(r, "login"), ".")
            		if !ok || r.URL.Query().Get("state") != state {
            			http.Error(w, "this sign-in did not begin here", http.StatusBadRequest)
            			return
            		}
            		token, err := config.Exchange(r.Context(), r.URL.Query().Get("code"), oauth2.SetAuthURLParam("code_verifier", proof))
            		if err != nil {
            			http.Error(w, "the sign-in did not succeed", http.StatusUnauthorized)
            			return
            		}
            		raw, _ := token.Extra("id_token").(string)
            		idToken, err := verifier.Verify(r.Context(), raw)
            		if err != nil {
            			http.Error(w, "the sign-in did not succeed", http.StatusUnauthorized)
            			return
            		}
            		name := idToken.Subject
            		if info, err := provider.UserInfo(r.Context(), oauth2.StaticTokenSource(token)); err == nil && info.Email != "" {
            			name = info.Email
            		}
            		id := random()
            		sessions.Store(id, user{name, raw})
            		setCookie(w, "login", "")
            		setCookie(w, "session", id)
            		http.Redirect(w, r, "/", http.StatusFound)
            	})

            	http.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
            		query := url.Values{}
            		if u, ok := sessions.LoadAndDelete(cookie(r, "session")); ok {
            			query.Set("id_token_hint", u.(user).idToken)
            		}{{v.PostLogoutLine("\n\t\tquery.Set(\"post_logout_redirect_uri\", %)")}}
            		setCookie(w, "session", "")
            		http.Redirect(w, r, {{v.LogoutEndpoint}}+"?"+query.Encode(), http.StatusFound)
            	})

            	log.Fatal(http.ListenAndServe("localhost:{{v.Port}}", nil))
            }
            """;
}
