package partyline.drivers.sendblue;

import java.time.Instant;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// Makes news of what Sendblue tells, whether it called us or we asked: texts and receipts. Thread-safe.
final class SendblueInboundTranslator {

    private final LineSetup setup;
    private final SendblueServices reach;
    private final Inbound inbound;

    SendblueInboundTranslator(LineSetup setup, SendblueConnection connection, Inbound inbound) {
        this.setup = setup;
        this.reach = connection.reach();
        this.inbound = inbound;
    }

    /// Something that a person sent; our own, that of groups, and what is for another line of the account
    /// is dropped: its webhooks are the account's.
    void received(SendblueProviderMessage told) {
        String line = setup.line().id();
        if (told.outbound()) {
            inbound.dropped(line, "own");
        } else if (told.ends()
                .line()
                .filter(it -> !it.equals(setup.line().number()))
                .isPresent()) {
            inbound.dropped(line, "other_number");
        } else if (told.group()) {
            inbound.dropped(line, "group");
        } else if (told.ends().person().isEmpty()) {
            inbound.dropped(line, "sender");
        } else if (told.content().text() == null && told.content().mediaUrl() == null) {
            inbound.dropped(line, "empty");
        } else {
            told.service().ifPresent(service -> reach.saw(told.ends().person().get(), service));
            received(told, told.ends().person().get());
        }
    }

    /// How far something of ours got.
    void progress(SendblueProviderMessage told) {
        told.progress()
                .ifPresent(kind -> inbound.receipt(new Receipt(
                        setup.line().id(),
                        told.handle(),
                        kind,
                        told.times().updated().orElse(now()),
                        told.failure(),
                        told.service())));
        if (told.progress().filter(kind -> kind != Receipt.Kind.FAILED).isPresent()) {
            told.service().ifPresent(service -> told.ends().person().ifPresent(person -> reach.saw(person, service)));
        }
    }

    private void received(SendblueProviderMessage told, PhoneNumber person) {
        inbound.accept(new TextReceived(
                setup.line().id(),
                person,
                told.times().sent().orElse(now()),
                told.handle(),
                told.content().text(),
                told.content().mediaUrl(),
                null,
                told.service().orElse(Service.SMS),
                told.content().sendStyle()));
    }

    private Instant now() {
        return setup.around().clock().instant();
    }
}
