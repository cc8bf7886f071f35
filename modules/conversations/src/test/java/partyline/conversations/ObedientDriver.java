package partyline.conversations;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// A driver that answers as it is bidden and remembers what the phones were shown.
final class ObedientDriver implements Driver {

    final List<Outgoing> sent = new CopyOnWriteArrayList<>();
    /// The texts that it was asked about.
    final List<String> asked = new CopyOnWriteArrayList<>();
    /// Tapbacks, read receipts and typing bubbles, in words.
    final List<String> shown = new CopyOnWriteArrayList<>();
    volatile Function<Outgoing, SendResult> onSend = ObedientDriver::accept;
    volatile TapbackResult onTapback = TapbackResult.TAKEN;

    static SendResult accept(Outgoing message) {
        return new SendResult.Accepted("p-" + message.clientId(), Service.IMESSAGE, false);
    }

    List<String> texts() {
        return sent.stream().map(it -> String.valueOf(it.text())).toList();
    }

    @Override
    public void start(Inbound inbound) {}

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return new Capabilities(true, true, true, true, true, true);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        sent.add(message);
        return onSend.apply(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        asked.add(String.valueOf(message.text()));
        return new SendResult.Unknown("nobody knows");
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        shown.add(reaction + " on " + target);
        return onTapback;
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        shown.add("read by " + person.text());
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        shown.add("typing to " + person.text());
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        throw new IOException("nothing there");
    }

    @Override
    public Health health(Line line) {
        return Health.UP;
    }

    @Override
    public List<String> check(Line line) {
        return List.of();
    }

    @Override
    public void close() {}
}
