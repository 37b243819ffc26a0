using System.Text;
using PayOnce.Claims;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Xledger;

namespace PayOnce.Tests.Exporters.Xledger;

/// <summary>Answers of any shape: only what proves something is believed, and nothing that came back ends in an exception.</summary>
public sealed class XledgerAnswerTests
{
    private static readonly Claim One = XledgerScene.Claim("A-1", 100);
    private static readonly string Key = XledgerScene.Key(One);
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);

    private static readonly string Good = """{"data":{"m1":{"edges":[{"clientId":"KEY-2","node":{"dbId":12}},{"clientId":"KEY-1","node":{"dbId":11}}]}}}""".Replace("KEY", Key, StringComparison.Ordinal);

    [Fact]
    public void Lines_are_matched_by_client_id_whatever_their_order()
    {
        var accepted = Assert.IsType<ClaimAnswer.Accepted>(Only(Read(Good)));
        Assert.Equal("11", accepted.Acknowledgement);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":{"m1":null}}""")]
    [InlineData("""{"data":{"m1":{"edges":null}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[]}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[null,1,"x",{"clientId":3},{"clientId":"KEY-1","node":7}]}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[{"clientId":"KEY-1","node":{"dbId":11}}]}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[{"clientId":"KEY-1","node":{"dbId":11}},{"clientId":"KEY-1","node":{"dbId":13}},{"clientId":"KEY-2","node":{"dbId":12}}]}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[{"clientId":"KEY-1","node":{"dbId":null}},{"clientId":"KEY-2","node":{"dbId":{}}}]}}}""")]
    [InlineData("""{"data":{"m2":{"edges":[{"clientId":"KEY-1","node":{"dbId":11}},{"clientId":"KEY-2","node":{"dbId":12}}]}}}""")]
    [InlineData("""{"data":{"m1":{"edges":[]},"m1":{"edges":[]}}}""")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"errors":{}}""")]
    [InlineData("""{"errors":[{"message":7}]}""")]
    [InlineData("""{"errors":["x"]}""")]
    [InlineData("""{"errors":[{"message":"Internal error"}]}""")]
    [InlineData("""{"errors":[{"message":"Your query timed out"}]}""")]
    [InlineData("""{"errors":[{"message":"Argument: your query timed out","extensions":{"code":"INVALID_VALUE"}}]}""")]
    [InlineData("""{"errors":[{"message":"wrong","extensions":{"code":"INVALID_VALUE"}},{"message":"Internal error"}]}""")]
    [InlineData("""{"errors":[{"message":"slow down","code":"BAD_REQUEST.BURST_RATE_LIMIT_REACHED"},{"message":"Internal error"}]}""")]
    [InlineData("""{"errors":[{"message":"A line with this invoice number exists already","extensions":{"code":"DUPLICATE"}}]}""")]
    [InlineData("""{"errors":[{"message":"\ud800","extensions":{"code":"INVALID_VALUE"}}]}""")]
    public void What_proves_nothing_is_unknown(string body)
    {
        var answer = Read(body.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.True(answer is SendAnswer.Unknown || Only(answer) is ClaimAnswer.Unknown, answer.ToString());
    }

    [Theory]
    [InlineData("""{"errors":[{"message":"wrong","extensions":{"code":"INVALID_VALUE"}}]}""")]
    [InlineData("""{"data":null,"errors":[{"message":"wrong","extensions":{"code":"ARGUMENTS_OF_CORRECT_TYPE"}}]}""")]
    [InlineData("""{"data":{"m1":null},"errors":[{"message":"Cannot query field \"x\" on type \"Y\"."}]}""")]
    [InlineData("""{"errors":[{"message":"Bad format for api token"}]}""")]
    public void A_documented_refusal_without_data_refuses_the_whole_request(string body) => Assert.IsType<SendAnswer.Refused>(Read(body));

    [Theory]
    [InlineData("""{"message":"Argument 'inputs[1].node.account': none","extensions":{"code":"INVALID_VALUE"}}""")]
    [InlineData("""{"message":"Variable '$m1[1].node.amount' is invalid.","extensions":{"code":"INVALID_VALUE"}}""")]
    [InlineData("""{"message":"none","path":["m1","inputs",1,"node"],"extensions":{"code":"INVALID_VALUE"}}""")]
    [InlineData("""{"message":"KEY-2 is wrong","extensions":{"code":"INVALID_VALUE"}}""")]
    public void An_error_that_names_a_line_is_the_claims_own_reason(string error) =>
        Assert.DoesNotContain("another claim", Assert.IsType<ClaimAnswer.Refused>(Only(Read("{\"errors\":[" + error.Replace("KEY", Key, StringComparison.Ordinal) + "]}"))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "2026-03-02T07:10:00Z" """, 600)]
    [InlineData(""" "2026-03-02T08:10:00+01:00" """, 600)]
    [InlineData("1772435400", 600)]
    [InlineData(""" "2026-03-02T06:00:00Z" """, 1)]
    [InlineData(""" "soon" """, 1_200)]
    [InlineData("null", 1_200)]
    [InlineData(""" "2099-01-01T00:00:00Z" """, 86_400)]
    public void Credits_wait_until_they_come_back_or_as_long_as_xledgers_own_sample(string resetAt, int seconds)
    {
        var answer = Read("""{"errors":[{"message":"no credits","code":"BAD_REQUEST.INSUFFICIENT_CREDITS","extensions":{"resetAt":RESET}}]}""".Replace("RESET", resetAt, StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<SendAnswer.NotProcessed>(answer).After);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(413)]
    public void A_status_without_xledgers_own_words_proves_nothing(int status)
    {
        Assert.IsType<SendAnswer.Unknown>(Read(new WireAnswer(WireClass.Refused, status, default, null, "no")));
        Assert.IsType<SendAnswer.Refused>(Read(new WireAnswer(WireClass.Refused, status, """{"errors":[{"message":"wrong","extensions":{"code":"INVALID_VALUE"}}]}"""u8.ToArray(), null, "no")));
    }

    [Fact]
    public void An_accepted_claim_survives_no_change_to_its_lines_ids()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var wrong in new byte[] { (byte)'x', (byte)'"', (byte)'{', 0, 0xFF })
            {
                var changed = bytes.ToArray();
                changed[i] = wrong;
                var answer = Read(new WireAnswer(WireClass.Answered, 200, changed, null, null));
                // Only an id can be another and still be one.
                if (answer is SendAnswer.Answered { Claims: [ClaimAnswer.Accepted accepted] } && accepted.Acknowledgement != "11") Assert.Fail(Encoding.UTF8.GetString(changed));
            }
            Read(new WireAnswer(WireClass.Answered, 200, bytes.AsMemory(0, i), null, null));
        }
    }

    private static ClaimAnswer Only(SendAnswer answer) => Assert.Single(Assert.IsType<SendAnswer.Answered>(answer).Claims);

    private static SendAnswer Read(string body) => Read(new WireAnswer(WireClass.Answered, 200, Encoding.UTF8.GetBytes(body), null, null));

    private static SendAnswer Read(WireAnswer wire)
    {
        var request = Encoding.UTF8.GetBytes("""{"variables":{"m1":[{"clientId":"KEY-1","node":{}},{"clientId":"KEY-2","node":{}}]},"query":""}""".Replace("KEY", Key, StringComparison.Ordinal));
        return new ImportAnswer(ImportNodes.Read(request), [XledgerScene.Expected(One)], text => text, Now).Read(wire);
    }
}
