package partyline.drivers.sendblue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import partyline.drivers.Cache;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;

/// What people can be reached on: as their last message told, else as Sendblue says, for some hours. Thread-safe.
final class SendblueServices {

    private static final Duration REMEMBERED = Duration.ofHours(6);
    /// After a look-up that failed, so that a sick service is not asked with every text.
    private static final Duration ASSUMED = Duration.ofMinutes(1);

    private final SendblueClient client;
    private final InstantSource clock;
    private final Cache<PhoneNumber, Service> known = new Cache<>();

    SendblueServices(SendblueClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    Service of(PhoneNumber person) {
        return known.get(person, clock.instant()).orElseGet(() -> ask(person));
    }

    void saw(PhoneNumber person, Service service) {
        known.put(person, service, clock.instant(), REMEMBERED);
    }

    private Service ask(PhoneNumber person) {
        Instant now = clock.instant();
        Optional<Service> told = client.get("/api/evaluate-service", Map.of("number", person.text()))
                .answer()
                .map(json -> SendblueMessages.text(json, "service"))
                .flatMap(Service::heard);
        known.put(person, told.orElse(Service.IMESSAGE), now, told.isPresent() ? REMEMBERED : ASSUMED);
        return told.orElse(Service.IMESSAGE);
    }
}
