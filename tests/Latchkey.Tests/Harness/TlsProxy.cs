using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Tests.Harness;

/// <summary>
/// nginx before a server: https on localhost, with a certificate of an authority that only the test knows.
/// </summary>
public sealed class TlsProxy : IAsyncDisposable
{
    private readonly string folder;
    private readonly ChildProcess nginx;

    private TlsProxy(string folder, ChildProcess nginx) => (this.folder, this.nginx) = (folder, nginx);

    /// <summary>The authority's certificate in PEM.</summary>
    public string AuthorityFile => Path.Combine(folder, "ca.pem");

    /// <summary>An address for a proxy to listen on.</summary>
    public static Uri FindAddress() => new($"https://localhost:{FreePort.Find()}");

    /// <summary>Waits until the server answers through it.</summary>
    /// <param name="address">From <see cref="FindAddress"/>; the server's public URL.</param>
    /// <param name="server">Where the server listens.</param>
    public static async Task<TlsProxy> Start(Uri address, Uri server)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-https-").FullName;
        await LocalhostCertificate.Write(folder);
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, address, server));
        var nginx = ChildProcess.Start("/usr/sbin/nginx", ["-p", folder, "-c", configuration, "-g", "daemon off;"]);
        var proxy = new TlsProxy(folder, nginx);
        using var http = new HttpClient(proxy.Handler());
        await WaitUntil.IsTrue("nginx answers", () => Answers(http, new Uri(address, "/health/live")));
        return proxy;
    }

    /// <summary>A handler that trusts the authority, and nobody else.</summary>
    public SocketsHttpHandler Handler(bool followsRedirects = true) =>
        new()
        {
            AllowAutoRedirect = followsRedirects,
            UseCookies = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    using var authority = X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);
                    using var chain = new X509Chain();
                    chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                    chain.ChainPolicy.CustomTrustStore.Add(authority);
                    chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                    using var presented = new X509Certificate2(certificate!);
                    return chain.Build(presented) && presented.MatchesHostname("localhost");
                },
            },
        };

    public async ValueTask DisposeAsync()
    {
        nginx.Signal(ChildProcess.Terminate); // it ends its workers
        await nginx.WaitForExit();
        await nginx.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> Answers(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }

    private static string Configuration(string folder, Uri address, Uri server) =>
        $$"""
            user root;
            worker_processes 1;
            pid {{folder}}/pid;
            error_log stderr warn;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen {{address.Port}} ssl;
                ssl_certificate {{folder}}/cert.pem;
                ssl_certificate_key {{folder}}/key.pem;
                location / {
                  proxy_pass {{server.GetLeftPart(UriPartial.Authority)}};
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Forwarded-For $remote_addr;
                  proxy_set_header X-Forwarded-Proto https;
                  proxy_http_version 1.1;
                  proxy_buffer_size 16k;
                  proxy_buffers 8 16k;
                }
              }
            }
            """;
}
