package partyline.transport;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// A driver that answers as it is bidden and remembers what it was asked.
final class FakeDriver implements Driver {

    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<String> reconciled = new CopyOnWriteArrayList<>();
    volatile Function<Outgoing, SendResult> onSend = FakeDriver::accept;
    volatile Function<Outgoing, SendResult> onReconcile = FakeDriver::accept;
    volatile @Nullable Inbound inbound;
    volatile boolean closed;
    volatile Duration patience = Duration.ofSeconds(60);
    final AtomicInteger askedHealth = new AtomicInteger();

    static SendResult accept(Outgoing message) {
        return new SendResult.Accepted(providerId(message), Service.IMESSAGE, false);
    }

    static String providerId(Outgoing message) {
        return "p-" + message.text();
    }

    Inbound inbound() {
        Inbound known = inbound;
        if (known == null) {
            throw new AssertionError("the driver was not started");
        }
        return known;
    }

    @Override
    public void start(Inbound inbound) {
        this.inbound = inbound;
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return new Capabilities(true, true, true, true, true, true);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        sent.add(String.valueOf(message.text()));
        return onSend.apply(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        reconciled.add(String.valueOf(message.text()));
        return onReconcile.apply(message);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return TapbackResult.TAKEN;
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        throw new IllegalStateException("out of order");
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {}

    @Override
    public Download download(Line line, String media) throws IOException {
        throw new IOException("nothing there");
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public Duration patience(Outgoing message) {
        return message.mediaUrl() == null ? patience : Duration.ofSeconds(60);
    }

    @Override
    public Health health(Line line) {
        askedHealth.incrementAndGet();
        return Health.UP;
    }

    @Override
    public List<String> check(Line line) {
        return List.of();
    }

    @Override
    public void close() {
        closed = true;
    }
}
