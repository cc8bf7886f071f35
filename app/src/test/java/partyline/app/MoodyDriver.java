package partyline.app;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.InboundEvent;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.Receipt.Kind;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// A driver before the true one that is slow to answer and tells receipts wildly, for texts that begin with
/// certain words: `hang` does not answer and does not send as long as it is told to hang, `late` sends and
/// answers after the time-out, `blind` never knows what became of it, `rest` wants an hour's pause first,
/// `early` tells receipts before the call returns, backwards and twice.
final class MoodyDriver implements Driver {

    static final Duration PATIENCE = Duration.ofMillis(300);

    private final Driver driver;
    private final BooleanSupplier hanging;
    private final Set<Id> rested = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Inbound server;

    MoodyDriver(Driver driver, BooleanSupplier hanging) {
        this.driver = driver;
        this.hanging = hanging;
    }

    @Override
    public void start(Inbound inbound) {
        server = inbound;
        driver.start(inbound);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        return switch (mood(message)) {
            case "hang" -> {
                hang(hanging);
                yield driver.send(line, message);
            }
            case "late" -> {
                SendResult answer = driver.send(line, message);
                Instant end = Instant.now().plus(PATIENCE.multipliedBy(2));
                hang(() -> Instant.now().isBefore(end));
                yield answer;
            }
            case "blind" -> new SendResult.Unknown("It cannot see.");
            case "rest" ->
                rested.add(message.clientId())
                        ? new SendResult.NotSent("It wants to rest.", Optional.of(Duration.ofHours(1)))
                        : driver.send(line, message);
            case "same" -> same(line, message, driver.send(line, message));
            case "early" -> early(line, driver.send(line, message));
            default -> driver.send(line, message);
        };
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return switch (mood(message)) {
            case "hang" -> {
                hang(hanging);
                yield driver.reconcile(line, message, since);
            }
            case "blind" -> new SendResult.Unknown("It still cannot see.");
            default -> driver.reconcile(line, message, since);
        };
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return driver.capabilities(line, recipient);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return switch (String.valueOf(reaction)) {
            case "eyes" -> TapbackResult.NEVER;
            case "question" -> TapbackResult.NOT_NOW;
            default -> driver.tapback(line, to, target, reaction, partIndex);
        };
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        driver.markRead(line, person, until);
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        driver.typing(line, person, typing);
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return driver.download(line, media);
    }

    @Override
    public Health health(Line line) {
        return driver.health(line);
    }

    @Override
    public List<String> check(Line line) {
        return driver.check(line);
    }

    @Override
    public void close() {
        driver.close();
    }

    private static String mood(Outgoing message) {
        return message.text() == null ? "" : message.text().split(" ", 2)[0];
    }

    /// Not even an interrupt gets it out of there.
    private static void hang(BooleanSupplier wanted) {
        while (wanted.getAsBoolean()) {
            Thread.interrupted();
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// The person's next text has the id of ours.
    private SendResult same(Line line, Outgoing message, SendResult answer) {
        Inbound told = server;
        if (told != null && answer instanceof SendResult.Accepted accepted) {
            told.accept(new InboundEvent.TextReceived(
                    line.id(),
                    message.to(),
                    Instant.now(),
                    accepted.providerId(),
                    "under the same id",
                    null,
                    null,
                    null,
                    Service.IMESSAGE,
                    null));
        }
        return answer;
    }

    private SendResult early(Line line, SendResult answer) {
        Inbound told = server;
        if (told != null && answer instanceof SendResult.Accepted accepted) {
            for (Kind kind : List.of(Kind.DELIVERED, Kind.SENT, Kind.DELIVERED, Kind.SENT)) {
                told.receipt(new Receipt(line.id(), accepted.providerId(), kind, Instant.now(), Optional.empty()));
            }
        }
        return answer;
    }
}
