using System.Security.Cryptography;
using PayOnce.Exporters;

namespace PayOnce.Simulator;

/// <summary>The folder outside PayOnce, and the importer that takes files out of it and books what is in them. It outlives every process.</summary>
internal sealed class Folder(World world)
{
    private readonly SortedDictionary<string, byte[]> staged = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public IPublishFolder For(Process process) => new Seen(world, this, process);

    /// <summary>Whether a file in it carries this key: a person who looks will see it.</summary>
    public bool Has(string key) => files.Values.Any(content => System.Text.Encoding.UTF8.GetString(content).Contains(key, StringComparison.Ordinal));

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private void Link(Process process, string name)
    {
        files[name] = staged[name];
        if (IsManifest(name)) return;
        world.Judge.Published(files[name]);
        world.Tell(process.Holder, $"publishes {world.ClaimsIn(files[name])}");
        world.Pump.At(world.Choices.Between("importer", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(8)), () => Import(name));
    }

    // The importer takes a file away and books it. It takes each once.
    private void Import(string name)
    {
        if (!files.Remove(name, out var content)) return;
        world.Tell("importer", $"imports {world.ClaimsIn(content)}");
        world.Import(content);
    }

    private static bool IsManifest(string name) => name.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>The folder as one process sees it.</summary>
    private sealed class Seen(World world, Folder folder, Process process) : IPublishFolder
    {
        public async Task<string?> StageAsync(string at, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancel)
        {
            if (world.Trouble.InFolder(Fault.FolderFull))
            {
                world.Tell("folder", "has no room");
                return "There is no room.";
            }
            var whole = new MemoryStream();
            await foreach (var piece in content.WithCancellation(cancel)) whole.Write(piece.Span);
            await process.At(StepNames.PublishWritten);
            folder.staged[name] = whole.ToArray();
            await process.At(StepNames.PublishSynced);
            return null;
        }

        public async Task<PublishAnswer> PublishAsync(string at, string name, string sha256, CancellationToken cancel)
        {
            if (folder.files.TryGetValue(name, out var there)) return Sha256(there) == sha256 ? PublishAnswer.Published.Instance : new PublishAnswer.Refused("A file with other content has the name.");
            var manifest = IsManifest(name);
            if (!manifest && world.Trouble.InFolder(Fault.NameRefused)) return Told(new PublishAnswer.Refused("The name is refused."));
            if (!manifest && world.Trouble.InFolder(Fault.PublishUnknownAbsent)) return Told(new PublishAnswer.Unknown("Nobody knows."));
            folder.Link(process, name);
            await process.At(StepNames.PublishLinked);
            folder.staged.Remove(name);
            return !manifest && world.Trouble.InFolder(Fault.PublishUnknownThere) ? Told(new PublishAnswer.Unknown("Nobody knows.")) : PublishAnswer.Published.Instance;
        }

        public void Discard(string at, string name) => folder.staged.Remove(name);

        public Task<FolderFinding> FindAsync(string at, string name, string sha256, CancellationToken cancel) => Task.FromResult<FolderFinding>(
            !folder.files.TryGetValue(name, out var content) ? FolderFinding.Absent.Instance : Sha256(content) == sha256 ? FolderFinding.Present.Instance : FolderFinding.OtherContent.Instance);

        private PublishAnswer Told(PublishAnswer answer)
        {
            world.Tell("folder", answer is PublishAnswer.Refused ? "refuses the file's name" : "gives an answer that proves nothing");
            return answer;
        }
    }
}
