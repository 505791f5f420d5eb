// The programs that a board holds, and how it gets those that it lacks.
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>A fixed number of programs of limited size, the least recently used out first, one being fetched at a time. Pieces come in
/// order; the SHA-256 over all of them must be what the gateway announced with the first. An image that
/// fails that check is fetched once more, then the program is Bad: its batches are abandoned, which lets the gateway give them to others.</summary>
public sealed class ProgramCache
{
    /// <summary>How often an image or a piece is asked for before the program counts as Bad.</summary>
    public const int AttemptsMax = 3;

    /// <summary>Images whose bytes did not have the announced hash.</summary>
    public int ImagesCorrupt;
    /// <summary>Images that the register code's own check refused, or that are too large for this board.</summary>
    public int ImagesRefused;

    private readonly ProgramSlot[] slots;
    private readonly int imageBytesMax;
    private readonly int memoryBytesMax;
    private readonly int retryMs;
    private readonly Sha256 sha = new Sha256();
    private readonly byte[] imageHash = new byte[FrameLimits.HashBytes];
    private readonly byte[] computedHash = new byte[FrameLimits.HashBytes];
    private ProgramSlot fetching;
    private byte[] pieces;
    private int have;
    private int attempts;
    private bool asked;
    private long askedAtMs;
    private long uses;

    public ProgramCache(int slotCount, int imageBytesMax, int memoryBytesMax, int retryMs)
    {
        slots = new ProgramSlot[slotCount];
        for (int i = 0; i < slotCount; i++)
            slots[i] = new ProgramSlot();
        this.imageBytesMax = imageBytesMax;
        this.memoryBytesMax = memoryBytesMax;
        this.retryMs = retryMs;
    }

    /// <summary>The place of a program, null when it is neither held nor being fetched. Counts as a use.</summary>
    public ProgramSlot Find(byte[] hash)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].Is(hash))
            {
                slots[i].UsedAt = ++uses;
                return slots[i];
            }
        }
        return null;
    }

    /// <summary>Begins to fetch a program. Gives up the least recently used one that no held batch needs; false when there is no such
    /// place, or another program is being fetched: ask again later.</summary>
    public bool Fetch(byte[] hash, BatchQueue queue)
    {
        if (fetching != null)
            return false;
        ProgramSlot place = null;
        for (int i = 0; i < slots.Length; i++)
        {
            ProgramSlot slot = slots[i];
            if (slot.State != ProgramSlot.Empty && queue.Needs(slot.Hash))
                continue;
            if (place == null || slot.State == ProgramSlot.Empty || place.State != ProgramSlot.Empty && slot.UsedAt < place.UsedAt)
                place = slot;
        }
        if (place == null)
            return false;
        place.Free();
        place.State = ProgramSlot.Fetching;
        place.UsedAt = ++uses;
        System.Array.Copy(hash, 0, place.Hash, 0, FrameLimits.HashBytes);
        fetching = place;
        attempts = 0;
        Restart();
        return true;
    }

    /// <summary>Ends a fetch that no held batch needs any more (their leases passed).</summary>
    public void DropUnneededFetch(BatchQueue queue)
    {
        if (fetching == null || queue.Needs(fetching.Hash))
            return;
        fetching.Free();
        EndFetch();
    }

    /// <summary>Notices a request that was not answered in time: it is due again, or the program is given up.</summary>
    public void Expire(long nowMs)
    {
        if (fetching == null || !asked || nowMs < askedAtMs + retryMs)
            return;
        asked = false;
        if (++attempts >= AttemptsMax)
            Spoil();
    }

    /// <summary>Fills the request that is due; false when none is.</summary>
    public bool NextRequest(ProgramRequest into, long nowMs)
    {
        if (fetching == null || asked)
            return false;
        System.Array.Copy(fetching.Hash, 0, into.ProgramHash, 0, FrameLimits.HashBytes);
        into.Offset = have;
        int left = pieces == null ? FrameLimits.ChunkBytesMax : pieces.Length - have;
        into.Count = left < FrameLimits.ChunkBytesMax ? left : FrameLimits.ChunkBytesMax;
        asked = true;
        askedAtMs = nowMs;
        return true;
    }

    /// <summary>When the next request falls due by time alone; long.MaxValue when none does.</summary>
    public long NextWakeMs => fetching == null ? long.MaxValue : asked ? askedAtMs + retryMs : 0;

    /// <summary>The connection was lost: what was asked there is asked again in the next session.</summary>
    public void ForgetRequest() => asked = false;

    /// <summary>Takes a piece. False when it is not the one that was asked for: ignored.</summary>
    public bool Receive(ProgramChunk chunk)
    {
        if (fetching == null || !asked || !fetching.Is(chunk.ProgramHash) || chunk.Total != 0 && chunk.Offset != have)
            return false;
        if (chunk.Total == 0 || chunk.Total > imageBytesMax || chunk.DataCount == 0)
        {
            Refuse();
            return true;
        }
        if (pieces == null && !Allocate(chunk))
            return true;
        if (chunk.Total != pieces.Length || chunk.DataCount > pieces.Length - have
            || !KeyDerivation.Same(chunk.ImageHash, 0, imageHash, 0, FrameLimits.HashBytes))
        {
            Corrupt();
            return true;
        }
        System.Array.Copy(chunk.Data, chunk.DataOffset, pieces, have, chunk.DataCount);
        sha.Update(chunk.Data, chunk.DataOffset, chunk.DataCount);
        have += chunk.DataCount;
        asked = false;
        if (have == pieces.Length)
            Finish();
        return true;
    }

    private bool Allocate(ProgramChunk chunk)
    {
        try
        {
            pieces = new byte[chunk.Total];
        }
        catch (System.OutOfMemoryException)
        {
            Refuse();
            return false;
        }
        System.Array.Copy(chunk.ImageHash, 0, imageHash, 0, FrameLimits.HashBytes);
        return true;
    }

    private void Finish()
    {
        sha.Finish(computedHash, 0);
        if (!KeyDerivation.Same(computedHash, 0, imageHash, 0, FrameLimits.HashBytes))
        {
            Corrupt();
            return;
        }
        RegisterImage image = null;
        try
        {
            image = RegisterImage.Parse(pieces, 0, pieces.Length);
        }
        catch (System.OutOfMemoryException)
        {
            // The same answer as for an image that cannot be run here.
        }
        if (image == null || image.MemoryBytes > memoryBytesMax)
        {
            Refuse();
            return;
        }
        fetching.Image = image;
        fetching.ImageBytes = pieces.Length;
        fetching.State = ProgramSlot.Ready;
        EndFetch();
    }

    private void Corrupt()
    {
        ImagesCorrupt++;
        if (++attempts >= AttemptsMax)
            Spoil();
        else
            Restart();
    }

    private void Refuse()
    {
        ImagesRefused++;
        Spoil();
    }

    private void Spoil()
    {
        fetching.State = ProgramSlot.Bad;
        EndFetch();
    }

    private void Restart()
    {
        pieces = null;
        have = 0;
        asked = false;
        sha.Reset();
    }

    private void EndFetch()
    {
        fetching = null;
        Restart();
    }
}
