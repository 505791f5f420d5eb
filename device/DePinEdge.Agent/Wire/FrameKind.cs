// The kinds of frames: the byte after the version in every payload on a board's topics.
namespace DePinEdge.Agent.Wire;

/// <summary>What a frame's body says. 1 to 15 travel on the join topics (two-byte header, no chain), 16 and up inside a session.</summary>
public static class FrameKind
{
    /// <summary>Join, up: a board names its code and gives its nonce.</summary>
    public const byte Hello = 1;
    /// <summary>Join, down: site, device id, the gateway's nonce, proof that the gateway knows the secret.</summary>
    public const byte Offer = 2;
    /// <summary>Join, up: the board's proof that it knows the secret.</summary>
    public const byte Accept = 3;
    /// <summary>Join, down: the code is used, the key counts.</summary>
    public const byte Joined = 4;
    /// <summary>Join, down: a reason and what to do about it.</summary>
    public const byte JoinRefused = 5;

    /// <summary>Down: opens a session and its two chains.</summary>
    public const byte Welcome = 16;
    /// <summary>Up: the first frame of a session, what the board is and can do.</summary>
    public const byte Birth = 17;
    /// <summary>Down: tasks of one program.</summary>
    public const byte Batch = 18;
    /// <summary>Up: results, telemetry, window.</summary>
    public const byte Report = 19;
    /// <summary>Up: asks for a piece of a program's image.</summary>
    public const byte ProgramRequest = 20;
    /// <summary>Down: a piece of a program's image.</summary>
    public const byte ProgramChunk = 21;
    /// <summary>Down: the up frames that the gateway lacks.</summary>
    public const byte Resend = 22;
    /// <summary>Down, reserved: asks for the samples behind a committed result.</summary>
    public const byte TapeRequest = 23;
    /// <summary>Up, reserved: the samples.</summary>
    public const byte Tape = 24;
    /// <summary>Down: identify, reboot, newkey.</summary>
    public const byte Command = 25;
    /// <summary>Up: what became of a command.</summary>
    public const byte CommandReply = 26;
    /// <summary>Up: why the board leaves and when it wakes.</summary>
    public const byte Goodbye = 27;
}
