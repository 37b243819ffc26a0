using Npgsql;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>
    /// Has the server look at tables that it knows nothing of or that have grown (function <c>payonce.analyse</c>). Comes after a
    /// step's commit and only saves time: neither its failure nor a cancellation may turn the step's answer into an error.
    /// </summary>
    private async Task AnalyseAsync(string organisationId)
    {
        try
        {
            await AskAsync(organisationId, reader => reader.FirstAsync(row => row.GetInt32(0), CancellationToken.None), CancellationToken.None, Sql.Of("select payonce.analyse()"));
        }
        catch (Exception fault) when (fault is NpgsqlException or StoreUnavailableException)
        {
        }
    }
}
