package partyline.drivers.bluebubbles;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Cache;
import partyline.drivers.KnownServices;
import partyline.drivers.bluebubbles.MacMessage.Attachment;
import partyline.drivers.bluebubbles.MacMessage.Chat.Kind;
import partyline.drivers.bluebubbles.MacMessage.Tapback;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Service;
import partyline.transport.Stranger;

/// Makes news of the Mac's rows, or drops them for a reason. A row that shows more later is news again: its further
/// parts follow as texts of their own, a change of its words or its being taken back as what they are. Used by one
/// thread.
final class BlueBubblesInboundTranslator {

    private static final int REMEMBERED = 4_000;

    /// What was told of a row: under which id its words (empty: none yet), which files, as how many texts, and which
    /// change.
    private record Told(String words, Set<String> files, int texts, Optional<Instant> changedAt) {

        /// Of a row that is new; noted of one that is nothing for anybody, whatever becomes of it.
        static final Told NOTHING = new Told("", Set.of(), 0, Optional.empty());
    }

    private final LineSetup setup;
    private final Line line;
    private final Chats chats;
    private final KnownServices services;
    private final OwnMessages own;
    private final Inbound inbound;
    /// By the guids of the rows; the inbox remembers what it was told for longer.
    private final Map<String, Told> told = Cache.newest(REMEMBERED);

    BlueBubblesInboundTranslator(
            LineSetup setup, Chats chats, KnownServices services, OwnMessages own, Inbound inbound) {
        this.setup = setup;
        this.line = setup.line();
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
                            () -> sender(row).ifPresentOrElse(person -> hers(row, person), () -> stranger(row)));
        }
    }

    /// Of a row that is no news itself, what changed since; else it is dropped for this reason.
    void takeChange(MacMessage row, String reason) {
        boolean hers = row.chat().kind() == Kind.ONE
                && !row.isTapback()
                && reasonToDrop(row).isEmpty();
        if (hers && row.state().change().isPresent()) {
            Set<String> files = files(row);
            told.put(row.guid(), new Told(row.guid(), files, Math.max(1, files.size()), Optional.empty()));
            more(row);
        } else {
            drop(row, reason);
        }
    }

    /// Nothing for anybody, for this reason.
    void drop(MacMessage row, String reason) {
        told.put(row.guid(), Told.NOTHING);
        inbound.dropped(line.id(), reason);
    }

    /// Nothing for anybody as it is now; what is missing may still come.
    void passOver(String reason) {
        inbound.dropped(line.id(), reason);
    }

    /// Of a row that was taken in, what it shows by now.
    private void more(MacMessage row) {
        Told before = told.get(row.guid());
        if (before != null && isNews(row) && row.chat().kind() == Kind.ONE) {
            sender(row).ifPresent(person -> tell(row, person, before));
        }
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
        if (sender(row).filter(line.number()::equals).isPresent()
                || chats.isKnown(row.guid())
                || row.state().error() != 0) {
            return Optional.of("echo");
        }
        if (!row.words().tapback().isEmpty() && row.tapback().isEmpty()) {
            return Optional.of("tapback_kind");
        }
        return row.isEmpty() && row.state().change().isEmpty() ? Optional.of("empty") : Optional.empty();
    }

    private Optional<PhoneNumber> sender(MacMessage row) {
        return row.sender(setup::person);
    }

    /// What somebody writes whom no number names, whose chat may be all that names them.
    private void stranger(MacMessage row) {
        told.put(row.guid(), Told.NOTHING);
        String address = row.address().isEmpty() ? row.chat().name() : row.address();
        String text = row.isTapback() || row.isUnsent() ? null : row.words().text();
        inbound.stranger(
                line.id(), new Stranger(address, row.at(), text, row.state().service()));
    }

    /// Answers to a mail address go to the number that it belongs to, in a chat of its own.
    private void hers(MacMessage row, PhoneNumber person) {
        boolean own = PhoneNumber.parse(row.address()).isPresent()
                || row.chat().person().isPresent();
        if (own && !row.chat().guid().isEmpty()) {
            chats.with(person).guid(row.chat().guid());
        }
        if (row.state().service() == Service.IMESSAGE) {
            services.saw(person, Service.IMESSAGE, row.at());
        }
        Optional<Tapback> tapback = row.isTapback() ? row.tapback() : Optional.empty();
        if (tapback.isPresent()) {
            inbound.accept(tapback(row, person, tapback.get()));
            told.put(row.guid(), Told.NOTHING);
        } else {
            tell(row, person, Told.NOTHING);
        }
    }

    private TapbackReceived tapback(MacMessage row, PhoneNumber person, Tapback kind) {
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

    /// What the row shows and did not show `before`: one text for its words and the first attachment, one for each
    /// further attachment, and one for words that came after them. What came changed may have been told in its old
    /// words by an earlier run.
    private void tell(MacMessage row, PhoneNumber person, Told before) {
        Deque<Attachment> files = further(row, before);
        String said = row.isUnsent() ? "" : row.words().text();
        String words = before.words();
        int texts = before.texts();
        if (texts == 0 && !row.isUnsent()) {
            inbound.accept(text(row, person, row.guid(), said, files.poll()));
            words = said.isEmpty() ? "" : row.guid();
            texts = 1;
        }
        for (Attachment file : files) {
            inbound.accept(text(row, person, row.guid() + "#" + texts++, "", file));
        }
        if (words.isEmpty() && !said.isEmpty()) {
            words = row.guid() + "#" + texts++;
            inbound.accept(text(row, person, words, said, null));
        } else if (isChanged(row, before)) {
            words = words.isEmpty() ? row.guid() : words;
            change(row, person, words);
        }
        Set<String> known = new HashSet<>(before.files());
        known.addAll(files(row));
        told.put(row.guid(), new Told(words, known, Math.max(1, texts), changedAt(row)));
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

    private static Deque<Attachment> further(MacMessage row, Told before) {
        Deque<Attachment> files = new ArrayDeque<>(row.words().attachments());
        files.removeIf(file -> row.isUnsent() || before.files().contains(file.guid()));
        return files;
    }

    private static Set<String> files(MacMessage row) {
        return row.words().attachments().stream().map(Attachment::guid).collect(Collectors.toSet());
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
                file == null || file.name().isEmpty() ? null : file.name(),
                row.state().service(),
                row.words().effect().isEmpty() ? null : row.words().effect());
    }
}
