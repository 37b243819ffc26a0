using System.Diagnostics;
using PayOnce.App.Host;

namespace PayOnce.Tests.App;

/// <summary>On Linux, where it can be known for certain whether another process is gone.</summary>
public sealed class ProcessNodeTests
{
    private readonly ProcessNode node = new();

    private static void NeedsLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The rules of /proc hold on Linux only; elsewhere no process is ever said to be gone.");

    [Fact]
    public void A_process_knows_that_it_is_not_gone_itself()
    {
        Assert.False(node.IsGone(node.Holder));
        Assert.DoesNotContain('\n', node.Holder);
        Assert.Contains($"pid={Environment.ProcessId} ", node.Holder, StringComparison.Ordinal);
    }

    [Fact]
    public void No_number_is_given_out_twice_whichever_threads_ask()
    {
        const int each = 2_000_000;
        using var together = new Barrier(2);
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            for (var i = 0; i < each; i++) node.NextNumber();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        // One that was given out twice would be missing at the end.
        Assert.Equal((2 * each) + 1, node.NextNumber());
    }

    [Fact]
    public void A_living_process_is_not_gone_and_a_killed_one_is()
    {
        NeedsLinux();
        using var other = Process.Start("sleep", "60");
        var holder = HolderOf(other.Id);
        Assert.False(node.IsGone(holder));
        other.Kill();
        other.WaitForExit();
        Assert.True(node.IsGone(holder));
    }

    [Fact]
    public void A_dead_process_that_its_parent_has_not_reaped_is_gone()
    {
        NeedsLinux();
        // The shell starts a child, tells its id, kills it and does not wait for it.
        using var parent = Process.Start(new ProcessStartInfo("bash", ["-c", "sleep 60 & echo $!; read; kill -9 $!; read; exec sleep 60"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            var child = int.Parse(parent.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
            var holder = HolderOf(child);
            Assert.False(node.IsGone(holder));
            parent.StandardInput.WriteLine();
            Assert.True(SpinWait.SpinUntil(() => node.IsGone(holder), TimeSpan.FromSeconds(20)));
        }
        finally
        {
            parent.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void A_process_id_that_was_given_to_somebody_else_means_that_the_first_is_gone()
    {
        NeedsLinux();
        var start = node.Holder.LastIndexOf('=') + 1;
        Assert.True(node.IsGone(node.Holder[..start] + "1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody else")]
    [InlineData("host=elsewhere boot=x pid-namespace=y time-namespace=z pid=999999999 start=1")]
    public void Of_a_process_elsewhere_nothing_is_certain(string holder) => Assert.False(node.IsGone(holder));

    [Theory]
    [InlineData("boot=")]
    [InlineData("pid-namespace=")]
    [InlineData("time-namespace=")]
    [InlineData("host=")]
    public void Of_a_process_in_another_namespace_or_of_another_boot_nothing_is_certain(string part)
    {
        NeedsLinux();
        var gone = node.Holder[..node.Holder.IndexOf(" pid=", StringComparison.Ordinal)] + " pid=999999999 start=1";
        Assert.True(node.IsGone(gone));
        Assert.False(node.IsGone(gone.Replace(part, part + "x", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(" pid=0 start=1")]
    [InlineData(" pid=-1 start=1")]
    [InlineData(" pid=999999999")]
    [InlineData(" pid=999999999 start=")]
    [InlineData(" pid=99999999999999999999 start=1")]
    [InlineData(" pid=999999999 start=1 start=2")]
    public void Of_a_holder_that_cannot_be_read_nothing_is_certain(string end)
    {
        NeedsLinux();
        Assert.False(node.IsGone(node.Holder[..node.Holder.IndexOf(" pid=", StringComparison.Ordinal)] + end));
    }

    private string HolderOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        return $"{node.Holder[..node.Holder.IndexOf(" pid=", StringComparison.Ordinal)]} pid={pid} start={start}";
    }
}
