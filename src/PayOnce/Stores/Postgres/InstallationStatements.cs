using Npgsql;

namespace PayOnce.Stores.Postgres;

/// <summary>How a transaction reaches the tables that belong to the installation and to no organisation, and what it locks there.</summary>
internal static class InstallationStatements
{
    /// <summary>A transaction for this, which is no valid id of an organisation, reaches the installation's tables (policy <c>installation</c>).</summary>
    public const string Installation = "*installation";

    /// <summary>Any number, as long as every PayOnce uses it.</summary>
    private const long Lock = 0x7061_794f_6e63_66;

    /// <summary>
    /// The time, once nobody holds the lock alone. Whoever writes in the installation's tables shares it until its transaction ends;
    /// behind a transaction pooler that holds, as the lock is the transaction's and not the session's.
    /// </summary>
    public static NpgsqlBatchCommand Share() => Sql.Of($"select clock_timestamp() from pg_advisory_xact_lock_shared({Lock})");

    /// <summary>The time, once nobody else writes in the installation's tables: for what depends on rows that are not there, and to find out what became of a commit.</summary>
    public static NpgsqlBatchCommand Alone() => Sql.Of($"select clock_timestamp() from pg_advisory_xact_lock({Lock})");

    public static NpgsqlBatchCommand Become(string organisationId) => Sql.Of("select set_config('payonce.organisation', $1, true)", organisationId);

    /// <summary>From here on the transaction also sees what this user belongs to, whatever organisation that is.</summary>
    public static NpgsqlBatchCommand Of(string userId) => Sql.Of("select set_config('payonce.user', $1, true)", userId);
}
