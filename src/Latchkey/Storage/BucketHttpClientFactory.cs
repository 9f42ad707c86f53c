using Amazon.Runtime;

namespace Latchkey.Storage;

/// <summary>Gives the SDK the one client whose connections are judged.</summary>
internal sealed class BucketHttpClientFactory(HttpClient client) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
