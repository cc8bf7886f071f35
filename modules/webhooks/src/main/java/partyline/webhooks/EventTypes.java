package partyline.webhooks;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The names that a subscription may list. Those of mail, SMS, calls and agents' tasks are accepted, since
/// receivers for many channels name them all at once, and never fire: nothing of the kind happens here.
public final class EventTypes {

    private static final List<String> FIRED = List.of(
            "imessage.received",
            "imessage.reaction_received",
            "imessage.sent",
            "imessage.delivered",
            "imessage.delivery_failed");
    private static final List<String> SILENT = List.of(
            "message.received",
            "message.sent",
            "message.forwarded",
            "message.delivered",
            "message.bounced",
            "message.failed",
            "text.received",
            "text.sent",
            "text.delivered",
            "text.delivery_failed",
            "text.delivery_unconfirmed",
            "call.ended",
            "a2a.task.created",
            "a2a.task.message",
            "a2a.task.canceled",
            "a2a.sent_task.updated");

    private EventTypes() {}

    /// All of them.
    public static List<String> all() {
        return Stream.concat(FIRED.stream(), SILENT.stream()).toList();
    }

    /// Those of `eventTypes` that never fire.
    public static List<String> silent(List<String> eventTypes) {
        return eventTypes.stream().filter(SILENT::contains).toList();
    }

    /// Those of `eventTypes` that happen here.
    static Set<String> firedOf(List<String> eventTypes) {
        return eventTypes.stream().filter(FIRED::contains).collect(Collectors.toSet());
    }

    static boolean isFired(String eventType) {
        return FIRED.contains(eventType);
    }

    /// Whether they are of several families, as the names before the first dot.
    static boolean areMixed(List<String> eventTypes) {
        return eventTypes.stream()
                        .map(it -> it.substring(0, it.indexOf('.')))
                        .distinct()
                        .count()
                > 1;
    }

    /// What is wrong with this list, to be read after `event_types`; empty when a subscription may have it.
    /// Clients look for the name of an event that they can do without, so it is quoted.
    static Optional<String> problem(List<String> eventTypes) {
        if (eventTypes.isEmpty()) {
            return Optional.of("must name at least one event");
        }
        for (String eventType : eventTypes) {
            if (!FIRED.contains(eventType) && !SILENT.contains(eventType)) {
                return Optional.of(eventType + " is not a supported event type");
            }
        }
        return new HashSet<>(eventTypes).size() < eventTypes.size()
                ? Optional.of("must name every event once")
                : Optional.empty();
    }
}
