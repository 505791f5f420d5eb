using System.Globalization;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>Groups devices into compute units: devices of one board name, at most so many to a unit.</summary>
public sealed class UnitTable(int devicesPerUnit)
{
    private readonly SortedDictionary<string, ComputeUnit> units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ComputeUnit> unitOf = new(StringComparer.Ordinal);

    // Below this number every unit of the board name is full. Follows from the units, so it is neither stored nor needed.
    private readonly Dictionary<string, int> firstOpen = new(StringComparer.Ordinal);

    public IEnumerable<ComputeUnit> All => units.Values;

    public int Count => units.Count;

    /// <summary>The unit a device belongs to, or null before its first birth.</summary>
    public ComputeUnit? Of(DeviceId device) => unitOf.GetValueOrDefault(device.Value);

    public ComputeUnit? Find(UnitId unit) => units.GetValueOrDefault(unit.Value);

    /// <summary>Puts a device that was born into the first unit of its board with room, or a new one.</summary>
    public void Born(DeviceId device, string board)
    {
        var stem = Stem(board);
        if (unitOf.TryGetValue(device.Value, out var before))
        {
            if (before.Board == stem)
                return;
            Leave(device.Value, before);
        }
        for (var n = firstOpen.GetValueOrDefault(stem, 1); ; n++)
        {
            var id = new UnitId(string.Create(CultureInfo.InvariantCulture, $"{stem}-{n}"));
            if (!units.TryGetValue(id.Value, out var unit))
                units[id.Value] = unit = new ComputeUnit(id, stem);
            if (unit.Members.Count < devicesPerUnit)
            {
                Join(device.Value, unit);
                firstOpen[stem] = n;
                return;
            }
        }
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(units.Count);
        foreach (var unit in units.Values)
        {
            w.Text(unit.Id.Value);
            w.Text(unit.Board);
            w.Unsigned(unit.TasksOk);
            w.Unsigned(unit.LeasesKept);
            w.Unsigned(unit.LeasesBroken);
            w.Unsigned(unit.Members.Count);
            foreach (var member in unit.Members)
                w.Text(member);
        }
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        for (var n = r.Count(); n > 0; n--)
        {
            var unit = new ComputeUnit(new UnitId(r.Text()), r.Text()) { TasksOk = r.Unsigned(), LeasesKept = r.Unsigned(), LeasesBroken = r.Unsigned() };
            units[unit.Id.Value] = unit;
            for (var members = r.Count(); members > 0; members--)
                Join(r.Text(), unit);
        }
    }

    private void Join(string device, ComputeUnit unit)
    {
        unit.Members.Add(device);
        unitOf[device] = unit;
    }

    private void Leave(string device, ComputeUnit unit)
    {
        unit.Members.Remove(device);
        unitOf.Remove(device);
        firstOpen.Remove(unit.Board);
        if (unit.Members.Count == 0)
            units.Remove(unit.Id.Value);
    }

    // Unit ids stand in topics: whatever a board calls itself becomes a valid name.
    private static string Stem(string board)
    {
        var stem = string.Concat(board.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? c : '-'));
        return stem.Length == 0 ? "board" : stem[..Math.Min(stem.Length, 24)];
    }
}
