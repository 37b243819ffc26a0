using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters;

/// <summary>What holds for the <c>api</c> settings of every exporter: each has what it needs, and nothing that only another would obey.</summary>
internal static class ApiCheck
{
    public static IEnumerable<Problem> Run(string exporter, ApiSettings api)
    {
        if (exporter == "generic")
        {
            if (api.Endpoint is null) yield return new Problem("is missing: there is no address that PayOnce could know") { Field = "api.endpoint" };
            if (api.ProofClass == ProofClass.Windowed && api.Window is null) yield return new Problem("is missing: say for how long the endpoint remembers a key") { Field = "api.windowSeconds" };
            if (api.ProofClass != ProofClass.Windowed && api.Window is { } window)
                yield return new Problem("has a meaning only with proofClass \"windowed\"") { Field = "api.windowSeconds", Value = ApiWords.Seconds(window) };
        }
        else
        {
            if (api.ProofClass is { } proof) yield return new Problem($"cannot be chosen: what {exporter} proves is known") { Field = "api.proofClass", Value = proof.Text() };
            if (api.Window is { } window) yield return new Problem("belongs to generic; here it has no use") { Field = "api.windowSeconds", Value = ApiWords.Seconds(window) };
        }
        if (exporter == "dynamics" && api.Dynamics is null) yield return new Problem("is missing: tenant, environment, company and clientId stand there") { Field = "api.dynamics" };
        if (exporter != "dynamics" && api.Dynamics is not null) yield return new Problem("belongs to dynamics; here it has no use") { Field = "api.dynamics" };
        if (exporter != "xledger" && api.Xledger is not null) yield return new Problem("belongs to xledger; here it has no use") { Field = "api.xledger" };
        // Absence proves nothing to a system that cannot be asked.
        if (api.ProofClass == ProofClass.Blind && api.AutomaticRelease) yield return new Problem("has no use with proofClass \"blind\": nothing can be read back there") { Field = "api.automaticRelease", Value = "true" };
    }
}
