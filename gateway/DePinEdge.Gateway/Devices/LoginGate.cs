using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;
using MqttReason = DePinEdge.Mqtt.ReasonCode;

namespace DePinEdge.Gateway.Devices;

/// <summary>
/// Decides who a connecting client is (protocol.md, Log-in). A device's password carries a number that must be greater than any seen
/// before and a MAC over it, so a recorded password is worth nothing. A client without credentials reads public topics, from this
/// machine only.
/// <para>
/// Clones. One board never presents a number at or below the last one accepted, except byte for byte one that it already used, for it
/// stores its counter before it uses a number. So a valid MAC over a stale number that was <em>never accepted</em> points to a second
/// holder of the key (or a counter rolled back with the flash, which is the same); but one such log-in may also be the board's own,
/// overtaken on a bad link by the next one. Copies in lock-step only ever repeat accepted numbers; they show as take-overs of a live
/// session, each soon after a refused replay. Three of either within ten minutes are proof.
/// </para>
/// </summary>
public sealed class LoginGate(GatewayOptions options, DeviceTable table, IHmac hmac)
{
    private const long SuspicionMs = 10 * 60_000;
    private const int SuspicionsMax = 3;

    private static readonly ReaderIdentity Reader = new();

    /// <summary>Log-ins refused since the start.</summary>
    public long Refusals { get; private set; }

    public ConnectVerdict Decide(in ConnectRequest request, IEffects effects)
    {
        if (request.ClientId.StartsWith("join-", StringComparison.Ordinal) && request.Password.Length == 0)
        {
            var code = request.ClientId[5..];
            return code.Length == JoinCode.IdChars && Names.IsValid(code)
                ? Accept(new JoinIdentity(code, Topics.JoinUp(code), Topics.JoinDown(code)))
                : Refuse(request.ClientId, MqttReason.ClientIdentifierNotValid, ReasonCode.UnknownCode, "not a join code's id", effects);
        }
        if (request.UserName is null && !request.HasPassword)
            // A client id takes over the connection that has it: nobody may take a device's without its key.
            return table.Find(request.ClientId) is not null
                ? Refuse(request.ClientId, MqttReason.ClientIdentifierNotValid, ReasonCode.BadMac, "a reader asked for a device's client id", effects)
                : request.Remote.IsLoopback
                ? Accept(Reader)
                : Refuse(request.ClientId, MqttReason.NotAuthorized, ReasonCode.NoCredentials, $"a client from {request.Remote.Address} gave no credentials", effects);
        return Device(request, effects);
    }

    private ConnectVerdict Device(in ConnectRequest request, IEffects effects)
    {
        var id = request.ClientId;
        if (table.Find(id) is not { } device || request.UserName != id)
            return Refuse(id, MqttReason.BadUserNameOrPassword, ReasonCode.BadMac, "unknown device, or user name and client id differ", effects);
        var password = Encoding.ASCII.GetString(request.Password.Span);
        var number = KeyDerivation.LoginNumber(password);
        var withNext = false;
        if (number <= 0 || !Fits(device.Key, id, number, password))
        {
            withNext = number > 0 && device.NextKey is { } next && Fits(next, id, number, password);
            if (!withNext)
                return Refuse(id, MqttReason.BadUserNameOrPassword, ReasonCode.BadMac, "the password does not fit the device's key", effects);
        }
        if (device.Held)
            return Refuse(id, MqttReason.Banned, device.HeldReason, "held until the key is changed: invite it again under its name", effects);
        if (number <= device.LoginNumber)
            return Stale(device, number, effects);

        if (device.Connected && SuspectTakeOver(device, effects.Now.Ms))
            return Clone(device, "copies take turns with one key", effects);
        if (withNext)
        {
            effects.Record(new KeyRotated(device.Id, device.OfferedGeneration));
            effects.Blob($"secret/device/{id}", device.NextKey);
            effects.Blob($"secret/next/{id}", null);
        }
        effects.Record(new DeviceLoggedIn(device.Id, number));
        return Accept(new DeviceIdentity(id, number, Topics.DeviceUp(options.Site, id), Topics.DeviceDown(options.Site, id)));
    }

    private ConnectVerdict Stale(Device device, long number, IEffects effects)
    {
        var oldest = device.RecentLogins.Count > 0 ? device.RecentLogins.Peek() : long.MaxValue;
        // A stale number that comes again was recorded on its way: that says nothing of the board.
        if (number > oldest && !device.RecentLogins.Contains(number) && device.StaleLogins.Add(number))
        {
            if (device.StaleLogins.Count > DeviceTable.LoginsRemembered)
                device.StaleLogins.Clear();
            return Suspect(device, effects.Now.Ms)
                ? Clone(device, $"log-in {number} is stale and was never used before {device.LoginNumber}", effects)
                : Refuse(device.Id.Value, MqttReason.NotAuthorized, ReasonCode.Replayed, $"log-in {number} comes after {device.LoginNumber}", effects);
        }
        device.LastReplayMs = effects.Now.Ms;
        return Refuse(device.Id.Value, MqttReason.NotAuthorized, ReasonCode.Replayed, $"log-in {number} was used; the last is {device.LoginNumber}", effects);
    }

    private ConnectVerdict Clone(Device device, string evidence, IEffects effects)
    {
        effects.Record(new DeviceHeld(device.Id, ReasonCode.Cloned, true));
        effects.Disconnect(device.Id.Value, MqttReason.Banned, "another board uses the same key");
        return Refuse(device.Id.Value, MqttReason.Banned, ReasonCode.Cloned, evidence, effects);
    }

    private static bool SuspectTakeOver(Device device, long nowMs)
    {
        if (device.LastReplayMs == long.MinValue || nowMs - device.LastReplayMs > SuspicionMs)
            return false;
        device.LastReplayMs = long.MinValue;
        return Suspect(device, nowMs);
    }

    private static bool Suspect(Device device, long nowMs)
    {
        device.SuspicionsMs.Enqueue(nowMs);
        while (nowMs - device.SuspicionsMs.Peek() > SuspicionMs)
            device.SuspicionsMs.Dequeue();
        return device.SuspicionsMs.Count >= SuspicionsMax;
    }

    private bool Fits(byte[] key, string id, long number, string password) =>
        KeyDerivation.SameText(KeyDerivation.LoginPassword(hmac, key, options.Site, id, number), password);

    private ConnectVerdict Accept(object identity) => ConnectVerdict.Accept(identity) with { PublishesPerSecond = options.FramesPerSecond };

    private ConnectVerdict Refuse(string who, MqttReason code, ReasonCode reason, string detail, IEffects effects)
    {
        Refusals++;
        effects.Pass(new Refused(who, reason, detail, RefusedWhat.Login));
        return ConnectVerdict.Refuse(code, $"{ReasonNames.Of(reason)}: {detail}");
    }
}
