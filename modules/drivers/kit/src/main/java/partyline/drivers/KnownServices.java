package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;

/// What people can be reached on: as their last message or the fate of ours told, else as the service of the line
/// says, for some hours. Thread-safe.
public final class KnownServices {

    private static final Duration REMEMBERED = Duration.ofHours(6);
    /// After a question that got no answer, so that a sick service is not asked with every text.
    private static final Duration UNANSWERED = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Duration without;
    private final Function<PhoneNumber, Optional<Service>> ask;
    private final Cache<PhoneNumber, Optional<Service>> known = new Cache<>();

    /// `ask` puts the question to the line's service; who has no iMessage is asked about again after `without`.
    public KnownServices(InstantSource clock, Duration without, Function<PhoneNumber, Optional<Service>> ask) {
        this.clock = clock;
        this.without = without;
        this.ask = ask;
    }

    /// Empty when nobody could say.
    public Optional<Service> of(PhoneNumber person) {
        Instant now = clock.instant();
        return known.get(person, now).orElseGet(() -> {
            Optional<Service> told = ask.apply(person);
            keep(person, told, now);
            return told;
        });
    }

    /// What was so at that time; what is known of a later one stays.
    public void saw(PhoneNumber person, Service service, Instant at) {
        keep(person, Optional.of(service), at);
    }

    private void keep(PhoneNumber person, Optional<Service> told, Instant at) {
        Duration good =
                told.map(it -> it == Service.IMESSAGE ? REMEMBERED : without).orElse(UNANSWERED);
        known.put(person, told, at, good);
    }
}
