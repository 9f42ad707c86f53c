namespace Latchkey.Jobs;

/// <summary>
/// The moment from which the server answers. Background work that nobody waits for begins then, because at start most of the time goes into
/// compiling, and the first requests would wait for it.
/// </summary>
public sealed class ServerStart
{
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Complete() => completed.TrySetResult();

    /// <exception cref="OperationCanceledException">The server stops before it answers.</exception>
    public Task Wait(CancellationToken stop) => completed.Task.WaitAsync(stop);
}
