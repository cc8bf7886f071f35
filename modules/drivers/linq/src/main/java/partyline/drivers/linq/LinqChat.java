package partyline.drivers.linq;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;

/// A thread of one of the account's numbers, `line`, with whom Linq calls `address`. `changed` is when something last
/// happened in it, if Linq says.
record LinqChat(String id, Optional<PhoneNumber> line, String address, boolean group, Optional<Instant> changed) {

    /// The chat as Linq's list shows it.
    static LinqChat of(JsonNode json) {
        return new LinqChat(
                json.path("id").asString(""),
                handles(json, true)
                        .flatMap(it -> PhoneNumber.parse(it).stream())
                        .findFirst(),
                handles(json, false).findFirst().orElse(""),
                json.path("is_group").asBoolean(false),
                LinqMessages.instant(json, "updated_at"));
    }

    /// Whom it is with, if they have a telephone number and it is no group.
    Optional<PhoneNumber> person() {
        return group ? Optional.empty() : PhoneNumber.parse(address);
    }

    /// Whether it is between `number` and one person.
    boolean isOf(PhoneNumber number) {
        return !group && line.equals(Optional.of(number));
    }

    private static Stream<String> handles(JsonNode chat, boolean ours) {
        return chat.path("handles")
                .valueStream()
                .filter(it -> it.path("is_me").asBoolean(false) == ours)
                .map(it -> it.path("handle").asString(""));
    }
}
