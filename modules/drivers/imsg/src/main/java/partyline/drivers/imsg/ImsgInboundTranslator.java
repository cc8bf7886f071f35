package partyline.drivers.imsg;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.Cache;
import partyline.drivers.KnownServices;
import partyline.drivers.Reconciler;
import partyline.drivers.imsg.ImsgMessage.Attachment;
import partyline.drivers.imsg.ImsgMessage.Tapback;
import partyline.kernel.Json;
import partyline.kernel.Overloaded;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StorageFull;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Service;
import partyline.transport.Stranger;
import tools.jackson.databind.JsonNode;

/// Makes news of the Mac's rows, or drops them for a reason; each once, however often it is read. A row that shows
/// nothing yet may show it at a later look, and one that cannot be taken in is tried again; it stops nobody else's.
/// Used by one thread.
final class ImsgInboundTranslator {

    private static final Logger LOG = LoggerFactory.getLogger(ImsgInboundTranslator.class);
    private static final int REMEMBERED = 4_000;
    private static final Duration INCOMPLETE = Duration.ofSeconds(8);
    private static final int TRIES = 3;
    private static final int LISTED = 200;
    /// A chat may go on with another service.
    private static final Duration LISTED_FOR = Duration.ofMinutes(5);

    /// How macOS 26 begins the guids of all chats.
    private static final String ANY = "any";

    /// A row that was read and not told: since when, and how often it failed.
    private record Awaited(Instant since, int failures) {}

    private final LineSetup setup;
    private final ImsgClient imsg;
    private final KnownServices services;
    private final Reconciler reconciler;
    private final ImsgReceipts receipts;
    private final Inbound inbound;
    /// By guid; the inbox remembers what it was told for longer.
    private final Map<String, Boolean> told = Cache.newest(REMEMBERED);

    private final Map<String, Awaited> awaited = Cache.newest(REMEMBERED);
    /// What the chats are that macOS calls `any`, by their ids.
    private final Cache<Long, Service> chats = new Cache<>();

    ImsgInboundTranslator(
            LineSetup setup,
            ImsgClient imsg,
            KnownServices services,
            Reconciler reconciler,
            ImsgReceipts receipts,
            Inbound inbound) {
        this.setup = setup;
        this.imsg = imsg;
        this.services = services;
        this.reconciler = reconciler;
        this.receipts = receipts;
        this.inbound = inbound;
    }

    /// Whether something that was read has to be read again soon.
    boolean waits() {
        return !awaited.isEmpty();
    }

    /// When this returns the row is on disk, nothing for anybody, or waited for.
    void take(ImsgMessage row) {
        if (told.containsKey(row.guid())) {
            return;
        }
        Awaited before = awaited.getOrDefault(row.guid(), new Awaited(setup.now(), 0));
        try {
            if (tell(row, before)) {
                told.put(row.guid(), true);
                awaited.remove(row.guid());
            } else {
                awaited.put(row.guid(), before);
            }
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            failed(row, before, e);
        }
    }

    private void failed(ImsgMessage row, Awaited before, RuntimeException cause) {
        LOG.warn(
                "event=row_failed line={} rowid={} guid={} fix=\"none yet, it is tried again\"",
                setup.id(),
                row.rowId(),
                row.guid(),
                cause);
        if (before.failures() + 1 < TRIES) {
            awaited.put(row.guid(), new Awaited(before.since(), before.failures() + 1));
        } else {
            LOG.error(
                    "event=row_set_aside line={} rowid={} guid={}"
                            + " fix=\"report this, it is a bug; what this row of the Mac tells is lost\"",
                    setup.id(),
                    row.rowId(),
                    row.guid());
            told.put(row.guid(), true);
            awaited.remove(row.guid());
            inbound.dropped(setup.id(), "failed");
        }
    }

    /// False when it shows nothing yet.
    private boolean tell(ImsgMessage row, Awaited before) {
        if (row.fromMe()) {
            mine(row);
            return true;
        }
        Optional<String> drop = reasonToDrop(row);
        if (drop.isPresent()) {
            inbound.dropped(setup.id(), drop.get());
            return true;
        }
        boolean young = before.since().plus(INCOMPLETE).isAfter(setup.now());
        if (row.isEmpty()) {
            if (!young) {
                inbound.dropped(setup.id(), "empty");
            }
            return !young;
        }
        row.person(setup::person).ifPresentOrElse(person -> hers(row, person), () -> stranger(row));
        return true;
    }

    /// After a restart it is not known how far what we sent got.
    private void mine(ImsgMessage row) {
        if (row.tapback().isEmpty() && reconciler.isSent(row.guid())) {
            row.person(setup::person).ifPresent(person -> receipts.watch(row.guid(), person));
        }
    }

    private Optional<String> reasonToDrop(ImsgMessage row) {
        if (row.chat().group()) {
            return Optional.of("group");
        }
        if (row.poll()) {
            return Optional.of("poll");
        }
        boolean echo =
                row.person(setup::person).filter(setup.line().number()::equals).isPresent()
                        || reconciler.isSent(row.guid());
        return echo ? Optional.of("echo") : Optional.empty();
    }

    private void stranger(ImsgMessage row) {
        String text = row.tapback().isPresent() || row.text().isEmpty() ? null : row.text();
        String address = row.sender().isEmpty() ? row.chat().identifier() : row.sender();
        Instant at = row.at().orElse(setup.now());
        inbound.stranger(setup.id(), new Stranger(address, at, text, named(row).orElse(Service.SMS)));
    }

    private void hers(ImsgMessage row, PhoneNumber person) {
        Service service = service(row, person);
        Instant at = row.at().orElse(setup.now());
        if (service == Service.IMESSAGE || setup.line().fallback() == Line.Fallback.SMS) {
            services.saw(person, service, at);
        }
        if (row.tapback().isPresent()) {
            inbound.accept(tapback(row, person, at, row.tapback().get()));
            return;
        }
        receipts.wrote(person);
        List<Attachment> files = row.attachments();
        for (int part = 0; part < Math.max(1, files.size()); part++) {
            Attachment file = files.isEmpty() ? null : files.get(part);
            inbound.accept(text(row, person, at, part, file, service));
        }
    }

    private TapbackReceived tapback(ImsgMessage row, PhoneNumber person, Instant at, Tapback told) {
        return new TapbackReceived(
                setup.id(),
                person,
                at,
                row.guid(),
                told.target(),
                told.reaction(),
                told.emoji(),
                told.part(),
                told.removed());
    }

    private TextReceived text(
            ImsgMessage row, PhoneNumber person, Instant at, int part, @Nullable Attachment file, Service service) {
        return new TextReceived(
                setup.id(),
                person,
                at,
                part == 0 ? row.guid() : row.guid() + "#" + part,
                part > 0 || row.text().isEmpty() ? null : row.text(),
                file == null ? null : new MediaReference(row.rowId(), part, row.guid()).text(),
                file == null || file.type().isEmpty() ? null : file.type(),
                file == null || file.name().isEmpty() ? null : file.name(),
                service,
                null);
    }

    /// What the chat is named by, else what imsg says of it; of a service that is unknown, what most words stop: SMS.
    private Service service(ImsgMessage row, PhoneNumber person) {
        if (!row.chat().service().equals(ANY)) {
            return named(row).orElse(Service.SMS);
        }
        Instant now = setup.now();
        if (chats.get(row.chat().id(), now).isEmpty()) {
            imsg.call("chats.list", Json.object().put("limit", LISTED), ImsgClient.QUICK)
                    .result()
                    .ifPresent(this::listed);
        }
        return chats.get(row.chat().id(), now).or(() -> services.of(person)).orElse(Service.SMS);
    }

    private static Optional<Service> named(ImsgMessage row) {
        return Service.heard(row.chat().service());
    }

    private void listed(JsonNode json) {
        for (JsonNode chat : json.path("chats")) {
            Service.heard(chat.path("service").asString(""))
                    .ifPresent(service -> chats.put(chat.path("id").asLong(0), service, setup.now(), LISTED_FOR));
        }
    }
}
