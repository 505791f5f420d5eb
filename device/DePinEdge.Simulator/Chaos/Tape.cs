// What an eavesdropper on one board's wire has.
namespace DePinEdge.Simulator.Chaos;

/// <summary>The last 8 passwords and the last 8 frames that a board sent, and its newest Birth. Any thread.</summary>
public sealed class Tape
{
    private const int Most = 8;

    private readonly Queue<string> passwords = new();
    private readonly Queue<byte[]> frames = new();
    private byte[] birthBody = [];

    /// <summary>The passwords, oldest first.</summary>
    public IReadOnlyList<string> Passwords
    {
        get
        {
            lock (frames)
                return [.. passwords];
        }
    }

    /// <summary>The frames, oldest first.</summary>
    public IReadOnlyList<byte[]> Frames
    {
        get
        {
            lock (frames)
                return [.. frames];
        }
    }

    /// <summary>What the board said of itself last; empty before.</summary>
    public byte[] BirthBody
    {
        get
        {
            lock (frames)
                return birthBody;
        }
    }

    /// <summary>A log-in went by.</summary>
    public void Password(string password)
    {
        lock (frames)
            Keep(passwords, password);
    }

    /// <summary>A frame went by.</summary>
    public void Frame(byte[] frame)
    {
        lock (frames)
            Keep(frames, frame);
    }

    /// <summary>A Birth went by.</summary>
    public void Birth(byte[] body)
    {
        lock (frames)
            birthBody = body;
    }

    private static void Keep<T>(Queue<T> queue, T one)
    {
        if (queue.Count == Most)
            queue.Dequeue();
        queue.Enqueue(one);
    }
}
