using PayOnce.Runs;

namespace PayOnce.Simulator;

/// <summary>Decides what goes wrong where. Lengths are drawn from the protocol's own: half a lease, more than one, lease and quiet time together.</summary>
internal sealed class Trouble(World world)
{
    private const double Hot = 0.3;

    // Calls that people and pages make, and reads: their failing tells little, so that it is rarer.
    private const double Lesser = 0.2;

    // Without the assumption: once in some runs, so that it falls between two looks at the same doubt.
    private const double FarJumps = 0.02;

    private Climate Climate => world.Climate;

    private Choices Choices => world.Choices;

    /// <summary>A process has reached a named step: it may die or stand still here.</summary>
    public void AtStep(Process process, string step)
    {
        if (Choices.Strikes(Fault.Crash, step, RateAt(step, Fault.Crash, Climate.Crash))) world.Kill(process, step);
        else if (Choices.Strikes(Fault.Pause, step, RateAt(step, Fault.Pause, Climate.Pause))) Stand(process, step);
    }

    /// <summary>A process is about to go on after any await.</summary>
    public void BeforeTurn(Process process)
    {
        if (Choices.Strikes(Fault.Crash, "any await", Climate.Crash / 10)) world.Kill(process, "an await");
        else if (Choices.Strikes(Fault.Pause, "any await", Climate.Pause / 10)) Stand(process, "an await");
        else if (Choices.Strikes(Fault.WallClockJump, "any await", Climate.Clock / 16)) JumpWall(process);
    }

    public bool StoreIsDown(string call) => Choices.Strikes(Fault.StoreDown, call, StoreRate(call));

    public bool StoreAnswerIsLost(string call) => Choices.Strikes(Fault.StoreAnswerLost, call, StoreRate(call));

    public int CommitAnswersLost(string call) => Choices.Strikes(Fault.CommitAnswerLost, call, Climate.Store / 2) ? Choices.Of("commit answers lost", 1, 1, 1, 2) : 0;

    /// <summary>A dead process's statement was on its way: whether it arrives all the same.</summary>
    public bool StoreGoesOnWithout(string call) => Choices.Strikes(Fault.CommitAfterDeath, call, 0.5);

    /// <summary>How long a call takes there and back.</summary>
    public (TimeSpan There, TimeSpan Back) WayToStore(string call)
    {
        JumpStoreClock();
        var there = Choices.Between("way to store", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(15));
        var back = TimeSpan.FromMilliseconds(1);
        if (!Choices.Strikes(Fault.SlowStore, call, StoreRate(call) / 2)) return (there, back);
        var length = Length("slow store");
        world.Stats.Count("a call of the store outlived the lease", length > Climate.Lease);
        return Choices.OneIn("slow way", 2) ? (length, back) : (there, length);
    }

    public bool ConnectionIsRefused(Ledger ledger) => Choices.Strikes(Fault.ConnectionRefused, ledger.ToString(), Climate.Wire / 10);

    /// <summary>The first fault that a request meets; null: none.</summary>
    public Fault? OnTheWire(string route, bool mayRepeat)
    {
        var rate = Climate.Wire / 4;
        for (var fault = Fault.RequestDropped; fault <= Fault.Redirect; fault++)
        {
            if (fault == Fault.Duplicate && !mayRepeat) continue;
            if (Choices.Strikes(fault, route, fault is Fault.AnswerDropped or Fault.AnswerReset or Fault.LateArrival ? 2 * rate : rate)) return fault;
        }
        return null;
    }

    /// <summary>The faults that the accounting system itself makes while it answers.</summary>
    public IEnumerable<Fault> Within(string route)
    {
        for (var fault = Fault.PartialFailure; fault <= Fault.LimitReached; fault++)
        {
            if (Choices.Strikes(fault, route, Climate.StandIn / 5)) yield return fault;
        }
    }

    public bool InFolder(Fault fault) => Choices.Strikes(fault, "folder", Climate.Folder / 3);

    private double StoreRate(string call) => call is "TakeLease" or "Recover" or "Reserve" or "RecordTries" or "RenewLease" or "SettleDoubts" or "ConfirmFile" or "StartFile" or "FinishRun" or "AdoptFound"
        ? Climate.Store / 5
        : Climate.Store / 5 * Lesser;

    private double RateAt(string step, Fault fault, double usual) => Climate.HotPoints.Contains(new HotPoint(step, fault)) ? Hot : usual / 2;

    private void Stand(Process process, string where)
    {
        var length = Length("pause");
        // A file that is published after its doubt was settled by a person is that person's, on record; over an API the protocol assumes that this does not happen.
        if (process.IsSending && !Climate.HasFiles && length > Climate.LongestStandInSend && !world.Trial.Without.HasFlag(Assumption.NoStandInSend)) length = Climate.LongestStandInSend;
        process.StandsUntil = world.Pump.Now + length;
        world.Tell(process.Holder, FormattableString.Invariant($"stands still at {where} for {length.TotalSeconds:0} s"));
    }

    private void JumpWall(Process process)
    {
        process.Clock.Off = TimeSpan.FromHours(Choices.Below("wall clock", 200) - 100);
        world.Tell(process.Holder, FormattableString.Invariant($"has its wall clock set {process.Clock.Off.TotalHours:0} h off"));
    }

    // Forwards less than what the quiet time has to spare, in all: a clock that jumps over the quiet time is an assumption of its own.
    private void JumpStoreClock()
    {
        var far = world.Trial.Without.HasFlag(Assumption.StoreClockRuns);
        if (!Choices.Strikes(Fault.StoreClockJump, "store", far ? FarJumps : Climate.Clock / 20)) return;
        world.Database.Clock.Off = far ? world.Database.Clock.Off + TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(Choices.Below("store clock", 41) - 20);
        world.Tell("store", FormattableString.Invariant($"has its clock set {world.Database.Clock.Off.TotalSeconds:0} s off"));
    }

    private TimeSpan Length(string what) => Choices.Of(what, Climate.Lease / 2, Climate.Lease + TimeSpan.FromSeconds(1), Climate.Lease + Climate.Quiet, Climate.Lease + 2 * Climate.Quiet + TimeSpan.FromSeconds(5), TimeSpan.FromHours(2));
}
