using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// The real store as a process or a person reaches it: each call travels there, is done in one indivisible step, and its answer travels
/// back; both ways can take long, and either can be lost.
/// </summary>
internal class StoreSeam : DispatchProxy
{
    private static readonly ConcurrentDictionary<MethodInfo, Call> Calls = new();

    [AllowNull]
    private World world;
    private Process? process;

    /// <param name="process">Null: a person's own tool.</param>
    public static IStore Create(World world, Process? process)
    {
        var store = Create<IStore, StoreSeam>();
        (((StoreSeam)(object)store).world, ((StoreSeam)(object)store).process) = (world, process);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = Calls.GetOrAdd(targetMethod!, method => Call.Of(method));
        return call.Make(this, targetMethod!, args ?? []);
    }

    private abstract class Call
    {
        public static Call Of(MethodInfo method) => method.ReturnType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Task<>)
            ? (Call)Activator.CreateInstance(typeof(Travelling<>).MakeGenericType(type.GetGenericArguments()[0]))!
            : new AtOnce();

        public abstract object? Make(StoreSeam seam, MethodInfo method, object?[] arguments);
    }

    // Properties, and what is read piece by piece.
    private sealed class AtOnce : Call
    {
        public override object? Make(StoreSeam seam, MethodInfo method, object?[] arguments) =>
            method.Name == nameof(IAsyncDisposable.DisposeAsync) ? ValueTask.CompletedTask : method.Invoke(seam.world.Database.StoreOf(seam.process), arguments);
    }

    private sealed class Travelling<T> : Call
    {
        public override object Make(StoreSeam seam, MethodInfo method, object?[] arguments)
        {
            var (world, process) = (seam.world, seam.process);
            var name = method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^5] : method.Name;
            var trouble = world.Trouble;
            var done = new TaskCompletionSource<T>();
            if (world.Trial.Planted?.AnswersBeforeItIsDone(name, arguments) is T early)
            {
                world.Pump.At(TimeSpan.FromMilliseconds(1), () => done.TrySetResult(early), process);
                world.Pump.At(TimeSpan.FromSeconds(3), () => Execute(world, process, method, name, arguments));
                return done.Task;
            }
            if (trouble.StoreIsDown(name))
            {
                world.Pump.At(TimeSpan.FromMilliseconds(2), () => done.TrySetException(new StoreUnavailableException("The store is down.")), process);
                return done.Task;
            }
            var (there, back) = trouble.WayToStore(name);
            world.Pump.At(there, () =>
            {
                if (process is { IsDead: true } && !trouble.StoreGoesOnWithout(name)) return;
                var lost = trouble.StoreAnswerIsLost(name);
                var task = Execute(world, process, method, name, arguments);
                world.Pump.At(back, () => Complete(done, task, lost), process);
            });
            return done.Task;
        }

        private static Task<T> Execute(World world, Process? process, MethodInfo method, string name, object?[] arguments)
        {
            if (process?.Holder is { } holder) world.Tell(holder, $"store: {name}", detail: true);
            var lease = arguments.Length > 0 ? arguments[0] as Lease : null;
            world.Trial.Planted?.BeforeStore(world, name, lease);
            world.Judge.Begin(name, lease);
            world.Database.CommitAnswersToLose = world.Trouble.CommitAnswersLost(name);
            var task = (Task<T>)method.Invoke(world.Database.StoreOf(process), BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
            world.Database.CommitAnswersToLose = 0;
            if (!task.IsCompleted) throw new InvalidOperationException($"The store waits inside {name}.");
            world.Trial.Planted?.AfterStore(world, name);
            if (task.IsCompletedSuccessfully) world.Judge.Answered(process, name, arguments, task.Result);
            return task;
        }

        private static void Complete(TaskCompletionSource<T> done, Task<T> task, bool lost)
        {
            if (lost) done.TrySetException(new StoreUnavailableException("The store's answer was lost."));
            else if (task.IsCompletedSuccessfully) done.TrySetResult(task.Result);
            else if (task.Exception is { } fault) done.TrySetException(fault.InnerExceptions);
            else done.TrySetCanceled();
        }
    }
}
