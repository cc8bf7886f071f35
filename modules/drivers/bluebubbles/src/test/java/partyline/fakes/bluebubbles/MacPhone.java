package partyline.fakes.bluebubbles;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import partyline.drivers.contract.FakeLine;
import partyline.transport.Service;

/// Ann's phone as the Mac sees it: what she does becomes rows of its database, which its server tells. Thread-safe.
abstract class MacPhone {

    final MacDatabase database = new MacDatabase();
    final MacWebhooks webhooks = new MacWebhooks();
    final Set<String> chats = ConcurrentHashMap.newKeySet();
    volatile String person = FakeLine.PERSON;
    volatile String prefix = "iMessage";
    volatile Service service = Service.IMESSAGE;
    volatile boolean stopped;
    volatile InstantSource clock = InstantSource.system();

    /// Ann writes, with whatever else the row has.
    String writes(String text, Consumer<MacRow> more) {
        MacRow row = database.insert(chat(), false, text, millis(), it -> {
            it.address = person;
            more.accept(it);
        });
        chats.add(row.chat);
        tell("new-message", row, true);
        return row.guid;
    }

    /// Ann sends a picture; with `late` its row is there before the attachment is.
    public String sendsPicture(byte[] bytes, boolean late) {
        return sendsPicture("\uFFFC", bytes, late);
    }

    /// With words, which the row shows without saying where the picture belongs.
    public String sendsPicture(String text, byte[] bytes, boolean late) {
        return writes(text, row -> {
            row.attachment = "at_0_" + row.guid;
            row.attachmentName = "IMG_1.jpeg";
            row.attachmentType = "image/jpeg";
            row.bytes = bytes;
            row.attachmentJoined = !late;
            row.parts = text.equals("\uFFFC") ? 1 : 2;
        });
    }

    public void joinsAttachment(String guid) {
        change(guid, row -> row.attachmentJoined = true);
        database.find(guid).ifPresent(row -> tell("updated-message", row, false));
    }

    /// Ann pastes a link; what her phone drew for it comes along.
    public String sendsLink(String url) {
        return sendsBalloon(url, "com.apple.messages.URLBalloonProvider", "8E2A.pluginPayloadAttachment");
    }

    public String sendsBalloon(String text, String balloon, String file) {
        return writes(text, row -> {
            row.balloon = balloon;
            row.attachment = "at_0_" + row.guid;
            row.attachmentName = file;
            row.attachmentHidden = true;
        });
    }

    public String writesWithSubject(String subject, String text) {
        return writes(text, row -> row.subject = subject);
    }

    public void edits(String guid, String text) {
        changes(guid, row -> {
            row.text = text;
            row.edited = millis();
        });
    }

    public void unsends(String guid) {
        changes(guid, row -> {
            row.text = "";
            row.retracted = millis();
        });
    }

    /// As macOS 26 marks it: an edit that leaves nothing.
    public void unsendsAsEdit(String guid) {
        edits(guid, "");
    }

    private void changes(String guid, Consumer<MacRow> change) {
        change(guid, change);
        database.find(guid).ifPresent(row -> tell("updated-message", row, false));
    }

    /// In a chat of which only the identifier is told.
    public String writesInUnnamed(String identifier, String text) {
        MacRow row = database.insert("iMessage;+;" + identifier, false, text, millis(), it -> {
            it.address = person;
            it.chatNamed = false;
        });
        tell("new-message", row, true);
        return row.guid;
    }

    /// A row that names nobody but its chat.
    public void writesWithoutHandle(String text) {
        writes(text, row -> row.address = "");
    }

    public void writesOn(String service, String text) {
        writes(text, row -> row.handleService = service);
    }

    /// A picture with a date that no clock shows.
    public void sendsPictureAt(long date, byte[] bytes) {
        MacRow row = database.insert(chat(), false, "\uFFFC", date, it -> {
            it.address = person;
            it.attachment = "at_0_" + it.guid;
            it.bytes = bytes;
        });
        tell("new-message", row, true);
    }

    /// Tells of a row that the database does not have.
    public void tellsOfNothing(String text) {
        MacRow row = new MacRow(1_000_000, "NOT-THERE", chat(), false, text, millis());
        row.address = person;
        tell("new-message", row, true);
    }

    /// A row that no chat has yet; it is announced, and cannot be queried.
    public String writesUnlinked(String text) {
        return writes(text, row -> row.chatLinked = false);
    }

    public void linksChat(String guid) {
        change(guid, row -> row.chatLinked = true);
    }

    public String writesStyled(String text, String appleEffect) {
        return writes(text, row -> row.effect = appleEffect);
    }

    public void writesFrom(String address, String text) {
        writes(text, row -> row.address = address);
    }

    /// From a chat that is named by the address as well.
    public void writesFromElsewhere(String address, String text) {
        MacRow row = database.insert(prefix + ";-;" + address, false, text, millis(), it -> it.address = address);
        chats.add(row.chat);
        tell("new-message", row, true);
    }

    /// Ann's message was long under way: its date is old, its row is new.
    public void writesLate(String text, Duration late) {
        insert(text, millis() - late.toMillis());
    }

    /// A busy group, and in it every hundredth message from Ann to us; no event tells of any. The newest dates come
    /// first.
    public void writesMany(int count) {
        for (int at = 0; at < count; at++) {
            String where = at % 100 == 0 ? chat() : "iMessage;+;chat8675309";
            database.insert(where, false, "many " + at, millis() - at * 1000L, row -> row.address = person);
        }
    }

    private void insert(String text, long date) {
        MacRow row = database.insert(chat(), false, text, date, it -> it.address = person);
        tell("new-message", row, true);
    }

    /// Somebody writes in a group that the Mac is in.
    public void writesInGroup(String text) {
        MacRow row = database.insert("iMessage;+;chat8675309", false, text, millis(), it -> it.address = person);
        tell("new-message", row, true);
    }

    /// A new name of the group; comes as a message as well.
    public void changesSubject() {
        writes("", row -> row.itemType = 2);
    }

    /// An old message turns up as `new-message` again, as when its read date changed after an hour.
    public void replays(String guid) {
        database.find(guid).ifPresent(row -> tell("new-message", row, true));
    }

    /// The operator writes from the Mac itself.
    public void writesByHand(String text) {
        MacRow row = database.insert(chat(), true, text, millis(), _ -> {});
        tell("new-message", row, true);
    }

    public void reactsWithEmoji(String providerId, String emoji, boolean removed) {
        reactsRaw(
                providerId,
                removed ? "3006" : "2006",
                removed ? "Removed a " + emoji + " from “hello”" : "Reacted " + emoji + " to “hello”");
    }

    void reactsRaw(String providerId, String type, String text) {
        writes(text, row -> {
            row.associatedGuid = "p:0/" + providerId;
            row.associatedType = type;
        });
    }

    /// The chat of Ann's phone as it is now.
    String chat() {
        return (service == Service.IMESSAGE ? prefix : "SMS") + ";-;" + person;
    }

    long millis() {
        return clock.instant().toEpochMilli();
    }

    void change(String guid, Consumer<MacRow> change) {
        database.find(guid).ifPresent(row -> database.change(row, change));
    }

    void tell(String type, MacRow row, boolean withChats) {
        if (!stopped) {
            webhooks.tell(type, database.json(row, withChats));
        }
    }
}
