using DePinEdge.Agent.Wire;
using DePinEdge.Client;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>Damaged join messages under codes that are real, made up, or burned by the attack itself.</summary>
internal static class JoinAttack
{
    private const int MessagesPerConnection = 50;

    public static async Task RunAsync(Attack attack, GatewayProcess gateway, int seed, CancellationToken cancel)
    {
        var mutator = new Mutator(seed);
        while (attack.More)
        {
            var invite = await gateway.Client.InviteAsync(cancel: cancel);
            var code = JoinCode.Parse(mutator.Next(3) == 0 ? MadeUp(mutator) : invite.JoinCode);
            await using var client = new MqttClient();
            attack.CountConnection();
            await client.ConnectAsync(new MqttClientOptions { Port = gateway.MqttPort, ClientId = Topics.JoinClientId(code.Id), MessageCapacity = 1_000 }, cancel);
            await client.SubscribeAsync(Topics.JoinDown(code.Id), QoS.AtLeastOnce, cancel);
            try
            {
                for (var i = 0; i < MessagesPerConnection && attack.Take(); i++)
                {
                    while (client.Messages.TryRead(out _))
                    {
                        // Answers are of no interest, but must not fill up.
                    }
                    await client.PublishAsync(Topics.JoinUp(code.Id), mutator.Damage(Message(code, mutator)), QoS.AtLeastOnce, false, cancel);
                    attack.CountSent();
                }
            }
            catch (MqttException)
            {
                attack.GiveBack();
                attack.CountClosed();
            }
        }
    }

    private static string MadeUp(Mutator mutator) =>
        string.Concat(Enumerable.Range(0, JoinCode.IdChars + JoinCode.SecretChars).Select(_ => JoinCode.Alphabet[mutator.Next(JoinCode.Alphabet.Length)]));

    private static byte[] Message(JoinCode code, Mutator mutator)
    {
        var frame = new byte[FrameLimits.JoinFrameBytesMax];
        var count = mutator.Next(2) == 0
            ? JoinFrame.Close(frame, 0, FrameKind.Hello, new Hello { CodeId = code.Id, Board = "evil", NonceB = mutator.Noise(16) }.Encode(frame, 2))
            : JoinFrame.Close(frame, 0, FrameKind.Accept, new Accept { Mac = mutator.Noise(32) }.Encode(frame, 2));
        return frame[..count];
    }
}
