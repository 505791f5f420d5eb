using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The names of accounts, built and read in this one place. All are ASCII and at most 41 characters.</summary>
public static class AccountIds
{
    /// <summary>The account that issued credits come from; its balance is minus what was ever issued.</summary>
    public const string Treasury = "sys:treasury";

    private const string EscrowPrefix = "sys:escrow:";
    private const string ReservePrefix = "sys:reserve:";
    private const string RequesterPrefix = "req:";
    private const string DevicePrefix = "dev:";
    private const string HeldSuffix = ":held";

    /// <summary><c>sys:escrow:j7</c></summary>
    public static string Escrow(JobId job) => EscrowPrefix + job;

    /// <summary><c>sys:reserve:j7</c></summary>
    public static string Reserve(JobId job) => ReservePrefix + job;

    /// <summary><c>req:name</c></summary>
    public static string Requester(string name) => RequesterPrefix + name;

    /// <summary><c>dev:id:held</c></summary>
    public static string Held(DeviceId device) => DevicePrefix + device.Value + HeldSuffix;

    /// <summary><c>dev:id</c></summary>
    public static string Available(DeviceId device) => DevicePrefix + device.Value;

    /// <summary>What the account is for; <see cref="AccountClass.Unknown"/> for anything that this class would not have built.</summary>
    public static AccountClass ClassOf(string account)
    {
        if (account == Treasury)
            return AccountClass.Treasury;
        if (account.StartsWith(EscrowPrefix, StringComparison.Ordinal))
            return IsJob(account[EscrowPrefix.Length..]) ? AccountClass.Escrow : AccountClass.Unknown;
        if (account.StartsWith(ReservePrefix, StringComparison.Ordinal))
            return IsJob(account[ReservePrefix.Length..]) ? AccountClass.Reserve : AccountClass.Unknown;
        if (account.StartsWith(RequesterPrefix, StringComparison.Ordinal))
            return Names.IsValid(account[RequesterPrefix.Length..]) ? AccountClass.Requester : AccountClass.Unknown;
        if (!account.StartsWith(DevicePrefix, StringComparison.Ordinal))
            return AccountClass.Unknown;
        var device = account[DevicePrefix.Length..]; // before the suffix is looked for: a board may be named "held"
        var held = device.EndsWith(HeldSuffix, StringComparison.Ordinal);
        if (!Names.IsValid(held ? device[..^HeldSuffix.Length] : device))
            return AccountClass.Unknown;
        return held ? AccountClass.Held : AccountClass.Available;
    }

    /// <summary>The device of a <c>dev:</c> account of either class; false for any other.</summary>
    public static bool TryGetDevice(string account, out DeviceId device)
    {
        device = ClassOf(account) switch
        {
            AccountClass.Held => new DeviceId(account[DevicePrefix.Length..^HeldSuffix.Length]),
            AccountClass.Available => new DeviceId(account[DevicePrefix.Length..]),
            _ => default,
        };
        return device.Value is not null;
    }

    /// <summary>The name within a <c>req:</c> account.</summary>
    public static string RequesterName(string account)
    {
        Invariant.Require(ClassOf(account) == AccountClass.Requester, $"{account} is a requester's account");
        return account[RequesterPrefix.Length..];
    }

    private static bool IsJob(string text) => JobId.TryParse(text, out var job) && job.ToString() == text;
}
