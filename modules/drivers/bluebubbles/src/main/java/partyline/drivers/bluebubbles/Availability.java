package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import partyline.drivers.Reply;
import partyline.kernel.PhoneNumber;

/// Whether people have iMessage, as far as Apple was asked; remembered for a while. Thread-safe.
final class Availability {

    enum Answer {
        YES(Duration.ofHours(12)),
        NO(Duration.ofHours(1)),
        /// Nobody could say; ask again soon.
        UNKNOWN(Duration.ofMinutes(1));

        private final Duration good;

        Answer(Duration good) {
            this.good = good;
        }
    }

    private record Cache(Answer answer, Instant at) {

        boolean isGood(Instant now) {
            return at.plus(answer.good).isAfter(now);
        }
    }

    private static final int PEOPLE = 20_000;

    private final MacApi api;
    private final MacStatus status;
    private final InstantSource clock;
    private final Map<PhoneNumber, Cache> known = Recent.map(PEOPLE);

    Availability(MacApi api, MacStatus status, InstantSource clock) {
        this.api = api;
        this.status = status;
        this.clock = clock;
    }

    Answer of(PhoneNumber person) {
        Cache before = known.get(person);
        if (before != null && before.isGood(clock.instant())) {
            return before.answer();
        }
        Answer answer = status.now().privateApi() ? ask(person) : Answer.UNKNOWN;
        learn(person, answer);
        return answer;
    }

    void learn(PhoneNumber person, Answer answer) {
        learn(person, answer, clock.instant());
    }

    /// What was so at that time; what is known of a later one stays.
    void learn(PhoneNumber person, Answer answer, Instant at) {
        known.merge(person, new Cache(answer, at), (before, now) -> before.at().isAfter(at) ? before : now);
    }

    private Answer ask(PhoneNumber person) {
        Reply reply = api.get("/handle/availability/imessage", Map.of("address", person.text()));
        if (!(reply instanceof Reply.Answered answer) || !answer.success()) {
            return Answer.UNKNOWN;
        }
        var available = answer.json().path("data").path("available");
        return !available.isBoolean() ? Answer.UNKNOWN : available.asBoolean() ? Answer.YES : Answer.NO;
    }
}
