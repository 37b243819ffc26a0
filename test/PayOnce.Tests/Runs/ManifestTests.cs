using System.Text;
using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What goes with each file says which file it is, what is in it, and how far the trail had come.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void It_tells_everything_in_one_order_for_people_and_machines()
    {
        var run = new Run(7, RunTrigger.Schedule, RunState.Running, "schedule", "node-1", 9, ClaimScope.Everything, "xledger", "gl02", 3, default, A.Day(5), null, null, 1);
        var file = new FileDraft("hlf-gl02-run000007.csv", "text/csv", "abc123", 4_096, 12, 30, [new ControlTotal("EUR", 70), new ControlTotal("NOK", 201_05)], default, default, default, null, 12);
        var head = new AuditHead(41, "d00d");
        var written = Manifest.Write(A.Org, run, file, batches: 2, new DateTimeOffset(2026, 3, 29, 4, 5, 6, 789, TimeSpan.FromHours(2)), head);
        Assert.Equal("""
            {
              "manifest": "payonce/1",
              "organisation": "hlf",
              "run": 7,
              "trigger": "schedule",
              "exporter": "xledger",
              "format": "gl02",
              "integrationVersion": 3,
              "file": "hlf-gl02-run000007.csv",
              "sha256": "abc123",
              "bytes": 4096,
              "batches": 2,
              "claims": 12,
              "lines": 30,
              "controlTotals": {
                "EUR": 70,
                "NOK": 20105
              },
              "createdAt": "2026-03-29T02:05:06Z",
              "auditHead": {
                "sequence": 41,
                "hash": "d00d"
              }
            }

            """.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(written.Span));
        Assert.Equal(head, Manifest.ReadHead(written));
    }
}
