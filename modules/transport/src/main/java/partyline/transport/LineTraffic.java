package partyline.transport;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Meters;
import partyline.kernel.Meters.Subject;

/// What passes over the lines: counted, and of the latest when it was. What counts for a line is looked up once.
/// Thread-safe.
final class LineTraffic {

    /// What became of a text that a line brought.
    enum Text {
        /// It is on disk.
        TAKEN,
        /// It had come before.
        REPEATED,
        /// It could not even be stored.
        SET_ASIDE
    }

    /// What came of a send that its line did not take, or of the question what had become of it.
    private enum Miss {
        REFUSED,
        NOT_SENT,
        UNKNOWN
    }

    private static final String LINE = "line";
    private static final String SERVICE = "service";
    private static final String RESULT = "result";
    private static final Subject TEXTS = new Subject(
            "texts_in", "Texts of people that lines brought, by what became of them.", LINE, SERVICE, RESULT);
    private static final Subject SENDS = new Subject(
            "sends",
            "What lines answered to sends, and to questions what became of them; the service is known of what they took.",
            LINE,
            SERVICE,
            RESULT);
    private static final Subject RECEIPTS =
            new Subject("receipts", "Receipts that lines brought, repeated ones too.", LINE, "kind");
    private static final Subject STORED =
            new Subject("text_stored_seconds", "Time from a line's telling of a text until that is on disk.");
    private static final Subject CALLED =
            new Subject("send_call_seconds", "Time that a line took to answer a send.", LINE);
    private static final String NO_SERVICE = "none";

    /// What passed over one line.
    static final class Passed {

        private final Map<Service, Map<Text, LongAdder>> texts;
        private final Map<Service, LongAdder> accepted;
        private final Map<Miss, LongAdder> missed;
        private final Map<Receipt.Kind, LongAdder> receipts;
        private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
        private final Meters.Distribution called;
        private final AtomicInteger failures = new AtomicInteger();
        private volatile @Nullable Instant inbound;
        private volatile @Nullable Instant delivered;
        private volatile @Nullable Instant misnamed;

        private Passed(Meters meters, String line) {
            texts = each(
                    Service.class,
                    service -> each(Text.class, it -> meters.counter(TEXTS, line, service.wire(), word(it))));
            accepted = each(Service.class, it -> meters.counter(SENDS, line, it.wire(), "accepted"));
            missed = each(Miss.class, it -> meters.counter(SENDS, line, NO_SERVICE, word(it)));
            receipts = each(Receipt.Kind.class, it -> meters.counter(RECEIPTS, line, word(it)));
            called = meters.distribution(Meters.Scale.TIME, CALLED, line);
        }

        Optional<Instant> lastInbound() {
            return Optional.ofNullable(inbound);
        }

        Optional<Instant> lastDelivered() {
            return Optional.ofNullable(delivered);
        }

        Optional<Instant> lastMisnamed() {
            return Optional.ofNullable(misnamed);
        }

        /// Sends that failed one after the other until now.
        int failures() {
            return failures.get();
        }

        /// How much news was dropped, by reason.
        Map<String, Long> dropped() {
            return dropped.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, it -> it.getValue().sum()));
        }
    }

    private final Meters meters;
    private final InstantSource clock;
    private final Meters.Distribution stored;
    private final Map<String, Passed> lines = new ConcurrentHashMap<>();

    /// All that counts for `known` lines is there from the beginning, so that its first growth is seen.
    LineTraffic(Meters meters, InstantSource clock, List<Line> known) {
        this.meters = meters;
        this.clock = clock;
        known.forEach(it -> of(it.id()));
        this.stored = meters.distribution(Meters.Scale.TIME, STORED);
    }

    /// A line told of something that a person did.
    void heard(String line) {
        of(line).inbound = clock.instant();
    }

    /// A text came that the line told of at `nanos`, by [System#nanoTime].
    void text(InboundEvent.TextReceived text, Text result, long nanos) {
        get(get(of(text.line()).texts, text.service()), result).increment();
        if (result == Text.TAKEN) {
            stored.add(System.nanoTime() - nanos);
        }
    }

    /// A line answered a send that was called at `nanos`, by [System#nanoTime].
    void sent(String line, SendResult result, long nanos) {
        Passed passed = of(line);
        passed.called.add(System.nanoTime() - nanos);
        count(passed, result);
        switch (result) {
            case SendResult.Accepted _, SendResult.Refused _ -> passed.failures.set(0);
            case SendResult.NotSent notSent when notSent.pause().isPresent() -> {}
            case SendResult.NotSent _, SendResult.Unknown _ -> passed.failures.incrementAndGet();
        }
    }

    /// A line said what became of a send.
    void answered(String line, SendResult result) {
        count(of(line), result);
    }

    private static void count(Passed passed, SendResult result) {
        LongAdder counter = switch (result) {
            case SendResult.Accepted accepted -> get(passed.accepted, accepted.service());
            case SendResult.Refused _ -> get(passed.missed, Miss.REFUSED);
            case SendResult.NotSent _ -> get(passed.missed, Miss.NOT_SENT);
            case SendResult.Unknown _ -> get(passed.missed, Miss.UNKNOWN);
        };
        counter.increment();
    }

    void receipt(Receipt receipt) {
        Passed passed = of(receipt.line());
        get(passed.receipts, receipt.kind()).increment();
        if (receipt.kind() == Receipt.Kind.DELIVERED) {
            passed.delivered = clock.instant();
        }
    }

    /// It gave something the name of something else.
    void misnamed(String line) {
        of(line).misnamed = clock.instant();
    }

    /// News came that is nobody's, for this reason.
    void dropped(String line, String reason) {
        of(line).dropped.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }

    Passed of(String line) {
        return lines.computeIfAbsent(line, it -> new Passed(meters, it));
    }

    private static <E extends Enum<E>, T> Map<E, T> each(Class<E> type, Function<E, T> made) {
        Map<E, T> all = new EnumMap<>(type);
        for (E it : type.getEnumConstants()) {
            all.put(it, made.apply(it));
        }
        return all;
    }

    private static <K, V> V get(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
