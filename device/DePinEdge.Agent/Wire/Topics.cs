// The board's topics, and which ids may stand in a topic.
namespace DePinEdge.Agent.Wire;

/// <summary>Builds the four topics that a board's payloads travel on.</summary>
public static class Topics
{
    /// <summary>depin/v1/join/{id}/up, written by the joining board.</summary>
    public static string JoinUp(string codeId) => "depin/v1/join/" + codeId + "/up";

    /// <summary>depin/v1/join/{id}/down, written by the gateway.</summary>
    public static string JoinDown(string codeId) => "depin/v1/join/" + codeId + "/down";

    /// <summary>depin/v1/{site}/device/{dev}/up, written by that device.</summary>
    public static string DeviceUp(string site, string deviceId) => "depin/v1/" + site + "/device/" + deviceId + "/up";

    /// <summary>depin/v1/{site}/device/{dev}/down, written by the gateway.</summary>
    public static string DeviceDown(string site, string deviceId) => "depin/v1/" + site + "/device/" + deviceId + "/down";

    /// <summary>The MQTT client id and user name of a joining board; its password is empty.</summary>
    public static string JoinClientId(string codeId) => "join-" + codeId;

    /// <summary>True when the text matches [a-z0-9-]{1,32}.</summary>
    public static bool IsId(string text)
    {
        if (text == null || text.Length == 0 || text.Length > FrameLimits.IdBytesMax)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'))
                return false;
        }
        return true;
    }
}
