using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>Hears from YARP that a configuration is in force, or why it is not: it would only log that.</summary>
internal sealed class YarpChanges : IConfigChangeListener
{
    private TaskCompletionSource? _next;

    /// <summary>Completes with the change that is made next.</summary>
    public Task Next()
    {
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _next.Task;
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Failed(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // It is still to be applied.
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Failed(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => _next?.TrySetResult();

    private void Failed(Exception exception) =>
        _next?.TrySetException(new InvalidOperationException($"YARP cannot take up the routes and clusters: {exception.GetBaseException().Message}", exception));
}
