package partyline.webhooks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.webhooks.ContextConfig.Window;
import partyline.webhooks.Delivery.Target;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts `data.context`, the history that a subscription asked for, and the person's name into an event's
/// envelope. That is done before the first attempt rather than when the event is stored, where it would hold
/// up every other write.
///
/// A context has at most 256 KB; what is too much is dropped from the oldest end, and `truncated` says so. A
/// window of hours brings at most 200 texts, and one text at most 4,000 characters. Thread-safe.
final class ContextWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ContextWriter.class);
    /// What is told later than this after it happened is kept as a delivery: the journal forgets it before the
    /// log does.
    private static final Duration LATE = Duration.ofHours(1);

    private static final String RECEIVED = "imessage.received";
    private static final String CONTACTS = "contacts";
    private static final int LARGEST = 256 * 1_024;
    /// Room for the blocks around the items.
    private static final int LARGEST_ITEMS = LARGEST - 4 * 1_024;

    private static final int MOST_ITEMS = 200;
    private static final int LONGEST_TEXT = 4_000;

    private final ContextSource source;
    private final PersonNames names;

    ContextWriter(ContextSource source, PersonNames names) {
        this.source = source;
        this.names = names;
    }

    /// The first attempt to tell `target` of an event, made `now`. It goes without history and names when they
    /// cannot be had: the event is worth more.
    Delivery delivery(Event event, Target target, Instant now) {
        Optional<String> own;
        try {
            own = body(event, target.subscription().terms().context());
        } catch (RuntimeException e) {
            Id subscription = target.subscription().id();
            LOG.error(
                    "event=webhook_context_lost subscription={} about={}"
                            + " fix=\"report this, it is a bug; the event went without history and names\"",
                    subscription,
                    event.id(),
                    e);
            own = Optional.empty();
        }
        Delivery.Payload payload = new Delivery.Payload(
                event.seq(),
                event.event(),
                event.type(),
                own.orElseGet(event::envelope),
                own.isPresent() || event.occurredAt().isBefore(now.minus(LATE)),
                event.occurredAt());
        return new Delivery(Optional.empty(), target, payload, event.draft().person(), Delivery.Progress.NONE);
    }

    /// The body of an event for this agent when it is more than its envelope: with the history that a
    /// subscription asked for, or the person's name. Empty when it is not.
    private Optional<String> body(Event event, Optional<ContextConfig> config) {
        Event.Draft draft = event.draft();
        Optional<ContextConfig> wanted = config.filter(_ -> event.type().equals(RECEIVED));
        Optional<ArrayNode> contacts = draft.person()
                .flatMap(person -> draft.identity().map(identity -> names.of(draft.organization(), identity, person)))
                .filter(found -> !found.isEmpty());
        if (contacts.isEmpty() && wanted.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode envelope = event.json();
        ObjectNode data = (ObjectNode) envelope.path("data");
        contacts.filter(_ -> data.has(CONTACTS)).ifPresent(found -> data.set(CONTACTS, found));
        wanted.ifPresent(it -> addHistory(data, event, it));
        return Optional.of(Json.write(envelope));
    }

    private void addHistory(ObjectNode data, Event event, ContextConfig config) {
        Optional<Id> cause = Id.tryParse(data.path("message").path("id").stringValue(""));
        ObjectNode context = data.putObject("context");
        for (String name : config.classes()) {
            Window window = config.window(name).orElseThrow();
            context.set(
                    name,
                    name.equals(ContextConfig.TEXTS) && cause.isPresent()
                            ? texts(event.draft().conversation(), cause.get(), event.occurredAt(), window)
                            : skipped(window));
        }
    }

    private ObjectNode texts(Optional<Id> conversation, Id cause, Instant at, Window window) {
        ObjectNode block = block("conversation", window);
        if (conversation.isEmpty()) {
            return block.put("skipped", "no_resource");
        }
        // One character more than is shown tells that there are more.
        int longest = LONGEST_TEXT + 1;
        ContextSource.Wish wish = switch (window) {
            case Window.Count(var count) ->
                new ContextSource.Wish(conversation.get(), cause, Optional.empty(), count, longest);
            case Window.Hours hours ->
                new ContextSource.Wish(
                        conversation.get(), cause, Optional.of(at.minus(hours.length())), MOST_ITEMS + 1, longest);
        };
        List<ContextSource.Item> newest = source.texts(wish);
        Deque<ObjectNode> kept = fitting(newest.stream().limit(MOST_ITEMS).toList());
        ArrayNode items = (ArrayNode) block.path("items");
        kept.forEach(items::add);
        return block.put("truncated", kept.size() < newest.size());
    }

    /// As many as fit, oldest first.
    private static Deque<ObjectNode> fitting(List<ContextSource.Item> newest) {
        Deque<ObjectNode> kept = new ArrayDeque<>();
        int bytes = 0;
        for (ContextSource.Item item : newest) {
            ObjectNode json = json(item);
            bytes += Json.write(json).getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes > LARGEST_ITEMS) {
                break;
            }
            kept.addFirst(json);
        }
        return kept;
    }

    private static ObjectNode json(ContextSource.Item item) {
        ObjectNode json = Json.object();
        json.put("id", item.id().text());
        json.put("channel", item.channel());
        json.put("direction", item.sender() == null ? "outbound" : "inbound");
        String text = item.text();
        boolean truncated = text.length() > LONGEST_TEXT;
        json.put("text", truncated ? start(text) : text);
        json.put("text_truncated", truncated);
        json.put("created_at", Timestamps.iso(item.createdAt()));
        json.put("sender", item.sender());
        json.put("status", item.status());
        json.set("media", item.media() == 0 ? null : Json.object().put("count", item.media()));
        return json;
    }

    /// Never half a character.
    private static String start(String text) {
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end);
    }

    /// There is neither mail nor telephony here.
    private static ObjectNode skipped(Window window) {
        return block("contact", window).put("skipped", "no_resource");
    }

    private static ObjectNode block(String scope, Window window) {
        ObjectNode block = Json.object().put("scope", scope);
        switch (window) {
            case Window.Count(var count) -> block.put("mode", "count").put("requested", count);
            case Window.Hours(var hours) -> block.put("mode", "window").put("hours", hours);
        }
        block.put("truncated", false);
        block.putArray("items");
        return block;
    }
}
