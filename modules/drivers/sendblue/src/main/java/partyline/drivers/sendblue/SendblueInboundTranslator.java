package partyline.drivers.sendblue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.drivers.Bookmark;
import partyline.drivers.RefusedCalls;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// Makes news of what Sendblue tells: in its calls, and in its list of messages, since calls get lost, and
/// none come while this server is down. Thread-safe.
record SendblueInboundTranslator(LineSetup setup, SendblueServices services, Inbound inbound) {

    private static final int PAGE = 100;
    /// What Sendblue showed in the last minute before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    /// Something that a person sent; our own, that of groups, and what is for another line of the account
    /// is dropped: its webhooks are the account's.
    void received(SendblueProviderMessage told) {
        Optional<PhoneNumber> person = told.ends().person();
        if (told.outbound()) {
            dropped("own");
        } else if (told.ends()
                .line()
                .filter(it -> !it.equals(setup.line().number()))
                .isPresent()) {
            dropped("other_number");
        } else if (told.group()) {
            dropped("group");
        } else if (person.isEmpty()) {
            dropped("sender");
        } else if (told.content().text() == null && told.content().mediaUrl() == null) {
            dropped("empty");
        } else {
            told.service().ifPresent(service -> services.saw(person.get(), service));
            inbound.accept(new TextReceived(
                    setup.id(),
                    person.get(),
                    told.times().sent().orElse(setup.now()),
                    told.handle(),
                    told.content().text(),
                    told.content().mediaUrl(),
                    null,
                    told.service().orElse(Service.SMS),
                    told.content().sendStyle()));
        }
    }

    /// How far something of ours got.
    void progress(SendblueProviderMessage told) {
        told.progress()
                .ifPresent(kind -> inbound.receipt(new Receipt(
                        setup.id(),
                        told.handle(),
                        kind,
                        told.times().updated().orElse(setup.now()),
                        told.failure(),
                        told.service())));
        if (told.progress().filter(kind -> kind != Receipt.Kind.FAILED).isPresent()) {
            told.service().ifPresent(service -> told.ends().person().ifPresent(it -> services.saw(it, service)));
        }
    }

    /// Reads what changed since the last time, and was not told; `refused` hears of all that is listed. What
    /// is known already changes nothing.
    void catchUp(SendblueClient client, Bookmark bookmark, RefusedCalls refused) {
        Instant from = bookmark.at().minus(OVERLAP);
        List<Instant> read = new ArrayList<>();
        List<SendblueProviderMessage> page;
        int offset = 0;
        do {
            Optional<List<SendblueProviderMessage>> listed = client.messages(Map.of(
                    "sendblue_number", setup.line().number().text(),
                    "updated_at_gte", Timestamps.iso(from),
                    "order_by", "updatedAt",
                    "order_direction", "asc",
                    "limit", String.valueOf(PAGE),
                    "offset", String.valueOf(offset)));
            if (listed.isEmpty()) {
                return;
            }
            page = listed.get();
            for (SendblueProviderMessage told : page) {
                refused.listed(told.handle());
                bring(told);
                told.times().updated().ifPresent(read::add);
            }
            offset += PAGE;
        } while (page.size() == PAGE);
        read.forEach(bookmark::pass);
        bookmark.keep();
    }

    /// Sends that others made on this number, on Sendblue's own pages for one, are none of our business.
    private void bring(SendblueProviderMessage told) {
        if (!told.outbound()) {
            received(told);
        } else if (setup.around().memory().isSent(setup.line(), told.handle())) {
            progress(told);
        }
    }

    private void dropped(String reason) {
        inbound.dropped(setup.id(), reason);
    }
}
