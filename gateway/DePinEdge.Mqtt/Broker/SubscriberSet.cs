namespace DePinEdge.Mqtt.Broker;

/// <summary>The subscriptions of one filter. Adding and removing cost O(1): a subscription knows its place, and the last one fills a
/// gap.</summary>
internal sealed class SubscriberSet
{
    private Subscription[] _items = new Subscription[1];

    public int Count { get; private set; }

    public ReadOnlySpan<Subscription> Items => _items.AsSpan(0, Count);

    public void Add(Subscription subscription)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        subscription.Set = this;
        subscription.SetIndex = Count;
        _items[Count++] = subscription;
    }

    public void Remove(Subscription subscription)
    {
        var last = _items[--Count];
        _items[subscription.SetIndex] = last;
        last.SetIndex = subscription.SetIndex;
        _items[Count] = null!;
        subscription.Set = null;
        if (_items.Length > 16 && Count < _items.Length / 4) Array.Resize(ref _items, _items.Length / 2);
    }
}
