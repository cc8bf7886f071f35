package partyline.transport;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import partyline.kernel.Meters;
import partyline.kernel.Meters.Subject;

/// Counts what passes over the lines. What counts for a line is looked up once. Thread-safe.
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

    /// Of one line.
    private static final class Counters {

        private final Map<Service, Map<Text, LongAdder>> texts;
        private final Map<Service, LongAdder> accepted;
        private final Map<Miss, LongAdder> missed;
        private final Map<Receipt.Kind, LongAdder> receipts;
        private final Meters.Distribution called;

        private Counters(Meters meters, String line) {
            texts = each(
                    Service.class,
                    service -> each(Text.class, it -> meters.counter(TEXTS, line, service.wire(), word(it))));
            accepted = each(Service.class, it -> meters.counter(SENDS, line, it.wire(), "accepted"));
            missed = each(Miss.class, it -> meters.counter(SENDS, line, NO_SERVICE, word(it)));
            receipts = each(Receipt.Kind.class, it -> meters.counter(RECEIPTS, line, word(it)));
            called = meters.distribution(Meters.Scale.TIME, CALLED, line);
        }
    }

    private final Meters meters;
    private final Meters.Distribution stored;
    private final Map<String, Counters> lines = new ConcurrentHashMap<>();

    /// All that counts for `known` lines is there from the beginning, so that its first growth is seen.
    LineTraffic(Meters meters, List<Line> known) {
        this.meters = meters;
        known.forEach(it -> of(it.id()));
        this.stored = meters.distribution(Meters.Scale.TIME, STORED);
    }

    /// A text came that the line told of at `nanos`, by [System#nanoTime].
    void text(InboundEvent.TextReceived text, Text result, long nanos) {
        get(get(of(text.line()).texts, text.service()), result).increment();
        if (result == Text.TAKEN) {
            stored.addSince(nanos);
        }
    }

    /// A line answered a send after `took`.
    void sent(String line, SendResult result, Duration took) {
        of(line).called.add(took);
        answered(line, result);
    }

    /// A line said what became of a send.
    void answered(String line, SendResult result) {
        Counters counters = of(line);
        LongAdder counter = switch (result) {
            case SendResult.Accepted accepted -> get(counters.accepted, accepted.service());
            case SendResult.Refused _ -> get(counters.missed, Miss.REFUSED);
            case SendResult.NotSent _ -> get(counters.missed, Miss.NOT_SENT);
            case SendResult.Unknown _ -> get(counters.missed, Miss.UNKNOWN);
        };
        counter.increment();
    }

    void receipt(Receipt receipt) {
        get(of(receipt.line()).receipts, receipt.kind()).increment();
    }

    private Counters of(String line) {
        return lines.computeIfAbsent(line, it -> new Counters(meters, it));
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
