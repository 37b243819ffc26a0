using System.Net.Sockets;
using Npgsql;

namespace PayOnce.Stores.Postgres;

/// <summary>What went wrong at the server, in words for people. Neither the password nor the connection string appears in them.</summary>
internal static class PostgresFaults
{
    /// <summary>The fault as <see cref="StoreUnavailableException"/> if it lies outside the program; null if it is a bug, which is thrown as it is.</summary>
    public static StoreUnavailableException? Unavailable(NpgsqlException fault, NpgsqlConnectionStringBuilder target)
    {
        var server = Server(target);
        var why = fault is PostgresException answer ? Refusal(answer, target, server) : Unreachable(fault, server);
        return why is null ? null : new StoreUnavailableException(why, fault);
    }

    public static StoreUnavailableException TooOld(string version, NpgsqlConnectionStringBuilder target) =>
        new($"{Server(target)} is version {version}; PayOnce needs PostgreSQL 15 or later.");

    public static StoreUnavailableException ReadOnly(NpgsqlConnectionStringBuilder target) =>
        new($"{Server(target)} is a read-only standby; give the address of the primary.");

    public static StoreUnavailableException TooNew(int found, int known, NpgsqlConnectionStringBuilder target) =>
        new($"The database \"{target.Database}\" has schema number {found}, and this program knows {known}: a newer PayOnce was here. Use that version.");

    /// <summary>True if the connection is gone or the server is going: what was asked may or may not have happened.</summary>
    public static bool BreaksConnection(NpgsqlException fault) => fault switch
    {
        // An ERROR ends the transaction and leaves the connection; FATAL and PANIC end the connection, whatever the reason.
        PostgresException answer => answer.InvariantSeverity is not "ERROR" || answer.SqlState.StartsWith("08", StringComparison.Ordinal),
        _ => true,
    };

    /// <summary>True if the server undid the transaction only because of others at work at the same time.</summary>
    public static bool IsCollision(NpgsqlException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    private static string? Refusal(PostgresException answer, NpgsqlConnectionStringBuilder target, string server) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{server} does not let the user \"{target.Username}\" in ({answer.MessageText}). Check the user, the password and pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"{server} has no database \"{target.Database}\". Create it, or check the name.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"{server} takes no writes: it is a read-only standby, or was set to read only. Give the address of the primary.",
        PostgresErrorCodes.DiskFull => $"{server} has no room left on its disk.",
        PostgresErrorCodes.OutOfMemory => $"{server} is out of memory.",
        PostgresErrorCodes.TooManyConnections => $"{server} has no connection free.",
        PostgresErrorCodes.LockNotAvailable => $"{server}: rows of this organisation stay locked by another connection. Try again; if it lasts, look at pg_stat_activity.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{server} refuses the user \"{target.Username}\": {answer.MessageText}. A login other than the one that made the schema needs: grant payonce_app to \"{target.Username}\".",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InvalidParameterValue =>
            $"The database \"{target.Database}\" at {server} has no PayOnce schema, or only a part of it ({answer.MessageText}).",
        PostgresErrorCodes.CannotConnectNow => $"{server} is starting or stopping ({answer.MessageText}).",
        _ when answer.InvariantSeverity is not "ERROR" || answer.SqlState[..2] is "08" or "53" or "57" or "58" => $"{server} broke off: {answer.MessageText} ({answer.SqlState}).",
        _ => null,
    };

    private static string Unreachable(NpgsqlException fault, string server) => fault.GetBaseException() switch
    {
        SocketException socket => $"{server} cannot be reached: {socket.Message}. Check the address and that the server is running.",
        TimeoutException => $"{server} did not answer in time.",
        _ => $"The connection to {server} failed: {fault.Message}.",
    };

    private static string Server(NpgsqlConnectionStringBuilder target) =>
        target.Host is { } host && (host.Contains(',', StringComparison.Ordinal) || host.StartsWith('/'))
            ? $"PostgreSQL at {host}"
            : FormattableString.Invariant($"PostgreSQL at {target.Host}:{target.Port}");
}
