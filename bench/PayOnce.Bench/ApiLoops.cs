using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace PayOnce.Bench;

/// <summary>
/// What a team would write without a guard: four workers, each of which selects a page of claims, posts it and notes the answers. It
/// keeps no bytes, no attempts and no trail, fences nobody off, and after a crash knows nothing of what was under way.
/// </summary>
public static class ApiLoops
{
    public const int Workers = 4;

    public const int ClaimsPerRequest = 100;

    /// <summary>The same content as our claims, rendered beforehand, in a table of the loop's own.</summary>
    public const string Prepare = """
        create schema if not exists loops;
        drop table if exists loops.claims, loops.done;
        create table loops.claims (number bigint primary key, claim_id text not null unique, export_key text not null, body text not null, acknowledgement text);
        create table loops.done (claim_id text primary key, acknowledgement text not null);
        insert into loops.claims (number, claim_id, export_key, body)
        select row_number() over (order by approved_at, claim_id) - 1, claim_id, export_key,
               -- Without blanks behind the names, as our own requests have them.
               replace(json_build_object('claimId', claim_id, 'exportKey', export_key, 'generation', 0, 'claimant', json_build_object('id', claimant_id, 'name', claimant_name), 'type', type,
                                 'currency', currency, 'totalMinor', total_minor, 'approvedAt', approved_at, 'approvedBy', approved_by, 'lines', lines::json)::text, '" : ', '":')
        from payonce.claims where organisation_id = 'bench';
        analyze loops.claims;
        """;

    public const string Reset = "update loops.claims set acknowledgement = null where acknowledgement is not null; truncate loops.done; vacuum loops.claims;";

    /// <summary>The ordinary loop: the claim's own row takes the acknowledgement.</summary>
    public static Task OrdinaryAsync(string connection, Uri endpoint, int claims, CancellationToken cancel) => RunAsync(connection, endpoint, claims,
        "update loops.claims c set acknowledgement = a.acknowledgement from unnest($1::text[], $2::text[]) a (claim_id, acknowledgement) where c.claim_id = a.claim_id", cancel);

    /// <summary>The leanest loop there can be: a row in a narrow table.</summary>
    public static Task LeanestAsync(string connection, Uri endpoint, int claims, CancellationToken cancel) => RunAsync(connection, endpoint, claims,
        "insert into loops.done (claim_id, acknowledgement) select * from unnest($1::text[], $2::text[])", cancel);

    private static async Task RunAsync(string connection, Uri endpoint, int claims, string note, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        var page = -1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            for (var mine = Interlocked.Increment(ref page); mine * ClaimsPerRequest < claims; mine = Interlocked.Increment(ref page))
                await PostAsync(source, http, endpoint, mine * ClaimsPerRequest, note, cancel);
        }));
    }

    private static async Task PostAsync(NpgsqlDataSource source, HttpMessageInvoker http, Uri endpoint, int first, string note, CancellationToken cancel)
    {
        var claims = new Dictionary<string, string>(ClaimsPerRequest, StringComparer.Ordinal);
        var body = new StringBuilder("{\"organisation\":\"bench\",\"claims\":[");
        await using (var select = source.CreateCommand("select claim_id, export_key, body from loops.claims where number >= $1 and number < $2 order by number"))
        {
            select.Parameters.AddWithValue((long)first);
            select.Parameters.AddWithValue((long)first + ClaimsPerRequest);
            await using var reader = await select.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                if (claims.Count > 0) body.Append(',');
                claims.Add(reader.GetString(1), reader.GetString(0));
                body.Append(reader.GetString(2));
            }
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "batches")) { Content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox-token");
        using var response = await http.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        List<string> ids = [], references = [];
        foreach (var result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            ids.Add(claims[result.GetProperty("exportKey").GetString()!]);
            references.Add(result.GetProperty("reference").GetString()!);
        }
        await using var keep = source.CreateCommand(note);
        keep.Parameters.AddWithValue(ids.ToArray());
        keep.Parameters.AddWithValue(references.ToArray());
        if (await keep.ExecuteNonQueryAsync(cancel) != claims.Count) throw new InvalidOperationException("The loop lost a claim.");
    }
}
