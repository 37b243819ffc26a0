using System.Net.Sockets;
using Npgsql;

namespace PayOnce.Sources.Postgres;

/// <summary>The organisation's own database could not do something; the message is a sentence for its administrators.</summary>
internal sealed class SourceFaultException(string sentence, Exception inner) : Exception(sentence, inner);

/// <summary>What the organisation's own database could not do, in a sentence for its administrators. A server's message is told; an address or a password never is.</summary>
internal static class SourceFaults
{
    /// <summary>True for what the other side may do at any time; anything else is a bug here.</summary>
    public static bool IsTheirs(Exception fault) => fault is NpgsqlException or TimeoutException or SocketException or IOException;

    public static string Sentence(Exception fault, SourceSettings settings) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            FormattableString.Invariant($"A query took longer than {settings.StatementSeconds} seconds. An index on (approved_at, claim_id) and one on withdrawn_at behind {settings.View} make it quick."),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => "The database does not let the user in.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "There is no database of this name.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"The user may not do this: {Problem.Printable(refused.MessageText)}.",
        PostgresException other => $"The database says: {Problem.Printable(other.MessageText)} ({other.SqlState}).",
        { InnerException: TimeoutException } or TimeoutException => "The database does not answer.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "Nobody takes connections at the database's address.",
        { InnerException: System.Security.Authentication.AuthenticationException } => "The encrypted connection could not be made: its certificate is not trusted, or is another host's.",
        _ => "The connection to the database could not be made, or broke.",
    };
}
