using PayOnce.Access;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    /// <summary>Both organisations have the same claim ids and run ids; what is the other's carries EVE in its texts and SEK in its amounts.</summary>
    [Fact]
    public async Task No_answer_shows_another_organisations_rows()
    {
        await LeadALifeAsync(A.Org, "kari", "NOK");
        var alone = await AnswersAsync(A.Org);
        await LeadALifeAsync(A.OtherOrg, "EVE", "SEK");
        var others = await AnswersAsync(A.OtherOrg);

        foreach (var (question, answer) in await AnswersAsync(A.Org))
        {
            Assert.Equal((question, alone[question]), (question, answer));
            Assert.False(answer.Contains("EVE", StringComparison.Ordinal) || answer.Contains("SEK", StringComparison.Ordinal), question);
            // These say the same of both, as both led the same life.
            if (question is not ("CountDueDocumentsAsync" or "FindHeldAsync" or "CountWaitingAsync" or "CountTakenForRequestAsync" or "ListRunDuplicatesAsync" or "ListRunRejectionsAsync" or "ListWaitingClaimantsAsync")) Assert.NotEqual((question, others[question]), (question, answer));
        }
    }

    [Fact]
    public async Task An_organisation_without_rows_gets_none()
    {
        var alone = await AnswersAsync(A.OtherOrg);
        await LeadALifeAsync(A.Org, "kari", "NOK");
        foreach (var (question, answer) in await AnswersAsync(A.OtherOrg)) Assert.Equal((question, alone[question]), (question, answer));
    }

    /// <summary>Every question that is asked of one organisation, with its answer.</summary>
    private async Task<Dictionary<string, string>> AnswersAsync(string organisationId)
    {
        var answers = new Dictionary<string, string>();
        foreach (var (name, ask) in Questions)
        {
            if (name is not ("ListOrganisationsAsync" or "CheckAsync")) answers[name] = Dump.Of(await ask(this, organisationId, 2, "A-2"));
        }
        return answers;
    }

    [Fact]
    public async Task What_one_organisation_does_changes_nothing_in_another()
    {
        await LeadALifeAsync(A.OtherOrg, "EVE", "SEK");
        var before = await DumpAsync(A.OtherOrg);
        await LeadALifeAsync(A.Org, "kari", "NOK");
        await AssertUnchangedAsync(before, A.OtherOrg);
    }

    [Fact]
    public async Task The_settings_by_which_claims_last_left_and_all_later_ones_are_told()
    {
        Assert.Empty(await Store.ListIntegrationsInUseAsync(A.Org, DateTimeOffset.UnixEpoch, Cancel));
        foreach (var exporter in new[] { "generic", "xledger", "dynamics" }) await Store.SaveIntegrationAsync(A.Org, $$"""{"exporter":"{{exporter}}"}""", "kari", Cancel);
        await TakeInAsync(A.Record("A-1"));
        var sent = await TestRun.TakeAsync(Store, A.LeaseRequest() with { IntegrationVersion = 2 });
        await sent.ReserveAllAsync();
        await sent.ConfirmAsync();
        await sent.FinishAsync();
        var restored = await TestRun.TakeAsync(Store, A.LeaseRequest() with { IntegrationVersion = 3 });
        await restored.FinishAsync();
        await Database.LetTimePassAsync();
        await Store.BeginRestoreAsync(A.Org, "Tuesday's backup", "kari", Cancel);
        var since = (await Store.FindRestoreModeAsync(A.Org, Cancel))!.Since;

        // The later run reserved nothing: where its settings lead, nothing went by it.
        Assert.Equal([2, 3], (await Store.ListIntegrationsInUseAsync(A.Org, since, Cancel)).Select(stored => stored.Version));
        Assert.Equal([1, 2, 3], (await Store.ListIntegrationsInUseAsync(A.Org, DateTimeOffset.UnixEpoch, Cancel)).Select(stored => stored.Version));
        Assert.Empty(await Store.ListIntegrationsInUseAsync(A.OtherOrg, since, Cancel));
    }

    [Fact]
    public async Task Every_version_of_the_settings_is_kept_with_who_and_when()
    {
        const string first = """{"exporter":"generic"}""", second = """{"exporter":"xledger"}""";
        Assert.Empty(await Store.ListIntegrationVersionsAsync(A.Org, before: null, 10, Cancel));
        foreach (var (settings, actor) in new[] { (first, "kari"), (second, "ola"), (first, "per") }) await Store.SaveIntegrationAsync(A.Org, settings, actor, Cancel);

        var versions = await Store.ListIntegrationVersionsAsync(A.Org, before: null, 10, Cancel);
        Assert.Equal([(3, "per"), (2, "ola"), (1, "kari")], versions.Select(each => (each.Version, each.Actor)));
        Assert.Equal(versions.Skip(1).Take(1), await Store.ListIntegrationVersionsAsync(A.Org, before: 3, 1, Cancel));
        Assert.Equal(new KeptIntegration(versions[1], second), await Store.FindIntegrationVersionAsync(A.Org, 2, Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Where(each => each.Action == AuditActions.IntegrationChanged).Select(each => each.At);
        Assert.Equal(told, versions.Reverse().Select(each => each.At));

        Assert.Null(await Store.FindIntegrationVersionAsync(A.Org, 4, Cancel));
        Assert.Null(await Store.FindIntegrationVersionAsync(A.OtherOrg, 1, Cancel));
        Assert.Empty(await Store.ListIntegrationVersionsAsync(A.OtherOrg, before: null, 10, Cancel));
    }

    [Fact]
    public async Task Two_people_do_not_overwrite_each_others_settings_unseen()
    {
        const string first = """{"exporter":"generic"}""", second = """{"exporter":"xledger"}""", third = """{"exporter":"dynamics"}""";
        Assert.Equal(1, Assert.IsType<SaveAnswer.Saved>(await Store.SaveIntegrationAsync(A.Org, first, knownVersion: 0, "kari", Cancel)).Version);
        Assert.Equal(1, Assert.IsType<SaveAnswer.Changed>(await Store.SaveIntegrationAsync(A.Org, second, knownVersion: 0, "ola", Cancel)).Version);
        Assert.Equal(2, Assert.IsType<SaveAnswer.Saved>(await Store.SaveIntegrationAsync(A.Org, second, knownVersion: 1, "ola", Cancel)).Version);
        // Sent again after its answer was lost: what it asked for stands.
        Assert.Equal(2, Assert.IsType<SaveAnswer.Saved>(await Store.SaveIntegrationAsync(A.Org, second, knownVersion: 1, "ola", Cancel)).Version);
        Assert.Equal(2, Assert.IsType<SaveAnswer.Changed>(await Store.SaveIntegrationAsync(A.Org, third, knownVersion: 1, "kari", Cancel)).Version);
        Assert.Equal(0, Assert.IsType<SaveAnswer.Changed>(await Store.SaveIntegrationAsync(A.OtherOrg, third, knownVersion: 2, "kari", Cancel)).Version);

        Assert.Equal(new StoredIntegration(2, second), await Store.FindIntegrationAsync(A.Org, Cancel));
        Assert.Equal(["kari", "ola"], (await AssertChainIsWholeAsync(Store, A.Org)).Where(told => told.Action == AuditActions.IntegrationChanged).Select(told => told.Actor));
    }

    [Fact]
    public async Task Decisions_do_not_reach_another_organisations_runs_and_claims()
    {
        var run = await LeaveInDoubtAsync(A.Record("DOUBT"));
        var exported = await ExportAsync(A.Record("A-1"));
        var (before, others) = (await DumpAsync(), await DumpAsync(A.OtherOrg));

        Assert.IsType<RollBackAnswer.NoSuchRun>(await Store.RollBackAsync(A.OtherOrg, exported.RunId, "mine", "EVE", Cancel));
        Assert.Null(await Store.RecordImportAsync(A.OtherOrg, exported.RunId, "V-1", "EVE", Cancel));
        Assert.Null(await Store.RecordImportAsync(A.OtherOrg, run.RunId, "V-1", "EVE", Cancel));
        Assert.Null(await Store.DecideAsync(A.OtherOrg, "DOUBT", MarkState.Released, "mine", "EVE", Cancel));
        Assert.IsType<ReExportAnswer.NoSuchClaim>(await Store.RequestReExportAsync(A.OtherOrg, "A-1", "mine", "EVE", Cancel));
        await Record.ExceptionAsync(() => Store.NoteFetchedAsync(A.OtherOrg, exported.RunId, "EVE", Cancel));

        await AssertUnchangedAsync(before);
        await AssertUnchangedAsync(others, A.OtherOrg);
    }

    /// <summary>Run 1 exported and was rolled back in part, run 2 is in doubt with a rejection and duplicates, run 3 recovered it, run 4 is going.</summary>
    private async Task LeadALifeAsync(string organisationId, string actor, string currency)
    {
        LeaseRequest Request(string holder) => A.LeaseRequest(organisationId, holder: holder) with { Actor = actor };
        ClaimRecord Claim(string claimId) => A.Record(claimId, 5_000, A.Day(currency == "NOK" ? 5 : 6), currency, organisationId: organisationId);
        async Task TakeIn(params string[] ids) => await Store.TakeInAsync(organisationId, [.. ids.Select(Claim)], $"{actor}.json", actor, Cancel);

        await Store.SaveIntegrationAsync(organisationId, $$"""{"exporter":"{{actor}}"}""", actor, Cancel);
        await TakeIn("A-1");
        var first = await TestRun.TakeAsync(Store, Request(actor));
        await first.CountAsync();
        await first.ReserveAllAsync();
        await first.ConfirmAsync();
        await first.FinishAsync();
        await TakeIn("A-2", "BAD-1");
        var second = await TestRun.TakeAsync(Store, Request(actor));
        await second.CountAsync();
        await second.ReserveAllAsync();
        await second.StartAsync($"/{actor}");
        var third = await TestRun.TakeOverAsync(Store, Request(actor));
        await Store.RecoverAsync(third.Lease, Cancel);
        await third.FinishAsync();
        await Store.AdoptAsync(new AdoptRequest(organisationId, [new AdoptedClaim("OLD-1", actor)], actor, actor, actor, actor), Cancel);
        await Store.RequestReExportAsync(organisationId, "A-1", actor, actor, Cancel);
        await TestRun.TakeAsync(Store, Request(actor));
        await TakeIn("A-3");
        await Store.SetSecretAsync(organisationId, "token", System.Text.Encoding.UTF8.GetBytes(actor), actor, Cancel);
        await Privacy.BeginErasureAsync(organisationId, new PayOnce.Privacy.NewErasure(A.Day(1), actor, actor, new byte[PayOnce.Privacy.NewErasure.SaltBytes]), Cancel);
        await Store.BeginRestoreAsync(organisationId, actor, actor, Cancel);
        // One user of both, whose role here is none of the other's; each has a member of its own.
        await Access.AddUserAsync(A.NewUser("both"), isOperator: false, Cancel);
        await Access.AddUserAsync(A.NewUser(actor), isOperator: false, Cancel);
        await Access.SetMembershipAsync(new Membership(organisationId, "both", currency == "NOK" ? Role.Coordinator : Role.Auditor, actor), actor, Cancel);
        await Access.SetMembershipAsync(new Membership(organisationId, actor, Role.Administrator, null), actor, Cancel);
        await Access.InviteAsync(organisationId, A.Invitation(userId: actor, secret: actor), actor, Cancel);
        await Access.AddTokenAsync(organisationId, A.NewToken(name: actor, secret: actor), actor, Cancel);
        await Access.SaveSignInProviderAsync(organisationId, A.Provider(clientId: actor), 0, actor, Cancel);
        await Access.LinkIdentityAsync(organisationId, A.Provider().Issuer, "s-1", actor, actor, Cancel);
        await LeadALifeOfFormsAsync(organisationId, actor);
    }

    private async Task LeadALifeOfFormsAsync(string organisationId, string actor)
    {
        var driver = new FormPerson($"driver of {actor}", "D-1", actor);
        var rates = RateTable.Of(FormScene.Rates.Rates.Append(new DatedRate(RateKind.PerDiemLong, new DateOnly(2026, 2, 1), actor.Length)), passengersEach: true);
        await Forms.SaveSettingAsync(organisationId, SettingTopics.Rates, rates.ToJson(), 0, actor, Cancel);
        await Forms.SaveSettingAsync(organisationId, SettingTopics.Declaration, new DeclarationTemplate("nb", actor).ToJson(), 0, actor, Cancel);
        await Forms.AcknowledgeAsync(organisationId, new NewAcknowledgement(1, "D-1", driver.UserId, actor, actor), actor, Cancel);
        await Forms.AddFormAsync(organisationId, new NewForm(FormScene.FormId, FormKind.DriverHonorarium, FormScene.Drive with { Reference = actor }), driver, Cancel);
        await Forms.AddReceiptAsync(organisationId, FormScene.FormId, 1, new NewReceipt(actor, ReceiptType.Png, System.Text.Encoding.UTF8.GetBytes(actor)), driver, Cancel);
        var form = FormScene.Done(await Forms.ChangeFormAsync(organisationId, FormScene.FormId, 2, FormChange.Submit.Instance, driver, Cancel));
        var claim = new FormScene(Forms, organisationId).Record(form);
        FormScene.Done(await Forms.ApproveFormAsync(organisationId, new FormApproval(form.FormId, form.Revision, 1, claim), new FormPerson("coordinator", null, actor), Cancel));
    }
}
