namespace DePinEdge.Agent.Tasks;

public sealed class RegisterImage
{
    public int MemoryBytes;
    public int OutputBytesMax;
    public int StackSlots;

    public static RegisterImage Parse(byte[] image, int offset, int count) => Parse(image, offset, count, out _);

    public static RegisterImage Parse(byte[] image, int offset, int count, out string error)
    {
        error = image.Length < offset + count ? "outside the buffer" : "not an image";
        return null;
    }
}
