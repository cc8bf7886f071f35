package partyline.drivers.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Line;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a phone shows, as the control API answers it. Holds no state of its own.
final class PhoneView {

    private final Database database;
    private final InstantSource clock;
    private final Collection<Line> lines;
    private final TypingBubbles typing;
    private final PhoneStore phones = new PhoneStore();
    private final BubbleStore bubbles = new BubbleStore();
    private final SimulatedTapbackStore tapbacks = new SimulatedTapbackStore();

    PhoneView(Database database, InstantSource clock, Collection<Line> lines, TypingBubbles typing) {
        this.database = database;
        this.clock = clock;
        this.lines = List.copyOf(lines);
        this.typing = typing;
    }

    /// All threads, the liveliest first; with `after` (a bubble's id), only what appeared after that bubble in each.
    ObjectNode of(PhoneNumber number, @Nullable String after) {
        return database.read(handle -> {
            Phone phone = phones.find(handle, number);
            ObjectNode view = Json.object()
                    .put("number", number.text())
                    .put("service", phone.service().wire())
                    .put("online", phone.online())
                    .put("reads", phone.reads());
            view.set("threads", threads(handle, phone, after));
            return view;
        });
    }

    private ArrayNode threads(Handle handle, Phone phone, @Nullable String after) {
        Instant now = clock.instant();
        Map<String, String> names = phones.names(handle, phone.number());
        Map<String, List<SimulatedTapback>> reactions = tapbacks.all(handle, phone.number());
        Map<PhoneNumber, List<Bubble>> shown = bubbles.allShown(handle, phone.number(), after).stream()
                .collect(Collectors.groupingBy(bubble -> bubble.thread().line()));
        ArrayNode threads = Json.array();
        for (PhoneNumber line : bubbles.lines(handle, phone.number())) {
            Bubble.Thread thread = new Bubble.Thread(phone.number(), line);
            ObjectNode node = threads.addObject()
                    .put("line", line.text())
                    .put("name", name(line, names))
                    .put("typing", phone.isOnIMessage() && phone.online() && typing.isShown(thread, now));
            ArrayNode list = node.putArray("bubbles");
            for (Bubble bubble : shown.getOrDefault(line, List.of())) {
                list.add(bubble(bubble, reactions.getOrDefault(bubble.id(), List.of())));
            }
        }
        return threads;
    }

    private @Nullable String name(PhoneNumber number, Map<String, String> names) {
        boolean router = lines.stream().anyMatch(line -> line.number().equals(number) && line.is(Line.Role.ROUTER));
        String learned = names.get(number.text());
        return learned == null && router ? "Partyline" : learned;
    }

    private static ObjectNode bubble(Bubble bubble, List<SimulatedTapback> reactions) {
        ObjectNode node = Json.object()
                .put("id", bubble.id())
                .put("mine", bubble.mine())
                .put("text", bubble.content().text())
                .put("media", bubble.content().media())
                .put("send_style", bubble.content().sendStyle())
                .put("service", bubble.service().wire())
                .put("at", Timestamps.iso(bubble.at()))
                .put("delivered_at", Timestamps.isoOrNull(bubble.deliveredAt()))
                .put("read_at", Timestamps.isoOrNull(bubble.readAt()));
        ArrayNode list = node.putArray("tapbacks");
        for (SimulatedTapback tapback : reactions) {
            list.addObject()
                    .put("mine", tapback.mine())
                    .put("reaction", tapback.reaction())
                    .put("custom_emoji", tapback.customEmoji())
                    .put("part_index", tapback.partIndex());
        }
        return node.put("contact_card", bubble.content().contactCard());
    }
}
