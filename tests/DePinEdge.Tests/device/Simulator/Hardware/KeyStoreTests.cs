using DePinEdge.Agent.Ports;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator.Hardware;

public sealed class KeyStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depin-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_empty_store_loads_nothing()
    {
        Assert.False(new MemoryKeyStore().Load(new byte[8]));
        var file = new FileKeyStore(Path.Combine(folder, "a.key"));
        Assert.False(file.Load(new byte[8]));
        Assert.False(file.Exists);
        Assert.Equal("", file.LastError);
    }

    [Fact]
    public void What_was_saved_last_is_loaded()
    {
        foreach (var store in (IKeyStore[])[new MemoryKeyStore(), new FileKeyStore(Path.Combine(folder, "deep", "a.key"))])
        {
            Assert.True(store.Save([1, 2, 3]));
            var saved = new byte[] { 4, 5, 6 };
            Assert.True(store.Save(saved));
            saved[0] = 9;
            var loaded = new byte[3];
            Assert.True(store.Load(loaded));
            Assert.Equal([4, 5, 6], loaded);
        }
    }

    [Fact]
    public void Another_object_on_the_same_file_is_the_same_flash()
    {
        var path = Path.Combine(folder, "a.key");
        Assert.True(new FileKeyStore(path).Save([1, 2, 3]));
        var loaded = new byte[3];
        Assert.True(new FileKeyStore(path).Load(loaded));
        Assert.Equal([1, 2, 3], loaded);
        Assert.Equal(["a.key"], Directory.GetFiles(folder).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_record_of_another_size_is_refused_and_named()
    {
        var path = Path.Combine(folder, "a.key");
        File.WriteAllBytes(path, [1, 2]);
        var file = new FileKeyStore(path);
        Assert.False(file.Load(new byte[3]));
        Assert.Equal($"{path} has 2 bytes where a key record has 3", file.LastError);
        var memory = new MemoryKeyStore();
        memory.Save([1, 2]);
        Assert.False(memory.Load(new byte[3]));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_answer_not_an_exception()
    {
        File.WriteAllText(Path.Combine(folder, "file"), "");
        var store = new FileKeyStore(Path.Combine(folder, "file", "a.key"));
        Assert.False(store.Save([1]));
        Assert.NotEqual("", store.LastError);
    }

    [Fact]
    public void Erasing_forgets()
    {
        var memory = new MemoryKeyStore();
        memory.Save([1]);
        memory.Erase();
        Assert.False(memory.Load(new byte[1]));
        Assert.Equal(1, memory.Saves);
    }
}
