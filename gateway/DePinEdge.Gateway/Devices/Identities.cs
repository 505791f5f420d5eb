namespace DePinEdge.Gateway.Devices;

// Who a broker client is, decided once when it connects.

/// <summary>A board in the join conversation of one code.</summary>
public sealed record JoinIdentity(string CodeId, string UpTopic, string DownTopic);

/// <summary>A device that proved its key with this log-in number.</summary>
public sealed record DeviceIdentity(string Device, long LoginNumber, string UpTopic, string DownTopic);

/// <summary>A reader of public topics: dashboards on this machine.</summary>
public sealed record ReaderIdentity;
