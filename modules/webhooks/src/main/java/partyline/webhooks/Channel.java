package partyline.webhooks;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A family of event types; a subscription stays within one. Calls are never made here, but agents that subscribe to
/// their end at start-up must not fail.
enum Channel {
    IMESSAGE(Set.of(
            "imessage.received",
            "imessage.reaction_received",
            "imessage.sent",
            "imessage.delivered",
            "imessage.delivery_failed")),
    CALL(Set.of("call.ended"));

    private final Set<String> eventTypes;

    Channel(Set<String> eventTypes) {
        this.eventTypes = eventTypes;
    }

    /// The name in the database.
    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What is wrong with this list of event types, to be read after `event_types`; empty when a subscription may have
    /// it. Clients look for the name of an event that they can do without, so it is quoted.
    static Optional<String> problem(List<String> eventTypes) {
        if (eventTypes.isEmpty()) {
            return Optional.of("must name at least one event");
        }
        for (String eventType : eventTypes) {
            if (of(eventType).isEmpty()) {
                return Optional.of(eventType + " is not a supported event type");
            }
        }
        if (new HashSet<>(eventTypes).size() < eventTypes.size()) {
            return Optional.of("must name every event once");
        }
        if (eventTypes.stream().map(Channel::of).distinct().count() > 1) {
            return Optional.of("must all belong to one channel: make a subscription for each");
        }
        return Optional.empty();
    }

    /// The channel of an event type, if it is supported.
    static Optional<Channel> of(String eventType) {
        return Arrays.stream(values())
                .filter(channel -> channel.eventTypes.contains(eventType))
                .findFirst();
    }
}
