// Keys and macs as depin.proto states them, computed here a second time from the platform's HMAC.
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class KeyDerivationTests
{
    private static readonly HmacSha256 Hmac = new();
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("0123456789ABCDEFGHJKMNPQRS");
    private static readonly byte[] NonceB = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly byte[] NonceG = [.. Enumerable.Range(101, 16).Select(i => (byte)i)];

    [Fact]
    public void Every_derivation_follows_the_schema()
    {
        byte[] place = [.. L("home"), .. L("dev-7")];
        var kDev = Mac(Secret, [.. L("key"), .. place, .. NonceB, .. NonceG]);
        byte[] n = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(n, 3 * 65536 + 9);

        Assert.Equal(kDev, KeyDerivation.DeviceKey(Hmac, Secret, "home", "dev-7", NonceB, NonceG));
        Assert.Equal(Mac(kDev, [.. L("up"), .. place, .. n, .. NonceG]),
            KeyDerivation.SessionKey(Hmac, kDev, KeyDerivation.Up, "home", "dev-7", 196617, NonceG));
        Assert.Equal(Mac(kDev, [.. L("down"), .. place, .. n, .. NonceG]),
            KeyDerivation.SessionKey(Hmac, kDev, KeyDerivation.Down, "home", "dev-7", 196617, NonceG));
        Assert.Equal(Mac(kDev, [.. L("rotate"), .. place, .. NonceG]), KeyDerivation.NextKey(Hmac, kDev, "home", "dev-7", NonceG));
        Assert.Equal("196617:" + Convert.ToHexStringLower(Mac(kDev, [.. L("login"), .. place, .. n])),
            KeyDerivation.LoginPassword(Hmac, kDev, "home", "dev-7", 196617));
    }

    [Fact]
    public void Join_macs_cover_both_bodies()
    {
        byte[] hello = [1, 2, 3], offer = [4, 5, 6, 7];
        byte[] bodies = [3, .. hello, 4, .. offer];

        Assert.Equal(Mac(Secret, [.. L("offer"), .. bodies]), KeyDerivation.OfferMac(Hmac, Secret, hello, 0, 3, offer, 0, 4));
        Assert.Equal(Mac(Secret, [.. L("accept"), .. bodies]), KeyDerivation.AcceptMac(Hmac, Secret, hello, 0, 3, offer, 0, 4));
        Assert.NotEqual(KeyDerivation.OfferMac(Hmac, Secret, [1, 2, 3, 4], 0, 4, [5, 6, 7], 0, 3), KeyDerivation.OfferMac(Hmac, Secret, hello, 0, 3, offer, 0, 4));
    }

    [Fact]
    public void Ids_that_join_to_the_same_text_give_other_keys() =>
        Assert.NotEqual(
            KeyDerivation.DeviceKey(Hmac, Secret, "home", "a-dev", NonceB, NonceG),
            KeyDerivation.DeviceKey(Hmac, Secret, "homea", "-dev", NonceB, NonceG));

    [Theory]
    [InlineData("65537:", 65537)]
    [InlineData("0:", 0)]
    [InlineData("999999999999999999:", 999999999999999999)]
    [InlineData("1999999999999999999:", -1)]
    [InlineData(":", -1)]
    [InlineData("-5:", -1)]
    [InlineData("5 :", -1)]
    [InlineData("5;", -1)]
    public void A_password_names_its_number(string start, long n) => Assert.Equal(n, KeyDerivation.LoginNumber(start + new string('a', 64)));

    [Fact]
    public void A_password_of_another_length_names_none()
    {
        Assert.Equal(-1, KeyDerivation.LoginNumber(null));
        Assert.Equal(-1, KeyDerivation.LoginNumber(""));
        Assert.Equal(-1, KeyDerivation.LoginNumber("5:" + new string('a', 63)));
    }

    [Theory]
    [InlineData("k7q2mx-0123456789abcdefghjkmnpqrs", true)]
    [InlineData("K7Q2MX-0123456789ABCDEFGHJKMNPQRS", true)]
    [InlineData("K7Q2MX 0123456-789ABCDE-FGHJKMN-PQRS", true)]
    [InlineData("K7Q2MX-OI23456789ABCDEFGHJKMNPQRS", true)]
    [InlineData("K7Q2MX-0123456789ABCDEFGHJKMNPQR", false)]
    [InlineData("K7Q2MX-0123456789ABCDEFGHJKMNPQRST", false)]
    [InlineData("K7Q2MX-0123456789ABCDEFGHJKMNPQRU", false)]
    [InlineData("K7Q2MX-0123456789ABCDEFGHJKMNPQR!", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_join_code_is_read_as_people_write_it(string? text, bool good)
    {
        var code = JoinCode.Parse(text);

        Assert.Equal(good, code is not null);
        if (code is not null)
        {
            Assert.Equal("k7q2mx", code.Id);
            Assert.Equal(Secret, code.Secret);
        }
    }

    private static byte[] Mac(byte[] key, byte[] data) => HMACSHA256.HashData(key, data);

    private static byte[] L(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
