using DePinEdge.Gateway.Host.Api;
using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>The shell: sockets, loop, store, workers, API.</summary>
internal static class ShellMetrics
{
    public static void Write(MetricsText text, ApiContext context)
    {
        var s = context.Shell.Counters;
        text.Counter("depin_socket_accepted_total", "TCP connections accepted on the broker's port.", s.Accepted);
        text.Counter("depin_socket_accept_failures_total", "Accepts that failed.", s.AcceptFailures);
        text.Counter("depin_socket_turned_away_total", "TCP connections that the broker had no room for.", s.TurnedAway);
        text.Counter("depin_socket_received_bytes_total", "Bytes received on the broker's port.", s.BytesIn);
        text.Counter("depin_socket_sent_bytes_total", "Bytes that the transport took.", s.BytesOut);
        text.Counter("depin_socket_inbox_waits_total", "Times a socket waited because the inbox was full.", s.InboxWaits);
        text.Counter("depin_socket_read_pauses_total", "Times a socket was not read: its peer reads no answers or publishes too fast.", s.ReadPauses);
        text.Counter("depin_socket_sends_deferred_total", "Writes that the transport did not take at once.", s.SendsDeferred);
        text.Counter("depin_socket_send_failures_total", "Writes that failed.", s.SendFailures);

        var l = context.Loop.Counters;
        text.Counter("depin_loop_rounds_total", "Rounds of the core loop.", l.Rounds);
        text.Counter("depin_loop_inputs_total", "Inputs handed to the core.", s.Inputs);
        text.Counter("depin_loop_asks_total", "Questions answered.", l.Asks);
        text.Counter("depin_loop_work_answers_total", "Answers of workers taken in.", l.WorkAnswers);

        text.Counter("depin_store_commits_total", "Turns that are durable.", l.Commits);
        text.Counter("depin_store_records_total", "Records in them.", l.Records);
        text.Counter("depin_store_written_bytes_total", "Bytes handed to the store, by what they are.", "kind",
            [new("turn", l.TurnBytes), new("blob", l.BlobBytes), new("snapshot", l.SnapshotBytes)]);
        text.Histogram("depin_store_commit_seconds", "Time of a commit, sync included.", LoopCounters.CommitBounds, l.CommitBuckets, l.CommitMicroseconds / 1e6);
        text.Gauge("depin_store_longest_commit_seconds", "Longest commit since the start.", l.LongestCommitMicroseconds / 1e6);
        text.Counter("depin_store_full_disk_total", "Commits refused because the disk was full; each was kept and tried again.", l.FullDisk);
        text.Gauge("depin_store_waits_for_disk", "1 while a turn waits for room on the disk.", context.Loop.WaitsForDisk ? 1 : 0);
        text.Gauge("depin_store_file_bytes", "Size of the ledger's file and its log.", context.Folder.DatabaseBytes);

        text.Gauge("depin_work_waiting", "Requests that wait for a worker.", context.Work.Waiting);
        text.Gauge("depin_work_waiting_most", "Most that ever waited.", context.Work.WaitingMost);
        text.Counter("depin_work_done_total", "Requests done.", context.Work.Done);

        var h = context.Http;
        text.Gauge("depin_http_connections", "HTTP connections open.", h.Connections);
        text.Counter("depin_http_connections_opened_total", "HTTP connections taken.", h.ConnectionsOpened);
        text.Gauge("depin_http_streams", "Event streams open.", h.Streams);
        text.Gauge("depin_page_viewers", "Viewers of the page.", context.Live.Viewers);
        text.Counter("depin_page_opened_total", "Live streams of the page opened.", context.Live.Opened);
        text.Counter("depin_page_refused_total", "Live streams of the page refused.", context.Live.Refused);
        text.Counter("depin_page_lagged_total", "Whole states sent to viewers that were too slow.", context.Live.Lagged);
        text.Counter("depin_page_looks_total", "Questions that the page put to the core.", context.Live.Looks);
        text.Counter("depin_page_changes_total", "Looks that found something new.", context.Live.Changes);
        text.Counter("depin_http_requests_total", "Requests answered, by class of status.", "status", h.ByStatus());
    }
}
