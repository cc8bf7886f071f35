package partyline.fakes.linq;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Service;
import tools.jackson.databind.node.ObjectNode;

/// Linq with one line, and Ann: idempotency keys, `pending` first and signed calls afterwards, structured tapbacks with
/// emoji, a first message without links and effects, files that are put at a signed address.
public class FakeLinq implements FakeLine {

    public static final String API_KEY = "linq-key-never-to-be-seen";
    /// A thread with more people than Ann.
    public static final String GROUP = "00000000-0000-4000-9000-000000000001";

    private static final Map<String, String> EFFECTS = Map.of("hearts", "love");

    private final LinqAccount account;
    private final Queue<LinqMessage> unsaid = new ArrayDeque<>();
    private volatile boolean gone;

    public FakeLinq(String line) {
        account = new LinqAccount(line);
    }

    public final String url() {
        return account.server.url();
    }

    /// Whose time it shows in its dates and signatures.
    public final void runOn(InstantSource other) {
        account.clock = other;
    }

    /// Ann and the line have talked before, long ago.
    public final void met() {
        account.chat();
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.TAPBACKS_FOR_GOOD));
    }

    @Override
    public List<String> secrets() {
        return List.of(API_KEY, "/hooks/", "whsec_");
    }

    @Override
    public void next(Trouble trouble) {
        account.troubles.add(trouble);
    }

    /// The next send is not done, and answered so.
    public final void nextAnswer(int status, String json, @Nullable String retryAfter) {
        account.scripted.add(new LinqAccount.Scripted(status, Json.read(json), retryAfter));
    }

    /// What Apple thinks of the number, which is told in a call: `ACTIVE` or `FLAGGED`.
    public final void number(String status) {
        account.tell(
                "phone_number.status_updated",
                Json.object().put("phone_number", account.line).put("new_status", status));
    }

    /// What Linq thinks of it: `HEALTHY`, `AT_RISK` or `CRITICAL`.
    public final void reputation(String status) {
        account.number.putObject("reputation").put("status", status);
    }

    /// From now on the key may send from this number alone.
    public final void ownsOnly(String number) {
        account.number.put("phone_number", number);
    }

    /// Ann told some number of the account to stop.
    public final void optsOut() {
        account.optedOut = true;
    }

    /// The account deletes what was sent under this id, as it does with everything after a day if it is asked to.
    public final void forgets(String id) {
        account.message(id).deleted = true;
    }

    /// The thread with Ann begins anew, under another id.
    public final void beginsAnew() {
        account.chat = "";
        account.chat();
    }

    /// In its lists what was sent does not show yet.
    public final void hidesSends() {
        account.hidesSends = true;
    }

    /// There is one more thread, which is listed first and whose messages cannot be had.
    public final void hasSickThread() {
        account.hasSickThread = true;
    }

    /// Where files are to be put.
    public final void putsFilesAt(String address) {
        account.storage = address;
    }

    /// Lists come in pages of so many rows.
    public final void pages(int rows) {
        account.page = rows;
    }

    /// With which headers it signs.
    public final void signs(boolean standard, boolean older) {
        account.signsNewWay = standard;
        account.signsOldWay = older;
    }

    /// From now on it signs with this secret, or, when empty, with that of the subscription again.
    public final void signsWith(String secret) {
        account.otherSecret = secret;
    }

    /// Calls come whatever number of the account they are about.
    public final void tellsOfAllNumbers() {
        account.tellsAllLines = true;
    }

    /// Somebody changes our subscription on the dashboard.
    public final void changesSubscription(String json) {
        account.ours().json().setAll((ObjectNode) Json.read(json));
    }

    /// Somebody deletes it.
    public final void deletesSubscription() {
        account.subscriptions.remove(account.ours().json().path("id").asString());
    }

    /// Where files are to be put, none is taken.
    public final void storageRefuses() {
        account.storageRefuses = true;
    }

    /// The thread with Ann.
    public final String chat() {
        return account.chat();
    }

    /// What was asked of it so far: method and path.
    public final List<String> calls() {
        return List.copyOf(account.calls);
    }

    @Override
    public String writes(String text) {
        return says(message(account.id()).text(text));
    }

    /// Ann sends files along, each an id and a type; the text is left out when it is empty.
    public final String sends(String text, Map<String, String> files) {
        LinqMessage message = message(account.id());
        if (!text.isEmpty()) {
            message.text(text);
        }
        files.forEach((id, type) -> message.parts.add(file(id, type)));
        return says(message);
    }

    /// Somebody writes: from this handle, to this number of the account, perhaps into a group.
    public final String writes(String text, String from, String line, boolean group) {
        LinqMessage message = new LinqMessage(account.id(), false, line, account.clock.instant()).text(text);
        message.person = from;
        message.status = "received";
        message.group = group;
        message.chat = group ? GROUP : "elsewhere";
        account.tell("message.received", message.event());
        return message.id;
    }

    @Override
    public synchronized boolean writesOddly(String text, Oddity oddity) {
        LinqMessage message = message(oddity == Oddity.KNOWN_ID ? account.messages.getLast().id : account.id())
                .text(text);
        switch (oddity) {
            case STYLE -> message.effect = "somersault";
            case SERVICE_IN_ODD_LETTERS -> message.oddService = "sMs";
            case SERVICE -> message.oddService = "Carrier Pigeon";
            case TIME -> message.oddDate = "9998-01-01T00:00:00Z";
            case TYPE_OF_A_FILE -> message.parts.add(file("file-1", "Audio/MP4; codecs=mp4a"));
            case KNOWN_ID -> {
                account.tell("message.received", message.event());
                return true;
            }
        }
        arrive(message);
        return true;
    }

    /// Ann changes the words of what she wrote.
    public final void edits(String id, String text) {
        LinqMessage message = account.message(id);
        ObjectNode data = message.event().put("edited_at", Timestamps.iso(account.clock.instant()));
        data.putObject("part").put("index", 0).put("text", text);
        message.parts.set(0, Json.object().put("type", "text").put("value", text));
        account.tell("message.edited", data);
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        reacts(providerId, reaction, null, removed, account.chat);
    }

    /// Ann reacts, with an emoji when the reaction is `custom`, in this thread.
    public final void reacts(String id, String reaction, @Nullable String emoji, boolean removed, String chat) {
        ObjectNode data = Json.object()
                .put("is_from_me", false)
                .put("reaction_type", reaction)
                .put("custom_emoji", emoji)
                .put("message_id", id)
                .put("chat_id", chat)
                .put("part_index", 0)
                .put("reacted_at", Timestamps.iso(account.clock.instant()))
                .put("service", "iMessage");
        data.set("from_handle", LinqMessage.handle(PERSON, false));
        account.tell(removed ? "reaction.removed" : "reaction.added", data);
    }

    @Override
    public void types(boolean typing) {
        ObjectNode data = Json.object().put("chat_id", account.chat);
        account.tell("chat.typing_indicator." + (typing ? "started" : "stopped"), data);
    }

    @Override
    public void reads() {
        account.messages.stream()
                .filter(message -> message.outbound && message.status.equals("delivered"))
                .forEach(message -> account.become(message, "read"));
    }

    @Override
    public void has(Service next) {
        account.service = next;
    }

    @Override
    public List<Bubble> bubbles() {
        return account.messages.stream()
                .filter(message -> message.outbound && !message.status.equals("failed"))
                .map(message -> new Bubble(
                        message.id,
                        message.text().orElse(null),
                        message.service == Service.IMESSAGE && message.effect != null
                                ? EFFECTS.getOrDefault(message.effect, message.effect)
                                : null,
                        message.hasMedia(),
                        message.service))
                .toList();
    }

    @Override
    public void writesFromAddress(String address, String text) {
        writes(text, address, account.line, false);
    }

    @Override
    public List<String> saidTo(String address) {
        return account.strangers.stream()
                .filter(body -> body.path("to").path(0).asString().equals(address))
                .map(body ->
                        body.path("message").path("parts").path(0).path("value").asString())
                .toList();
    }

    @Override
    public void sendsFile(String name) {
        LinqMessage message = message(account.id());
        message.parts.add(file(account.id(), "image/jpeg").put("filename", name));
        says(message);
    }

    @Override
    public List<String> fileNames() {
        return media().stream().map(file -> file.replaceFirst(" [^ ]*$", "")).toList();
    }

    /// The files of what was sent, in order: an address, or the name and type of what was put.
    public final List<String> media() {
        return account.messages.stream()
                .filter(message -> message.outbound)
                .flatMap(message -> message.parts.stream())
                .filter(part -> part.path("type").asString().equals("media"))
                .map(part -> account.file(part.path("attachment_id").asString(""))
                        .map(file -> file.path("filename").asString() + " "
                                + file.path("content_type").asString())
                        .orElseGet(() -> part.path("url").asString()))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return account.message(providerId).reactions.stream()
                .filter(LinqMessage.Reaction::ours)
                .map(it -> it.emoji() == null ? it.type() : it.emoji())
                .findFirst();
    }

    @Override
    public boolean showsTyping() {
        Instant until = account.typingUntil;
        return until != null && until.isAfter(account.clock.instant());
    }

    @Override
    public boolean showsRead() {
        return account.read;
    }

    /// The addresses that the account calls, with the ids of their subscriptions.
    public final Map<String, String> subscriptions() {
        return account.subscriptions.values().stream()
                .collect(Collectors.toMap(
                        it -> it.json().path("target_url").asString(),
                        it -> it.json().path("id").asString()));
    }

    /// What our calls were answered, in order.
    public final List<Integer> answers() {
        return account.callbacks.answers();
    }

    /// What became of a send after all.
    public final void fails(String id, int code, String reason) {
        account.fail(account.message(id), code, reason);
    }

    @Override
    public void tellsAgain() {
        account.callbacks.tellAgain();
    }

    @Override
    public void way(Way way) {
        account.callbacks.go(way);
    }

    @Override
    public synchronized void stop() {
        gone = true;
        account.server.stop();
    }

    @Override
    public synchronized void start() {
        gone = false;
        account.server.start();
        while (!unsaid.isEmpty()) {
            arrive(unsaid.remove());
        }
    }

    @Override
    public void close() {
        account.close();
    }

    private static ObjectNode file(String id, String type) {
        return Json.object()
                .put("type", "media")
                .put("id", id)
                .put("filename", id + ".file")
                .put("mime_type", type)
                .put("url", "https://cdn.example.org/" + id);
    }

    private LinqMessage message(String id) {
        LinqMessage message = new LinqMessage(id, false, account.line, account.clock.instant());
        message.status = "received";
        message.service = account.service;
        message.chat = account.chat();
        return message;
    }

    private synchronized String says(LinqMessage message) {
        account.read = false;
        if (gone) {
            unsaid.add(message);
        } else {
            arrive(message);
        }
        return message.id;
    }

    private void arrive(LinqMessage message) {
        account.messages.add(message);
        account.tell("message.received", message.event());
    }
}
