package partyline.transport.internal.bluebubbles;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Service;
import partyline.transport.internal.bluebubbles.MacMessage.Attachment;

/// Makes news of the Mac's rows, or drops them for a reason. Thread-safe.
final class Intake {

    private static final int REMEMBERED = 4_000;

    private final Line line;
    private final Chats chats;
    private final Availability availability;
    private final OwnMessages own;
    /// The guids of rows that were taken in or dropped; the inbox remembers them for longer.
    private final Map<String, Boolean> seen = Recent.map(REMEMBERED);

    Intake(Line line, Chats chats, Availability availability, OwnMessages own) {
        this.line = line;
        this.chats = chats;
        this.availability = availability;
        this.own = own;
    }

    boolean hasSeen(MacMessage row) {
        return seen.containsKey(row.guid());
    }

    /// Takes a row in; when this returns it is on disk, or nothing for anybody.
    void take(MacMessage row, Inbound inbound) {
        if (row.fromMe()) {
            mine(row, inbound);
            return;
        }
        if (hasSeen(row)) {
            return;
        }
        Optional<String> reason = reasonToDrop(row);
        if (reason.isPresent()) {
            drop(row, reason.get(), inbound);
        } else {
            hers(row, row.sender().orElseThrow(), inbound);
        }
        seen.put(row.guid(), true);
    }

    /// Nothing for anybody, for this reason.
    void drop(MacMessage row, String reason, Inbound inbound) {
        seen.put(row.guid(), true);
        inbound.dropped(line.id(), reason);
    }

    private void mine(MacMessage row, Inbound inbound) {
        if (!row.isTapback() && !row.chat().group() && row.state().kind() == 0) {
            own.see(row, inbound);
        }
    }

    private Optional<String> reasonToDrop(MacMessage row) {
        if (row.chat().group()) {
            return Optional.of("group");
        }
        if (row.state().kind() != 0) {
            return Optional.of("group_change");
        }
        Optional<PhoneNumber> sender = row.sender();
        if (sender.isEmpty()) {
            return Optional.of("no_number");
        }
        if (sender.get().equals(line.number())
                || chats.with(sender.get()).sentAs(row.guid())
                || row.state().error() != 0) {
            return Optional.of("echo");
        }
        if (!row.words().tapback().isEmpty()
                && TapbackKind.of(row.words().tapback(), row.words().text()).isEmpty()) {
            return Optional.of("tapback_kind");
        }
        return row.isEmpty() ? Optional.of("empty") : Optional.empty();
    }

    private void hers(MacMessage row, PhoneNumber person, Inbound inbound) {
        if (!row.chat().guid().isEmpty()) {
            chats.with(person).guid(row.chat().guid());
        }
        if (row.state().service() == Service.IMESSAGE) {
            availability.learn(person, Availability.Answer.YES);
        }
        Optional<TapbackKind> tapback = row.isTapback()
                ? TapbackKind.of(row.words().tapback(), row.words().text())
                : Optional.empty();
        if (tapback.isPresent()) {
            inbound.accept(tapback(row, person, tapback.get()));
        } else {
            texts(row, person).forEach(inbound::accept);
        }
    }

    private TapbackReceived tapback(MacMessage row, PhoneNumber person, TapbackKind kind) {
        return new TapbackReceived(
                line.id(),
                person,
                row.at(),
                row.guid(),
                row.target(),
                kind.reaction(),
                kind.emoji(),
                row.targetPart(),
                kind.removed());
    }

    /// One for the words and the first attachment, and one for each further attachment.
    private List<TextReceived> texts(MacMessage row, PhoneNumber person) {
        List<Attachment> files = row.words().attachments();
        String text = row.words().text().isEmpty() ? null : row.words().text();
        List<TextReceived> texts = new ArrayList<>();
        texts.add(text(row, person, row.guid(), text, files.isEmpty() ? null : files.getFirst()));
        for (int at = 1; at < files.size(); at++) {
            texts.add(text(row, person, row.guid() + "#" + at, null, files.get(at)));
        }
        return texts;
    }

    private TextReceived text(
            MacMessage row, PhoneNumber person, String id, @Nullable String text, @Nullable Attachment file) {
        return new TextReceived(
                line.id(),
                person,
                row.at(),
                id,
                text,
                file == null ? null : file.guid(),
                file == null || file.type().isEmpty() ? null : file.type(),
                row.state().service(),
                Effects.ours(row.words().effect()).orElse(null));
    }
}
