package partyline.app.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import partyline.app.config.DataFolder;
import partyline.conversations.Conversations;
import partyline.kernel.Backlog;
import partyline.kernel.Database;
import partyline.kernel.Meters.Subject;
import partyline.transport.Driver;
import partyline.transport.LineStatus;
import partyline.transport.Stranger;
import partyline.transport.Transport;
import partyline.webhooks.Deliveries;
import partyline.webhooks.Subscriptions;

/// What is looked up when somebody asks: how lines, queues, receivers, database, disk and process are right now. May be
/// asked every few seconds: nothing is counted to its end.
public final class ServerGauges {

    private static final String LINE = "line";
    private static final Subject LINE_STATE =
            new Subject("line_state", "How a line is: 1 for its state, 0 for the others.", LINE, "driver", "state");
    private static final Subject LINE_FAILED =
            new Subject("line_failed_sends_in_a_row", "Sends of a line that failed one after the other.", LINE);
    private static final Subject LINE_HEARD = new Subject(
            "line_last_inbound_timestamp_seconds", "When a line last heard something since the start.", LINE);
    private static final Subject LINE_DELIVERED = new Subject(
            "line_last_delivered_timestamp_seconds", "When a line last delivered something since the start.", LINE);
    private static final Subject LINE_DROPPED =
            new Subject("line_dropped", "News of a line that was dropped, by reason.", LINE, "reason");
    /// Why we drop news ourselves, whatever the line.
    private static final List<String> OWN_REASONS = Stream.concat(
                    Stream.of("reaction", "unreadable"),
                    Stream.of(Stranger.Kind.values()).map(Stranger.Kind::reason))
            .toList();

    private static final Subject QUEUE =
            new Subject("queue_length", "How much waits, counted up to 1000.", "queue", LINE);
    private static final Subject QUEUE_AGE = new Subject(
            "queue_oldest_seconds",
            "How long the oldest of what waits has waited; 0 when nothing does.",
            "queue",
            LINE);
    private static final Subject RECEIVERS =
            new Subject("webhook_subscriptions", "Subscriptions by how their receivers do.", "state");

    private final Transport transport;
    private final Conversations conversations;
    private final Deliveries deliveries;
    private final Subscriptions subscriptions;
    private final Database database;
    private final DataFolder folder;
    private final InstantSource clock;

    public ServerGauges(
            Transport transport,
            Conversations conversations,
            Deliveries deliveries,
            Subscriptions subscriptions,
            Database database,
            DataFolder folder,
            InstantSource clock) {
        this.transport = transport;
        this.conversations = conversations;
        this.deliveries = deliveries;
        this.subscriptions = subscriptions;
        this.database = database;
        this.folder = folder;
        this.clock = clock;
    }

    /// Writes down all of them.
    void write(MetricsText text) {
        lines(text);
        queues(text);
        receivers(text);
        storage(text);
        process(text);
    }

    private void lines(MetricsText text) {
        for (LineStatus status : transport.lines().known()) {
            String line = status.line().id();
            for (Driver.Health.State state : Driver.Health.State.values()) {
                double value = status.health().state() == state ? 1 : 0;
                text.gauge(
                        LINE_STATE,
                        value,
                        line,
                        status.line().driver(),
                        state.name().toLowerCase(Locale.ROOT));
            }
            text.gauge(LINE_FAILED, status.failuresInARow(), line);
            status.lastInbound().ifPresent(it -> text.gauge(LINE_HEARD, it.getEpochSecond(), line));
            status.lastDelivered().ifPresent(it -> text.gauge(LINE_DELIVERED, it.getEpochSecond(), line));
            Map<String, Long> dropped = new TreeMap<>(status.dropped());
            OWN_REASONS.forEach(it -> dropped.putIfAbsent(it, 0L));
            dropped.forEach((reason, count) -> text.count(LINE_DROPPED, count, line, reason));
        }
    }

    /// Those of agents' messages are told apart by line, also where nothing waits; of the others a line means nothing.
    private void queues(MetricsText text) {
        Map<String, Backlog> sends = new HashMap<>(conversations.waiting());
        transport.lines().all().forEach(line -> sends.putIfAbsent(line.id(), Backlog.NONE));
        sends.forEach((line, backlog) -> queue(text, "send", line, backlog));
        queue(text, "router", "", transport.unsaid());
        queue(text, "inbox", "", transport.unhandled());
        queue(text, "webhooks", "", deliveries.untold());
        queue(text, "webhook_retries", "", deliveries.retrying());
        text.gauge(QUEUE, database.writesWaiting(), "writes", "");
    }

    private void queue(MetricsText text, String name, String line, Backlog backlog) {
        text.gauge(QUEUE, backlog.count(), name, line);
        text.gauge(QUEUE_AGE, backlog.oldest().map(this::age).orElse(0.0), name, line);
    }

    private double age(Instant since) {
        return Math.max(0, Duration.between(since, clock.instant()).toMillis()) / 1_000.0;
    }

    private void receivers(MetricsText text) {
        Subscriptions.ReceiverCounts counts = subscriptions.counts();
        text.gauge(RECEIVERS, counts.active(), "active");
        text.gauge(RECEIVERS, counts.failing(), "failing");
        text.gauge(RECEIVERS, counts.paused(), "paused");
    }

    private void storage(MetricsText text) {
        DataFolder.Sizes sizes = folder.sizes();
        text.gauge(new Subject("database_bytes", "Size of the database's file."), sizes.database());
        text.gauge(new Subject("database_log_bytes", "Size of the database's log of changes (WAL)."), sizes.log());
        text.gauge(new Subject("disk_free_bytes", "What the disk of the data folder has left for us."), sizes.free());
        text.gauge(new Subject("disk_bytes", "Size of the disk of the data folder."), folder.diskBytes());
        text.gauge(
                new Subject("database_writable", "1 while what is written gets on disk, 0 when the disk is full."),
                database.hasRoom() ? 1 : 0);
        text.gauge(
                new Subject("database_damaged", "1 when the database's file is known to be damaged."),
                database.damage().isPresent() ? 1 : 0);
    }

    private static void process(MetricsText text) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        text.gauge(
                MetricsText.STANDARD,
                new Subject("process_start_time_seconds", "When the process started."),
                runtime.getStartTime() / 1_000.0);
        Optional<Duration> cpu = ProcessHandle.current().info().totalCpuDuration();
        cpu.ifPresent(it -> text.count(
                MetricsText.STANDARD,
                new Subject("process_cpu_seconds", "Time that the process had a processor."),
                it.toMillis() / 1_000.0));
        var memory = ManagementFactory.getMemoryMXBean();
        Map<String, MemoryUsage> areas =
                Map.of("heap", memory.getHeapMemoryUsage(), "nonheap", memory.getNonHeapMemoryUsage());
        areas.forEach((area, usage) -> {
            text.gauge(
                    MetricsText.STANDARD,
                    new Subject("jvm_memory_used_bytes", "Memory that the JVM uses.", "area"),
                    usage.getUsed(),
                    area);
            text.gauge(
                    MetricsText.STANDARD,
                    new Subject("jvm_memory_max_bytes", "Memory that the JVM may use; -1 for no bound.", "area"),
                    usage.getMax(),
                    area);
        });
        text.gauge(
                MetricsText.STANDARD,
                new Subject("jvm_threads_current", "Platform threads of the JVM."),
                ManagementFactory.getThreadMXBean().getThreadCount());
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        for (GarbageCollectorMXBean collector : collectors) {
            text.count(
                    MetricsText.STANDARD,
                    new Subject("jvm_gc_collections", "Collections of garbage.", "gc"),
                    collector.getCollectionCount(),
                    collector.getName());
            text.count(
                    MetricsText.STANDARD,
                    new Subject("jvm_gc_collection_time_seconds", "Time that collecting garbage took.", "gc"),
                    collector.getCollectionTime() / 1_000.0,
                    collector.getName());
        }
    }
}
