package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// Finds out what became of a send on a service that knows no client ids: by what its status callbacks said,
/// else by looking for the text among what the service says it sent. A message of that list that belongs to
/// another send is never taken for it, and only when the list has not shown it for a while (two minutes by
/// default) it certainly did not go out. Thread-safe.
public final class Reconciler {

    public static final Duration USUALLY_LOST_AFTER = Duration.ofMinutes(2);

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Line line;
    private final LineSetup.Surroundings around;
    private final Duration lostAfter;
    private final Cache<Id, Instant> doubts = new Cache<>();

    /// What the list has not shown for `lostAfter` did not go out.
    public Reconciler(LineSetup setup, Duration lostAfter) {
        this.lostAfter = lostAfter;
        this.line = setup.line();
        this.around = setup.around();
    }

    /// What became of this send before, on `service` for all we know; else what comes of sending it now,
    /// which is noted.
    public SendResult once(Outgoing message, Service service, Supplier<SendResult> send) {
        Optional<SendResult> before = before(message, service);
        if (before.isPresent()) {
            return before.get();
        }
        SendResult result = send.get();
        if (result instanceof SendResult.Accepted accepted) {
            sent(message.clientId().text(), accepted.providerId());
        } else if (result instanceof SendResult.Unknown) {
            doubt(message);
        }
        return result;
    }

    /// Keeps that the service called `client` so: a message, by its id, or a part of one.
    public void sent(String client, String providerId) {
        around.memory().sent(line, client, providerId, around.clock().instant());
    }

    /// What the service called it, if that is known.
    public Optional<String> sentAs(String client) {
        return around.memory().sentAs(line, client);
    }

    /// Whether it is known what the service calls so: not another send, then.
    public boolean isSent(String providerId) {
        return around.memory().isSent(line, providerId);
    }

    /// From now on nobody knows whether `message` went out.
    public void doubt(Outgoing message) {
        Instant now = around.clock().instant();
        doubts.put(message.clientId(), now, now, REMEMBERED);
    }

    /// Whether `message`, which the service does not show, certainly did not go out; if nobody doubted it yet, that
    /// begins now.
    public boolean isLost(Outgoing message) {
        Instant now = around.clock().instant();
        Optional<Instant> doubted = doubts.get(message.clientId(), now);
        if (doubted.isEmpty()) {
            doubt(message);
        }
        return doubted.filter(at -> !at.plus(lostAfter).isAfter(now)).isPresent();
    }

    /// What became of `message`, which was not sent before `since`; `list` is what the service says it sent to this
    /// person, on `service` for all we know, with the words that it was given; empty when it does not say.
    public SendResult find(
            Outgoing message, Instant since, Service service, Supplier<Optional<List<ServiceMessage>>> list) {
        return before(message, service)
                .orElseGet(() -> list.get()
                        .map(listed -> settle(message, since, service, listed))
                        .orElseGet(() -> new SendResult.Unknown("The service does not say what it sent.")));
    }

    private Optional<SendResult> before(Outgoing message, Service service) {
        return sentAs(message.clientId().text()).map(id -> new SendResult.Accepted(id, service, false));
    }

    private SendResult settle(Outgoing message, Instant since, Service service, List<ServiceMessage> listed) {
        Optional<ServiceMessage> found = listed.stream()
                .filter(it -> it.at().orElse(since).isAfter(since.minus(CLOCKS_DIFFER)))
                .filter(it -> same(it.content(), message.text()))
                .filter(it -> !isSent(it.id()))
                .min(Comparator.comparing(it -> it.at().orElse(since)));
        if (found.isPresent()) {
            sent(message.clientId().text(), found.get().id());
            return new SendResult.Accepted(
                    found.get().id(), found.get().service().orElse(service), false);
        }
        return isLost(message)
                ? new SendResult.NotSent("The service never got it.")
                : new SendResult.Unknown("The service does not show it yet.");
    }

    /// Media may have been left out, or come at another address: it tells nothing when there is text.
    private static boolean same(ServiceMessage.Content listed, @Nullable String text) {
        String said = listed.text() == null ? "" : listed.text();
        return said.equals(text == null ? "" : text)
                && (!said.isEmpty() || !listed.media().isEmpty());
    }
}
