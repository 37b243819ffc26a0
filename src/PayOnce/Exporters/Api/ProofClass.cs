namespace PayOnce.Exporters.Api;

/// <summary>What an accounting system can do about a request whose answer never came. It decides what may be sent again.</summary>
public enum ProofClass
{
    /// <summary>Refuses or merges a repeated export key for ever: the same bytes may be sent again.</summary>
    Unique,

    /// <summary>Does so for a time; after it as <see cref="Readable"/>.</summary>
    Windowed,

    /// <summary>Can be asked for an export key: read back first, and never send again on a guess.</summary>
    Readable,

    /// <summary>Can do neither: an unknown outcome is held for a person.</summary>
    Blind,
}

/// <summary>The one text constant of each class.</summary>
public static class ProofClasses
{
    public static string Text(this ProofClass proof) => proof switch
    {
        ProofClass.Unique => "unique",
        ProofClass.Windowed => "windowed",
        ProofClass.Readable => "readable",
        ProofClass.Blind => "blind",
        _ => throw new ArgumentOutOfRangeException(nameof(proof), proof, null),
    };

    /// <summary>Whether the same request may be sent again while its outcome is unknown, <paramref name="sinceFirst"/> after its first try.</summary>
    /// <param name="window">How long a <see cref="ProofClass.Windowed"/> system remembers a key.</param>
    public static bool MayRepeatUnknown(this ProofClass proof, TimeSpan sinceFirst, TimeSpan window) =>
        proof == ProofClass.Unique || (proof == ProofClass.Windowed && sinceFirst < window);

    /// <summary>Whether an export key can be looked up.</summary>
    public static bool CanReadBack(this ProofClass proof) => proof != ProofClass.Blind;
}
