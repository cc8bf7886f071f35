package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import partyline.drivers.Cache;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;

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

    private final MacApi api;
    private final MacStatus status;
    private final InstantSource clock;
    private final Cache<PhoneNumber, Answer> known = new Cache<>();

    Availability(MacApi api, MacStatus status, InstantSource clock) {
        this.api = api;
        this.status = status;
        this.clock = clock;
    }

    Answer of(PhoneNumber person) {
        return known.get(person, clock.instant()).orElseGet(() -> {
            Answer answer = status.now().privateApi() ? ask(person) : Answer.UNKNOWN;
            learn(person, answer, clock.instant());
            return answer;
        });
    }

    /// What was so at that time; what is known of a later one stays.
    void learn(PhoneNumber person, Answer answer, Instant at) {
        known.put(person, answer, at, answer.good);
    }

    private Answer ask(PhoneNumber person) {
        return api.get("/handle/availability/imessage", Map.of("address", person.text()))
                .answer()
                .map(json -> json.path("data").path("available"))
                .filter(JsonNode::isBoolean)
                .map(available -> available.asBoolean() ? Answer.YES : Answer.NO)
                .orElse(Answer.UNKNOWN);
    }
}
