package partyline.drivers.bluebubbles;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Cache;
import partyline.drivers.KnownServices;
import partyline.drivers.bluebubbles.MacMessage.Attachment;
import partyline.drivers.bluebubbles.MacMessage.Chat.Kind;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.Line;
import partyline.transport.Service;

/// Makes news of the Mac's rows, or drops them for a reason. A row that shows more later is news again: its further
/// parts follow as texts of their own, a change of its words or its being taken back as what they are. Used by one
/// thread.
final class BlueBubblesInboundTranslator {

    private static final int REMEMBERED = 4_000;

    /// What was told of a row: under which id its words (empty: none yet), which files, as how many texts, and which
    /// change.
    private record Told(String words, Set<String> files, int texts, Optional<Instant> changedAt) {

        /// A row that is nothing for anybody, whatever becomes of it.
        static final Told DROPPED = new Told("", Set.of(), 0, Optional.empty());
    }

    private final Line line;
    private final Chats chats;
    private final KnownServices services;
    private final OwnMessages own;
    private final Inbound inbound;
    /// By the guids of the rows; the inbox remembers what it was told for longer.
    private final Map<String, Told> told = Cache.newest(REMEMBERED);

    BlueBubblesInboundTranslator(Line line, Chats chats, KnownServices services, OwnMessages own, Inbound inbound) {
        this.line = line;
        this.chats = chats;
        this.services = services;
        this.own = own;
        this.inbound = inbound;
    }

    boolean knows(MacMessage row) {
        return told.containsKey(row.guid());
    }

    /// Whether the row shows anything that was not told.
    boolean isNews(MacMessage row) {
        Told before = told.get(row.guid());
        return before == null
                || before.texts() > 0
                        && (isChanged(row, before)
                                || before.words().isEmpty()
                                        && !row.words().text().isEmpty()
                                || !further(row, before).isEmpty());
    }

    /// Takes a row in; when this returns it is on disk, or nothing for anybody.
    void take(MacMessage row) {
        if (row.fromMe()) {
            mine(row);
        } else if (knows(row)) {
            more(row);
        } else if (row.chat().kind() == Kind.UNKNOWN && row.state().kind() == 0) {
            passOver("unknown_chat");
        } else {
            reasonToDrop(row)
                    .ifPresentOrElse(
                            reason -> drop(row, reason),
                            () -> hers(row, row.sender().orElseThrow()));
        }
    }

    /// Of a row that is no news itself, what changed since; else it is dropped for this reason.
    void takeChange(MacMessage row, String reason) {
        boolean hers = row.chat().kind() == Kind.ONE
                && !row.isTapback()
                && reasonToDrop(row).isEmpty();
        if (hers && row.state().change().isPresent()) {
            Set<String> files = new HashSet<>(guids(row.words().attachments()));
            told.put(row.guid(), new Told(row.guid(), files, Math.max(1, files.size()), Optional.empty()));
            more(row);
        } else {
            drop(row, reason);
        }
    }

    /// Nothing for anybody, for this reason.
    void drop(MacMessage row, String reason) {
        told.put(row.guid(), Told.DROPPED);
        inbound.dropped(line.id(), reason);
    }

    /// Nothing for anybody as it is now; what is missing may still come.
    void passOver(String reason) {
        inbound.dropped(line.id(), reason);
    }

    private void mine(MacMessage row) {
        if (!row.isTapback() && row.chat().kind() != Kind.GROUP && row.state().kind() == 0) {
            own.see(row, inbound);
        }
    }

    private Optional<String> reasonToDrop(MacMessage row) {
        if (row.chat().kind() == Kind.GROUP) {
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
                || chats.isKnown(row.guid())
                || row.state().error() != 0) {
            return Optional.of("echo");
        }
        if (!row.words().tapback().isEmpty()
                && TapbackKind.of(row.words().tapback(), row.words().text()).isEmpty()) {
            return Optional.of("tapback_kind");
        }
        return row.isEmpty() && row.state().change().isEmpty() ? Optional.of("empty") : Optional.empty();
    }

    private void hers(MacMessage row, PhoneNumber person) {
        if (!row.chat().guid().isEmpty()) {
            chats.with(person).guid(row.chat().guid());
        }
        if (row.state().service() == Service.IMESSAGE) {
            services.saw(person, Service.IMESSAGE, row.at());
        }
        Optional<TapbackKind> tapback = row.isTapback()
                ? TapbackKind.of(row.words().tapback(), row.words().text())
                : Optional.empty();
        if (tapback.isPresent()) {
            inbound.accept(tapback(row, person, tapback.get()));
            told.put(row.guid(), Told.DROPPED);
        } else {
            texts(row, person);
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

    /// One for the words and the first attachment, and one for each further attachment. What came changed may have been
    /// told in its old words by an earlier run.
    private void texts(MacMessage row, PhoneNumber person) {
        List<Attachment> files = row.words().attachments();
        String text = row.words().text();
        boolean unsent = row.state().change().filter(MacMessage.Change::unsent).isPresent();
        if (!unsent) {
            inbound.accept(text(row, person, row.guid(), text, files.isEmpty() ? null : files.getFirst()));
        }
        for (int at = 1; at < files.size() && !unsent; at++) {
            inbound.accept(text(row, person, row.guid() + "#" + at, "", files.get(at)));
        }
        boolean worded = !text.isEmpty() || row.state().change().isPresent();
        told.put(
                row.guid(),
                new Told(
                        worded ? row.guid() : "",
                        Set.copyOf(guids(files)),
                        Math.max(1, files.size()),
                        Optional.empty()));
        if (row.state().change().isPresent()) {
            more(row);
        }
    }

    /// What the row shows now and did not show when it was told.
    private void more(MacMessage row) {
        Told before = told.get(row.guid());
        Optional<PhoneNumber> sender = row.sender();
        if (before == null || !isNews(row) || sender.isEmpty() || row.chat().kind() != Kind.ONE) {
            return;
        }
        PhoneNumber person = sender.get();
        String words = before.words();
        int texts = before.texts();
        for (Attachment file : further(row, before)) {
            inbound.accept(text(row, person, row.guid() + "#" + texts++, "", file));
        }
        if (words.isEmpty() && !row.words().text().isEmpty()) {
            words = row.guid() + "#" + texts++;
            inbound.accept(text(row, person, words, row.words().text(), null));
        } else if (isChanged(row, before)) {
            change(row, person, words.isEmpty() ? row.guid() : words);
        }
        Set<String> files = new HashSet<>(before.files());
        files.addAll(guids(row.words().attachments()));
        told.put(row.guid(), new Told(words, files, texts, changedAt(row)));
    }

    private void change(MacMessage row, PhoneNumber person, String target) {
        MacMessage.Change change = row.state().change().orElseThrow();
        String id = row.guid() + "@" + change.at().toEpochMilli();
        inbound.accept(
                change.unsent()
                        ? new TextUnsent(line.id(), person, change.at(), id, target)
                        : new TextEdited(
                                line.id(),
                                person,
                                change.at(),
                                id,
                                target,
                                row.words().text()));
    }

    private static boolean isChanged(MacMessage row, Told before) {
        Optional<Instant> now = changedAt(row);
        return now.isPresent() && !now.equals(before.changedAt());
    }

    private static Optional<Instant> changedAt(MacMessage row) {
        return row.state().change().map(MacMessage.Change::at);
    }

    private static List<Attachment> further(MacMessage row, Told before) {
        List<Attachment> files = new ArrayList<>(row.words().attachments());
        boolean unsent = row.state().change().filter(MacMessage.Change::unsent).isPresent();
        files.removeIf(file -> unsent || before.files().contains(file.guid()));
        return files;
    }

    private static Collection<String> guids(List<Attachment> files) {
        return files.stream().map(Attachment::guid).toList();
    }

    private TextReceived text(MacMessage row, PhoneNumber person, String id, String text, @Nullable Attachment file) {
        return new TextReceived(
                line.id(),
                person,
                row.at(),
                id,
                text.isEmpty() ? null : text,
                file == null ? null : file.guid(),
                file == null || file.type().isEmpty() ? null : file.type(),
                row.state().service(),
                row.words().effect().isEmpty() ? null : row.words().effect());
    }
}
