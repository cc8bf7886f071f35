package partyline.transport.internal.sendblue;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;
import partyline.transport.internal.remote.WrittenTapback;

/// Makes news of what Sendblue tells, whether it called us or we asked: texts, tapbacks and receipts. Thread-safe.
final class News {

    private final LineSetup setup;
    private final Calls calls;
    private final Reach reach;
    private final Inbound inbound;

    News(LineSetup setup, Connection connection, Inbound inbound) {
        this.setup = setup;
        this.calls = connection.calls();
        this.reach = connection.reach();
        this.inbound = inbound;
    }

    /// Something that a person sent; our own, and that of groups, is dropped.
    void received(Told told) {
        String line = setup.line().id();
        if (told.outbound()) {
            inbound.dropped(line, "own");
        } else if (told.group()) {
            inbound.dropped(line, "group");
        } else if (told.person().isEmpty()) {
            inbound.dropped(line, "sender");
        } else if (told.content().text() == null && told.content().mediaUrl() == null) {
            inbound.dropped(line, "empty");
        } else {
            told.service().ifPresent(service -> reach.saw(told.person().get(), service));
            received(told, told.person().get());
        }
    }

    /// How far something of ours got.
    void progress(Told told) {
        told.progress()
                .ifPresent(kind -> inbound.receipt(new Receipt(
                        setup.line().id(),
                        told.handle(),
                        kind,
                        told.times().updated().orElse(now()),
                        told.failure(),
                        told.service())));
        if (told.progress().filter(kind -> kind != Receipt.Kind.FAILED).isPresent()) {
            told.service().ifPresent(service -> told.person().ifPresent(person -> reach.saw(person, service)));
        }
    }

    private void received(Told told, PhoneNumber person) {
        Instant at = told.times().sent().orElse(now());
        Optional<WrittenTapback> tapback = WrittenTapback.of(told.content().text());
        Optional<String> target = tapback.flatMap(it -> target(person, it));
        if (target.isPresent()) {
            inbound.accept(new TapbackReceived(
                    setup.line().id(),
                    person,
                    at,
                    told.handle(),
                    target.get(),
                    tapback.get().reaction(),
                    tapback.get().emoji(),
                    0,
                    tapback.get().removed()));
        } else {
            inbound.accept(new TextReceived(
                    setup.line().id(),
                    person,
                    at,
                    told.handle(),
                    told.content().text(),
                    told.content().mediaUrl(),
                    null,
                    told.service().orElse(Service.IMESSAGE),
                    told.content().sendStyle()));
        }
    }

    /// The newest of our messages to this person that the tapback can be meant for. What cannot be found stays a text.
    private Optional<String> target(PhoneNumber person, WrittenTapback tapback) {
        Map<String, String> ours = Map.of(
                "is_outbound", "true",
                "number", person.text(),
                "from_number", setup.line().number().text(),
                "order_by", "createdAt",
                "order_direction", "desc",
                "limit", "50");
        return calls.messages(ours).orElse(List.of()).stream()
                .filter(told ->
                        tapback.fits(told.content().text(), told.content().mediaUrl() != null))
                .max(Comparator.comparing(told -> told.times().sent().orElse(Instant.EPOCH)))
                .map(Told::handle);
    }

    private Instant now() {
        return setup.around().clock().instant();
    }
}
