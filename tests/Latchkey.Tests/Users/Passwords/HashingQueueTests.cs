using System.Collections.Concurrent;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>
/// Who hashes next when more is asked for than there are threads: here one, which each test keeps busy for as long as it likes.
/// </summary>
public sealed class HashingQueueTests : IDisposable
{
    private readonly HashingQueue queue = new(threads: 1, _ => false);
    private readonly ManualResetEventSlim held = new();
    private readonly ConcurrentQueue<string> order = new();

    [Fact]
    public async Task Applications_take_turns_and_the_newcomer_is_next()
    {
        var first = await Hold("loud");
        var loud = await RunAll("loud", 3);
        var quiet = await RunAll("quiet", 2);
        var late = await RunAll("late", 1);
        held.Set();
        await Task.WhenAll([first, .. loud, .. quiet, .. late]);
        order.ShouldBe(["quiet 1", "late 1", "loud 1", "quiet 2", "loud 2", "loud 3"]);
    }

    [Fact]
    public async Task Networks_of_one_application_take_turns_once_its_places_are_given()
    {
        var first = await Hold("app");
        var (places, waiting) = (
            new List<Task<Result<HashingQueue.HashingSlot>>>(),
            new List<(string Network, Task<Result<HashingQueue.HashingSlot>> Place)>()
        );
        for (var i = 0; i < HashingQueue.SlotsPerThread; i++)
        {
            places.Add(queue.Reserve(new HashingShare("dev", "app", "flood")));
        }

        foreach (var network in new[] { "flood", "flood", "flood", "quiet" })
        {
            waiting.Add((network, queue.Reserve(new HashingShare("dev", "app", network))));
        }

        Given(waiting.Select(one => one.Place)).ShouldBe(0);
        (await places[0]).Value!.Dispose();
        (await places[1]).Value!.Dispose();
        waiting.Where(one => one.Place.IsCompleted).Select(one => one.Network).ShouldBe(["flood", "quiet"]);
        held.Set();
        await first;
    }

    [Fact]
    public async Task A_full_line_of_one_network_leaves_room_for_the_others_of_its_application()
    {
        while ((await Try("flood")) is null) { }

        (await Try("flood")).ShouldBe(701);
        (await Try("quiet")).ShouldBeNull();

        async Task<int?> Try(string network)
        {
            var asked = queue.Reserve(new HashingShare("dev", "app", network));
            return asked.IsCompleted ? (await asked).Error?.Code : null;
        }
    }

    [Fact]
    public async Task Many_applications_of_one_developer_are_one_turn()
    {
        var first = await Hold("another");
        var loud = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            loud.AddRange(await RunAll(new HashingShare("loud", $"app {i}", ""), $"loud {i}"));
        }

        var quiet = await RunAll(new HashingShare("quiet", "app", ""), "quiet 1", "quiet 2");
        held.Set();
        await Task.WhenAll([first, .. loud, .. quiet]);
        order.ShouldBe(["loud 0", "quiet 1", "loud 1", "quiet 2", "loud 2", "loud 3"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_over_its_cap_leaves_a_thread_to_the_others_as_long_as_there_are_others(bool hasOthers)
    {
        using var two = new HashingQueue(threads: 2, appId => appId == "loud");
        await Run(two, "loud", () => true);
        await Run(two, hasOthers ? "quiet" : "loud", () => true);
        var begun = 0;
        Task<bool>[] loud = [Run(two, "loud", Hold), Run(two, "loud", Hold)];
        if (hasOthers)
        {
            for (var i = 0; i < 3; i++)
            {
                await Run(two, "quiet", () => true).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }

            Volatile.Read(ref begun).ShouldBeLessThan(2);
        }
        else
        {
            await WaitUntil.IsTrue("both threads are busy", () => Task.FromResult(Volatile.Read(ref begun) == 2));
        }

        held.Set();
        await Task.WhenAll(loud);

        bool Hold()
        {
            Interlocked.Increment(ref begun);
            held.Wait();
            return true;
        }
    }

    [Fact]
    public async Task Places_are_given_when_their_turn_is_near_in_the_order_of_asking()
    {
        var asked = Enumerable
            .Range(0, HashingQueue.SlotsPerThread + 3)
            .Select(_ => queue.Reserve(HashingShare.ForScope("app", "")))
            .ToList();
        Given(asked).ShouldBe(HashingQueue.SlotsPerThread, "look-ups of the others would only wait for the thread");
        (await asked[3]).Value!.Dispose();
        (await asked[HashingQueue.SlotsPerThread]).Succeeded.ShouldBeTrue("one that was given up makes room for the next");
        Given(asked).ShouldBe(HashingQueue.SlotsPerThread + 1);
        held.Set();
        await (await asked[0]).Value!.Run(_ => true);
        (await asked[HashingQueue.SlotsPerThread + 1]).Succeeded.ShouldBeTrue("so does one that was used");
        Given(asked).ShouldBe(HashingQueue.SlotsPerThread + 2);
    }

    [Fact]
    public async Task A_full_line_refuses_at_once_its_own_application_only_and_takes_more_when_one_gave_up()
    {
        var asked = new List<Task<Result<HashingQueue.HashingSlot>>>();
        while (asked.Count < 1000 && asked.LastOrDefault() is not { IsCompletedSuccessfully: true, Result.Succeeded: false })
        {
            asked.Add(queue.Reserve(HashingShare.ForScope("loud", "")));
        }

        var refused = (await asked[^1]).Error.ShouldNotBeNull();
        refused.Code.ShouldBe(701);
        refused.RetryAfter.ShouldNotBeNull();
        asked.Count.ShouldBeGreaterThan(HashingQueue.SlotsPerThread, "waiting for a place is no refusal");
        (await queue.Reserve(HashingShare.ForScope("quiet", ""))).Succeeded.ShouldBeTrue();
        (await queue.Reserve(HashingShare.ForScope("loud", ""))).Succeeded.ShouldBeFalse();
        (await asked[0]).Value!.Dispose();
        (await asked[1]).Value!.Dispose(); // and the quiet one's
        queue.Reserve(HashingShare.ForScope("loud", "")).IsCompleted.ShouldBeFalse("it was accepted, and waits for its place");
    }

    [Fact]
    public async Task A_place_is_good_for_one_hash_and_its_fault_is_the_askers()
    {
        var (place, _) = await queue.Reserve(HashingShare.ForScope("app", ""));
        await Should.ThrowAsync<FormatException>(place!.Run<bool>(_ => throw new FormatException("a damaged hash")));
        Should.Throw<InvalidOperationException>(() =>
        {
            _ = place.Run(_ => true);
        });
        (await (await queue.Reserve(HashingShare.ForScope("app", ""))).Value!.Run(_ => true)).ShouldBeTrue("the thread goes on");
    }

    [Fact]
    public async Task A_hash_costs_its_processor_time_and_not_the_time_it_waited_for_a_processor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere it is elapsed time");
        using var waiting = new HashingQueue(threads: 1, _ => false);
        var atLeast = TimeSpan.FromMilliseconds(40);
        for (var i = 0; i < 20; i++)
        {
            using var isWorked = new ManualResetEventSlim();
            var waits = Run(
                waiting,
                "app",
                () =>
                {
                    isWorked.Wait();
                    return true;
                }
            );
            await Run(queue, "app", () => Work(atLeast));
            isWorked.Set();
            await waits;
        }

        (await Accepted(waiting)).ShouldBeGreaterThan(4 * await Accepted(queue));

        static bool Work(TimeSpan time)
        {
            for (var end = HashingThread.ProcessorTime() + time; HashingThread.ProcessorTime() < end; ) { }

            return true;
        }

        async Task<int> Accepted(HashingQueue asked)
        {
            await Run(asked, "another", () => true); // what ran before has been counted
            var accepted = 0;
            while (true)
            {
                var place = asked.Reserve(HashingShare.ForScope("app", ""));
                if (place.IsCompleted && !(await place).Succeeded)
                {
                    return accepted;
                }

                accepted++;
            }
        }
    }

    [Fact]
    public async Task Every_thread_but_one_lets_others_go_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere threads have no priorities of their own");
        using var three = new HashingQueue(threads: 3, _ => false);
        using var allRun = new Barrier(3);
        var nice = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Run(three, Nice)));
        nice.Order().ShouldBe([nice.Min(), nice.Min() + 2, nice.Min() + 2]);

        int Nice()
        {
            allRun.SignalAndWait();
            return int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[16]);
        }
    }

    [Fact]
    public async Task A_thread_keeps_its_memory_for_the_next_hash_and_gives_it_back_when_there_is_none()
    {
        var kind = WithMemory(1024);
        await Run(Hash);
        (await Run(memory => memory.Size)).ShouldBeGreaterThanOrEqualTo((nuint)1024 * 1024);

        // Hashes of other systems may need more, and do not keep it.
        kind = WithMemory(64 * 1024);
        await Run(Hash);
        (await Run(memory => memory.Size)).ShouldBe((nuint)0);

        using var impatient = new HashingQueue(threads: 1, _ => false, keepMemoryFor: TimeSpan.FromMilliseconds(1));
        kind = WithMemory(1024);
        await (await impatient.Reserve(HashingShare.ForScope("app", ""))).Value!.Run(Hash);
        await WaitUntil.IsTrue(
            "the memory is given back",
            async () => await (await impatient.Reserve(HashingShare.ForScope("app", ""))).Value!.Run(memory => memory.Size) == 0
        );

        static Argon2 WithMemory(int kibibytes) => new(IsHybrid: true, kibibytes, Passes: 1, Lanes: 1);

        bool Hash(Argon2Memory memory)
        {
            kind.Hash(memory, "a password"u8, "somesalt"u8, new byte[32]);
            return memory.Size > 0;
        }

        async Task<T> Run<T>(Func<Argon2Memory, T> work) => await (await queue.Reserve(HashingShare.ForScope("app", ""))).Value!.Run(work);
    }

    public void Dispose()
    {
        held.Set();
        queue.Dispose();
        held.Dispose();
    }

    private static Task<bool> Run(HashingQueue queue, string appId, Func<bool> work) => Run(queue, work, appId);

    private static async Task<T> Run<T>(HashingQueue queue, Func<T> work, string appId = "app") =>
        await (await queue.Reserve(HashingShare.ForScope(appId, ""))).Value!.Run(_ => work());

    private static int Given(IEnumerable<Task<Result<HashingQueue.HashingSlot>>> asked) =>
        asked.Count(place => place.IsCompletedSuccessfully);

    /// <summary>Keeps the thread busy, once this is done, until the test lets it go.</summary>
    private async Task<Task> Hold(string appId)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (place, _) = await queue.Reserve(HashingShare.ForScope(appId, ""));
        var running = place!.Run(_ =>
        {
            begun.SetResult();
            held.Wait();
            return true;
        });
        await begun.Task;
        return running;
    }

    private Task<List<Task>> RunAll(string appId, int times) =>
        RunAll(HashingShare.ForScope(appId, ""), [.. Enumerable.Range(1, times).Select(i => $"{appId} {i}")]);

    private async Task<List<Task>> RunAll(HashingShare share, params string[] names)
    {
        var running = new List<Task>();
        foreach (var name in names)
        {
            running.Add(
                (await queue.Reserve(share)).Value!.Run(_ =>
                {
                    order.Enqueue(name);
                    return true;
                })
            );
        }

        return running;
    }
}
