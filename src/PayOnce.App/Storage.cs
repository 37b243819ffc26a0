using PayOnce.App.Host;

namespace PayOnce.App;

/// <summary>Where the organisations' data is.</summary>
internal abstract record Storage
{
    /// <summary>The environment variable that names a PostgreSQL database.</summary>
    public const string Variable = "PAYONCE_POSTGRES";

    /// <summary>The folder used when nothing was said.</summary>
    public const string DefaultFolder = "payonce-data";

    private Storage() { }

    /// <summary>SQLite in one file of a folder; saved files lie beside it.</summary>
    public sealed record Embedded(string Folder) : Storage
    {
        public string Database => Path.Combine(Folder, "payonce.db");

        public string Files(string organisationId) => Path.Combine(Folder, "files", organisationId);

        public override string ToString() => Folder;
    }

    /// <summary>A PostgreSQL database. The connection string may hold a password: it is never printed.</summary>
    public sealed record Postgres(string Connection) : Storage
    {
        public override string ToString() => "the PostgreSQL database";
    }

    /// <summary>What the options say, then the environment, then the default; null if both options were given.</summary>
    public static Storage? Choose(string? data, string? postgres, Surroundings surroundings) => (data, postgres, surroundings.Variable(Variable)) switch
    {
        (not null, not null, _) => null,
        (null, { } connection, _) => new Postgres(connection),
        ({ } folder, null, _) => new Embedded(surroundings.Absolute(folder)),
        (null, null, { Length: > 0 } connection) => new Postgres(connection),
        _ => new Embedded(surroundings.Absolute(DefaultFolder)),
    };
}
