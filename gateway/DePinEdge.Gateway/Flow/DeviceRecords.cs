namespace DePinEdge.Gateway.Flow;

/// <summary>An operator made a join code. Its secret is the blob <c>secret/join/CODE</c> until the code is used or burned.</summary>
/// <param name="CodeId">The 6 public characters.</param>
/// <param name="Name">The device id to give, or empty to take one from the board's name.</param>
/// <param name="Owner">The owner's name, or empty for a board that earns before it is claimed.</param>
/// <param name="ExpiresUtcMs">Until when the code may be used.</param>
public sealed record JoinCodeIssued(string CodeId, string Name, string Owner, long ExpiresUtcMs) : DurableRecord
{
    public override RecordCode Code => RecordCode.JoinCodeIssued;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(CodeId);
        w.Text(Name);
        w.Text(Owner);
        w.Unsigned(ExpiresUtcMs);
    }

    public static JoinCodeIssued Read(ref RecordReader r) => new(r.Text(), r.Text(), r.Text(), r.Unsigned());
}

/// <summary>A board proved a wrong secret for a join code; the fifth time burns the code.</summary>
public sealed record JoinCodeFailed(string CodeId, int Failures) : DurableRecord
{
    public override RecordCode Code => RecordCode.JoinCodeFailed;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(CodeId);
        w.Unsigned(Failures);
    }

    public static JoinCodeFailed Read(ref RecordReader r) => new(r.Text(), r.Int());
}

/// <summary>
/// A board joined: the code is used and its secret forgotten; the device's key is the blob <c>secret/device/ID</c>. Both MACs are
/// kept so that a board that missed the answer gets the same bytes again.
/// </summary>
public sealed record DeviceJoined(
    DeviceId Device, string CodeId, string Owner, string Board, byte[] NonceB, byte[] NonceG, byte[] OfferMac, byte[] AcceptMac) : DurableRecord
{
    public override RecordCode Code => RecordCode.DeviceJoined;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Text(CodeId);
        w.Text(Owner);
        w.Text(Board);
        w.Bytes(NonceB);
        w.Bytes(NonceG);
        w.Bytes(OfferMac);
        w.Bytes(AcceptMac);
    }

    public static DeviceJoined Read(ref RecordReader r) =>
        new(new DeviceId(r.Text()), r.Text(), r.Text(), r.Text(), r.Bytes(), r.Bytes(), r.Bytes(), r.Bytes());
}

/// <summary>A device logged in with a number greater than any before; the number is never accepted again.</summary>
public sealed record DeviceLoggedIn(DeviceId Device, long LoginNumber) : DurableRecord
{
    public override RecordCode Code => RecordCode.DeviceLoggedIn;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Unsigned(LoginNumber);
    }

    public static DeviceLoggedIn Read(ref RecordReader r) => new(new DeviceId(r.Text()), r.Unsigned());
}

/// <summary>What a device said of itself at birth; written only when it differs from the last birth.</summary>
public sealed record DeviceBorn(
    DeviceId Device, string Board, string Chip, string Firmware, int EngineVersion, int AbiVersion, long FuelPerSecond, int MemoryBytesMax,
    int ImageBytesMax, long SensorBits, long CapabilityBits, int PowerSource, long WakePlanMs) : DurableRecord
{
    public override RecordCode Code => RecordCode.DeviceBorn;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Text(Board);
        w.Text(Chip);
        w.Text(Firmware);
        w.Unsigned(EngineVersion);
        w.Unsigned(AbiVersion);
        w.Unsigned(FuelPerSecond);
        w.Unsigned(MemoryBytesMax);
        w.Unsigned(ImageBytesMax);
        w.Unsigned(SensorBits);
        w.Unsigned(CapabilityBits);
        w.Unsigned(PowerSource);
        w.Unsigned(WakePlanMs);
    }

    public static DeviceBorn Read(ref RecordReader r) =>
        new(new DeviceId(r.Text()), r.Text(), r.Text(), r.Text(), r.Int(), r.Int(), r.Unsigned(), r.Int(),
            r.Int(), r.Unsigned(), r.Unsigned(), r.Int(), r.Unsigned());
}

/// <summary>A device is held (no sessions, no work) for the reason named, or released again.</summary>
public sealed record DeviceHeld(DeviceId Device, ReasonCode Reason, bool Held) : DurableRecord
{
    public override RecordCode Code => RecordCode.DeviceHeld;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Byte((byte)Reason);
        w.Bool(Held);
    }

    public static DeviceHeld Read(ref RecordReader r) => new(new DeviceId(r.Text()), (ReasonCode)r.Byte(), r.Bool());
}

/// <summary>A new key was offered to a device (blob <c>secret/next/ID</c>); the old one stays good until the new one logs in.</summary>
public sealed record KeyOffered(DeviceId Device, int Generation) : DurableRecord
{
    public override RecordCode Code => RecordCode.KeyOffered;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Unsigned(Generation);
    }

    public static KeyOffered Read(ref RecordReader r) => new(new DeviceId(r.Text()), r.Int());
}

/// <summary>A device logged in with its offered key, which is its key from now on.</summary>
public sealed record KeyRotated(DeviceId Device, int Generation) : DurableRecord
{
    public override RecordCode Code => RecordCode.KeyRotated;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Device.Value);
        w.Unsigned(Generation);
    }

    public static KeyRotated Read(ref RecordReader r) => new(new DeviceId(r.Text()), r.Int());
}
