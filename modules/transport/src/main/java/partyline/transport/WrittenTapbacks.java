package partyline.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;

/// Makes tapbacks of the texts that spell one, on every line: on most of them some phone has nothing
/// better, and a thumb must not wake an agent as words. Only texts that read like one cost a look at the
/// thread. Thread-safe.
final class WrittenTapbacks {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenTapbacks.class);

    private final Database database;
    private final InboundHandler handler;
    private final InboxStore inbox = new InboxStore();
    private final SystemMessages messages;

    WrittenTapbacks(Database database, InboundHandler handler, SystemMessages messages) {
        this.messages = messages;
        this.database = database;
        this.handler = handler;
    }

    /// The event, or the tapback that it spells; empty when it came before, as whichever of the two.
    Optional<InboundEvent> read(InboundEvent event) {
        if (!(event instanceof TextReceived text) || text.mediaUrl() != null) {
            return Optional.of(event);
        }
        List<WrittenTapback> readings = WrittenTapback.of(text.text());
        if (readings.isEmpty()) {
            return Optional.of(event);
        }
        if (database.read(handle -> inbox.came(handle, text.line(), text.providerId()))) {
            return Optional.empty();
        }
        List<RecentText> thread = thread(text);
        return Optional.of(readings.stream()
                .flatMap(it -> it.target(thread).map(bubble -> tapback(text, it, bubble)).stream())
                .map(InboundEvent.class::cast)
                .findFirst()
                .orElse(event));
    }

    /// What the router said is kept by the transport, the rest by those who sent it. Who cannot tell costs
    /// no text.
    private List<RecentText> thread(TextReceived text) {
        List<RecentText> all = new ArrayList<>();
        try {
            all.addAll(handler.recent(text.line(), text.from()));
        } catch (RuntimeException e) {
            LOG.error("event=recent_texts_failed line={}", text.line(), e);
        }
        all.addAll(database.read(handle -> messages.said(handle, text.line(), text.from())));
        return all;
    }

    private static TapbackReceived tapback(TextReceived text, WrittenTapback written, RecentText bubble) {
        return new TapbackReceived(
                text.line(),
                text.from(),
                text.at(),
                text.providerId(),
                bubble.providerId(),
                written.reaction(),
                written.emoji(),
                0,
                written.removed());
    }
}
