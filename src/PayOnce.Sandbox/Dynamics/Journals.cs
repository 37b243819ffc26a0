using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// General journal batches and their lines. A batch's code, and a line's number within a batch, are primary keys and refuse a second
/// of the same; nothing else is refused twice. Posting takes every line of the batch, keeps no trace of its external document
/// numbers that the API would show, and leaves an empty line behind.
/// </summary>
internal static class Journals
{
    public const string StandardTemplate = "GENERAL";

    public static JournalBatch Create(BcSession session, JsonElement body)
    {
        var journal = new JournalBatch(session.NewId(), "", "", StandardTemplate, session.Next(), session.Now);
        new BodyReader("journal", new Dictionary<string, BodyReader.Field>
        {
            ["id"] = BodyReader.ReadOnly,
            ["balancingAccountNumber"] = BodyReader.ReadOnly,
            ["lastModifiedDateTime"] = BodyReader.ReadOnly,
            ["code"] = BodyReader.Code(10, code => journal = journal with { Code = code }),
            ["displayName"] = BodyReader.Text(100, name => journal = journal with { DisplayName = name }),
            ["templateDisplayName"] = BodyReader.Code(10, template => journal = template == StandardTemplate ? journal : throw BcRefusal.Dialog("The template does not exist.")),
            ["journalLines"] = BodyReader.Children(line => journal = journal with { Lines = Add(session, journal, line) }),
        }).Apply(body);
        if (journal.Code.Length == 0) throw new BcRefusal(400, "Application_FieldValidationException", "Name must have a value in Gen. Journal Batch: Journal Template Name=GENERAL, Name=. It cannot be zero or empty.");
        if (session.Books.Journals.ContainsKey(journal.Code))
            throw SameKey(session, $"Gen. Journal Batch already exists. Identification fields and values: Journal Template Name='{StandardTemplate}',Name='{journal.Code}'");
        session.Books = session.Books.With(journal);
        return journal;
    }

    public static JournalBatch Change(BcSession session, Guid id, JsonElement body)
    {
        var journal = Get(session, id);
        new BodyReader("journal", new Dictionary<string, BodyReader.Field>
        {
            ["displayName"] = BodyReader.Text(100, name => journal = journal with { DisplayName = name }),
        }).Apply(body);
        session.Books = session.Books.With(journal with { Version = session.Next(), Modified = session.Now });
        return Get(session, id);
    }

    public static void Delete(BcSession session, Guid id) => session.Books = session.Books.Without(Get(session, id));

    public static JournalBatch Get(BcSession session, Guid id) =>
        session.Books.JournalCodes.TryGetValue(id, out var code) ? session.Books.Journals[code] : throw BcRefusal.NoRecord();

    public static JournalLine AddLine(BcSession session, Guid id, JsonElement body)
    {
        var journal = Get(session, id);
        var lines = Add(session, journal, body);
        session.Books = session.Books.With(journal with { Lines = lines });
        return lines.Values.Single(line => !journal.Lines.ContainsKey(line.Number));
    }

    public static JournalLine GetLine(JournalBatch journal, Guid id) => journal.Lines.Values.FirstOrDefault(line => line.Id == id) ?? throw BcRefusal.NoRecord();

    public static void Save(BcSession session, JournalBatch journal, JournalLine line) =>
        session.Books = session.Books.With(journal with { Lines = journal.Lines.SetItem(line.Number, line with { Version = session.Next() }) });

    public static void DeleteLine(BcSession session, JournalBatch journal, JournalLine line) =>
        session.Books = session.Books.With(journal with { Lines = journal.Lines.Remove(line.Number) });

    /// <summary>Lines that the API shows: account types up to bank account.</summary>
    public static IEnumerable<JournalLine> Shown(JournalBatch journal) => journal.Lines.Values.Where(line => Array.IndexOf(Caption.AccountTypes, line.AccountType) <= 3);

    public static void CheckPostable(BcSession session, Guid id)
    {
        if (!session.Books.JournalCodes.ContainsKey(id)) throw BcRefusal.Dialog($"The General Journal Batch with ID {id} cannot be found.");
        if (Get(session, id).Lines.Values.All(line => line.Amount == 0)) throw BcRefusal.Dialog("There is nothing to post.");
    }

    /// <summary>Posts every line there is, or refuses with nothing changed.</summary>
    public static void Post(BcSession session, Guid id)
    {
        CheckPostable(session, id);
        var journal = Get(session, id);
        var lines = journal.Lines.Values.Where(line => line.Amount != 0).ToList();
        foreach (var line in lines)
        {
            if (line.Account.Length == 0) throw BcRefusal.Dialog($"Account No. must have a value in Gen. Journal Line: Journal Template Name=GENERAL, Journal Batch Name={journal.Code}, Line No.={line.Number.ToString(CultureInfo.InvariantCulture)}. It cannot be zero or empty.");
            if (line.DocumentNumber.Length == 0) throw BcRefusal.Dialog("Document No. must have a value in Gen. Journal Line.");
            session.CheckPostingDate(line.PostingDate, $"Gen. Journal Line Journal Batch Name='{journal.Code}'");
        }
        foreach (var day in lines.GroupBy(line => line.PostingDate))
        {
            var rest = day.Sum(line => line.BalanceAccount.Length > 0 ? 0 : line.Amount);
            if (rest != 0) throw BcRefusal.Dialog(string.Create(CultureInfo.InvariantCulture, $"The lines in Gen. Journal Line are out of balance by {rest}. Please check that Posting Date and Amount are correct for each line."));
        }
        var transaction = session.Next();
        foreach (var line in lines)
        {
            Enter(session, transaction, line, line.AccountType == "G/L Account" ? line.Account : session.Options.PayablesAccount, line.Amount);
            if (line.BalanceAccount.Length > 0) Enter(session, transaction, line, line.BalanceAccount, -line.Amount);
        }
        Leave(session, journal, lines[^1].DocumentNumber);
    }

    /// <summary>What posting leaves: the empty line of a batch without a number series, or the next batch where names are counted up.</summary>
    private static void Leave(BcSession session, JournalBatch journal, string lastDocument)
    {
        var next = Increment(journal.Code);
        if (session.Options.IncrementBatchName && next.Length > 0)
        {
            session.Books = session.Books.Without(journal).With(new JournalBatch(session.NewId(), next, journal.DisplayName, journal.Template, session.Next(), session.Now));
            return;
        }
        var phantom = new JournalLine(session.NewId(), 10_000, session.Next(), session.Now) { DocumentNumber = Increment(lastDocument), PostingDate = session.Today };
        session.Books = session.Books.With(journal with { Lines = ImmutableSortedDictionary<int, JournalLine>.Empty.Add(phantom.Number, phantom), Version = session.Next(), Modified = session.Now });
    }

    /// <summary>AL's <c>IncStr</c>: the last number in the text counted up by one; nothing if it has none.</summary>
    public static string Increment(string text)
    {
        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1])) end--;
        var start = end;
        while (start > 0 && char.IsAsciiDigit(text[start - 1])) start--;
        if (start == end) return "";
        var number = (System.Numerics.BigInteger.Parse(text.AsSpan(start, end - start), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return text[..start] + number.PadLeft(end - start, '0') + text[end..];
    }

    private static void Enter(BcSession session, long transaction, JournalLine line, string account, decimal amount) =>
        session.Books = session.Books.With(new LedgerEntry(session.NewId(), session.Books.Ledger.Count + 1, transaction, line.PostingDate, line.DocumentNumber, line.ExternalDocumentNumber, "", account, line.Description, amount, session.Now) { Dimensions = line.Dimensions });

    private static ImmutableSortedDictionary<int, JournalLine> Add(BcSession session, JournalBatch journal, JsonElement body)
    {
        var last = journal.Lines.Count == 0 ? null : journal.Lines.Values.Last();
        var line = new JournalLine(session.NewId(), 0, session.Next(), session.Now)
        {
            // What is not said is copied from the line before, or counted up.
            PostingDate = last?.PostingDate ?? session.Today,
            DocumentNumber = last is null ? "" : Increment(last.DocumentNumber),
        };
        var fields = new Dictionary<string, BodyReader.Field>
        {
            ["journalDisplayName"] = new(JsonValueKind.String, 0, _ => throw BcRefusal.Dialog("The Journal Batch Display Name isn't editable.")),
            ["lineNumber"] = BodyReader.Integer(number => line = line with { Number = number }),
            ["accountType"] = BodyReader.Enumeration(Caption.AccountTypes, type => line = line with { AccountType = type, Account = type == line.AccountType ? line.Account : "" }),
            // Looked up as what the account type says at that moment: the order of the properties matters.
            ["accountNumber"] = BodyReader.Code(20, number => line = line with { Account = Known(session, line.AccountType, number), Dimensions = line.AccountType == "G/L Account" ? session.DefaultDimensions(number) : line.Dimensions }),
            ["postingDate"] = BodyReader.Date(date => line = line with { PostingDate = date }),
            ["documentNumber"] = BodyReader.Code(20, number => line = line with { DocumentNumber = number }),
            ["externalDocumentNumber"] = BodyReader.Code(35, number => line = line with { ExternalDocumentNumber = number }),
            ["amount"] = BodyReader.Number(amount => line = line with { Amount = decimal.Round(amount, 2, MidpointRounding.AwayFromZero) }),
            ["description"] = BodyReader.Text(100, text => line = line with { Description = text }),
            ["comment"] = BodyReader.Text(250, text => line = line with { Comment = text }),
            ["balanceAccountType"] = BodyReader.Enumeration(Caption.AccountTypes, type => line = line with { BalanceAccountType = type, BalanceAccount = type == line.BalanceAccountType ? line.BalanceAccount : "" }),
            ["balancingAccountNumber"] = BodyReader.Code(20, number => line = line with { BalanceAccount = Known(session, line.BalanceAccountType, number) }),
            ["dimensionSetLines"] = BodyReader.Children(dimension => line = line with { Dimensions = session.AddDimension(line.Dimensions, dimension) }),
            ["id"] = BodyReader.ReadOnly,
            ["lastModifiedDateTime"] = BodyReader.ReadOnly,
        };
        new BodyReader("journalLine", fields).Apply(body);
        if (line.Number == 0) line = line with { Number = (last?.Number ?? 0) + 10_000 };
        if (journal.Lines.ContainsKey(line.Number))
            throw SameKey(session, $"Gen. Journal Line already exists. Identification fields and values: Journal Template Name='{StandardTemplate}',Journal Batch Name='{journal.Code}',Line No.='{line.Number.ToString(CultureInfo.InvariantCulture)}'");
        return journal.Lines.Add(line.Number, line);
    }

    private static string Known(BcSession session, string type, string number) => type switch
    {
        "G/L Account" => session.Options.Accounts.ContainsKey(number) ? number : throw NoAccount(number, type),
        "Vendor" or "Employee" => session.FindVendor(number) is not null ? number : throw NoAccount(number, type),
        _ => throw NoAccount(number, type),
    };

    private static BcRefusal NoAccount(string number, string type) => BcRefusal.NoRelation("Account No.", "Gen. Journal Line", number, type);

    private static BcRefusal SameKey(BcSession session, string record) => new(session.Options.SameKeyStatus, "Internal_EntityWithSameKeyExists", $"The record in table {record}");
}
