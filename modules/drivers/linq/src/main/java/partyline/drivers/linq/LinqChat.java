package partyline.drivers.linq;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;

/// A thread of one of the account's numbers, `line`; `person` is whom it is with, if they have a telephone number and
/// it is no group. `changed` is when something last happened in it, if Linq says.
record LinqChat(
        String id, Optional<PhoneNumber> line, Optional<PhoneNumber> person, boolean group, Optional<Instant> changed) {

    /// The chat as Linq's list shows it.
    static LinqChat of(JsonNode json) {
        boolean group = json.path("is_group").asBoolean(false);
        return new LinqChat(
                json.path("id").asString(""),
                handle(json, true).findFirst(),
                group ? Optional.empty() : handle(json, false).findFirst(),
                group,
                LinqMessages.instant(json, "updated_at"));
    }

    /// Whether it is between `number` and one person.
    boolean isOf(PhoneNumber number) {
        return !group && line.equals(Optional.of(number));
    }

    private static Stream<PhoneNumber> handle(JsonNode chat, boolean ours) {
        return chat.path("handles")
                .valueStream()
                .filter(it -> it.path("is_me").asBoolean(false) == ours)
                .flatMap(it -> PhoneNumber.parse(it.path("handle").asString("")).stream());
    }
}
