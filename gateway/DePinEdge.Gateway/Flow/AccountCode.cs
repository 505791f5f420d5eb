using System.Globalization;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// An account's name in a stored record. Three of four transfers are about a job's escrow, its reserve and a device's held credits,
/// so these names are a tag and what varies: 2 bytes instead of 14 for a job's accounts. Any other name is stored whole. Each
/// name has one encoding.
/// </summary>
internal static class AccountCode
{
    private const byte Whole = 0, Treasury = 1, Escrow = 2, Reserve = 3, Requester = 4, Held = 5, Available = 6;

    private const string TreasuryName = "sys:treasury", EscrowPrefix = "sys:escrow:j", ReservePrefix = "sys:reserve:j", RequesterPrefix = "req:",
        DevicePrefix = "dev:", HeldSuffix = ":held";

    public static void Write(RecordWriter w, string account)
    {
        var tag = TagOf(account, out var text, out var number);
        w.Byte(tag);
        if (tag is Escrow or Reserve)
            w.Unsigned(number);
        else if (tag != Treasury)
            w.Text(text);
    }

    public static string Read(ref RecordReader r)
    {
        var tag = r.Byte();
        var account = tag switch
        {
            Treasury => TreasuryName,
            Escrow => EscrowPrefix + Digits(r.Unsigned()),
            Reserve => ReservePrefix + Digits(r.Unsigned()),
            Requester => RequesterPrefix + r.Text(),
            Held => DevicePrefix + r.Text() + HeldSuffix,
            Available => DevicePrefix + r.Text(),
            Whole => r.Text(),
            _ => throw r.Corrupt($"unknown account tag {tag}"),
        };
        return TagOf(account, out _, out _) == tag ? account : throw r.Corrupt($"account {account} is not stored as its own kind");
    }

    private static byte TagOf(string account, out string text, out long number)
    {
        text = account;
        number = 0;
        if (account == TreasuryName)
            return Treasury;
        if (Job(account, EscrowPrefix, out number))
            return Escrow;
        if (Job(account, ReservePrefix, out number))
            return Reserve;
        if (account.StartsWith(RequesterPrefix, StringComparison.Ordinal))
        {
            text = account[RequesterPrefix.Length..];
            return Requester;
        }
        if (!account.StartsWith(DevicePrefix, StringComparison.Ordinal))
            return Whole;
        var held = account.Length >= DevicePrefix.Length + HeldSuffix.Length && account.EndsWith(HeldSuffix, StringComparison.Ordinal);
        text = held ? account[DevicePrefix.Length..^HeldSuffix.Length] : account[DevicePrefix.Length..];
        return held ? Held : Available;
    }

    // Only the digits that a number is written with: j07 is another name than j7.
    private static bool Job(string account, string prefix, out long number)
    {
        number = 0;
        return account.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(account.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && account.AsSpan(prefix.Length).SequenceEqual(Digits(number));
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
