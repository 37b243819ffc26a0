using PayOnce.Audit;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_secret_is_kept_replaced_and_listed_by_name_alone()
    {
        Assert.Null(await Store.FindSecretAsync(A.Org, "token", Cancel));
        await Store.SetSecretAsync(A.Org, "token", new byte[] { 1, 2, 3 }, "kari", Cancel);
        await Store.SetSecretAsync(A.Org, "client-secret", ReadOnlyMemory<byte>.Empty, "kari", Cancel);
        await Database.LetTimePassAsync();
        await Store.SetSecretAsync(A.Org, "token", new byte[] { 0, 255 }, "ola", Cancel);

        Assert.Equal(new byte[] { 0, 255 }, await SecretAsync("token"));
        Assert.Equal(Array.Empty<byte>(), await SecretAsync("client-secret"));
        var listed = await Store.ListSecretsAsync(A.Org, Cancel);
        Assert.Equal([("client-secret", "kari"), ("token", "ola")], listed.Select(secret => (secret.Name, secret.SetBy)));
        Assert.True(listed[1].SetAt > listed[0].SetAt);
    }

    [Fact]
    public async Task A_secret_of_one_organisation_is_none_of_anothers()
    {
        await Store.SetSecretAsync(A.Org, "token", new byte[] { 1 }, "kari", Cancel);
        await Store.SetSecretAsync(A.OtherOrg, "token", new byte[] { 2 }, "EVE", Cancel);

        Assert.Equal(new byte[] { 1 }, await SecretAsync("token"));
        Assert.Equal("kari", Assert.Single(await Store.ListSecretsAsync(A.Org, Cancel)).SetBy);
    }

    [Fact]
    public async Task The_trail_tells_whose_secret_was_set_and_not_what_it_is()
    {
        await Store.SetSecretAsync(A.Org, "token", new byte[] { 1, 2, 3 }, "kari", Cancel);

        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];

        Assert.Equal((AuditActions.SecretSet, "kari", """{"name":"token"}"""), (told.Action, told.Actor, told.Details));
    }

    private async Task<byte[]?> SecretAsync(string name) => (await Store.FindSecretAsync(A.Org, name, Cancel))?.ToArray();
}
