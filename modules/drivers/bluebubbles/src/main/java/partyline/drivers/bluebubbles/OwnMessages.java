package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import partyline.drivers.AppleErrors;
import partyline.drivers.Cache;
import partyline.drivers.KnownServices;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// How far what we sent got. The Mac tells of deliveries and reads, but not always when a row that it already told of
/// turns out to have failed: what is not final is asked for again, ever more seldom. That somebody has no iMessage is
/// learnt from it, so that the next text goes another way. Thread-safe.
final class OwnMessages {

    private static final List<Duration> ASK = List.of(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(8));
    private static final int REMEMBERED = 4_000;
    private static final Duration TELLS_OF_NOW = Duration.ofHours(1);

    private record Watched(PhoneNumber person, int asked, Instant dueAt) {}

    private final String line;
    private final MacApi api;
    private final KnownServices services;
    private final InstantSource clock;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final Map<String, Receipt.Kind> told = Cache.newest(REMEMBERED);

    OwnMessages(String line, MacApi api, KnownServices services, InstantSource clock) {
        this.line = line;
        this.api = api;
        this.services = services;
        this.clock = clock;
    }

    void watch(String guid, PhoneNumber person) {
        watched.put(guid, new Watched(person, 0, clock.instant().plus(ASK.getFirst())));
    }

    /// Tells what is new about a row of ours.
    synchronized void see(MacMessage row, Inbound inbound) {
        Optional<Receipt.Kind> kind = kind(row);
        if (kind.isEmpty() || kind.get() == told.get(row.guid())) {
            return;
        }
        if (row.state().error() == AppleErrors.NOT_REGISTERED
                && row.at().isAfter(clock.instant().minus(TELLS_OF_NOW))) {
            person(row).ifPresent(person -> services.saw(person, Service.SMS, clock.instant()));
        }
        Instant at = row.state()
                .readAt()
                .filter(_ -> kind.get() == Receipt.Kind.READ)
                .orElse(row.state().deliveredAt());
        int error = row.state().error();
        Optional<Receipt.Failure> failure = error == 0 ? Optional.empty() : Optional.of(AppleErrors.failure(error));
        inbound.receipt(new Receipt(line, row.guid(), kind.get(), at, failure));
        told.put(row.guid(), kind.get());
        watched.remove(row.guid());
    }

    /// Asks for what is due.
    void ask(Inbound inbound) {
        Instant now = clock.instant();
        watched.forEach((guid, it) -> {
            if (!it.dueAt().isAfter(now)) {
                int asked = it.asked() + 1;
                if (asked == ASK.size()) {
                    watched.remove(guid);
                } else {
                    watched.replace(guid, it, new Watched(it.person(), asked, now.plus(ASK.get(asked))));
                }
                api.message(guid, Map.of()).ifPresent(row -> see(row, inbound));
            }
        });
    }

    /// Whom the row is for; an update tells no chat.
    private Optional<PhoneNumber> person(MacMessage row) {
        return Optional.ofNullable(watched.get(row.guid()))
                .map(Watched::person)
                .or(() -> row.chat().person());
    }

    private static Optional<Receipt.Kind> kind(MacMessage row) {
        return row.state().error() != 0
                ? Optional.of(Receipt.Kind.FAILED)
                : row.state().readAt().isPresent()
                        ? Optional.of(Receipt.Kind.READ)
                        : row.state().delivered() ? Optional.of(Receipt.Kind.DELIVERED) : Optional.empty();
    }
}
