package partyline.fakes.imsg;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.node.ObjectNode;

/// A row of the fake Mac's message database.
final class ImsgRow {

    final long id;
    final String chat;
    final boolean fromMe;
    final Instant at;
    String guid = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
    String sender = "";
    String text = "";
    Service service = Service.IMESSAGE;
    boolean joined = true;
    int error;

    @Nullable
    Instant readAt;

    @Nullable
    String effect;

    String target = "";
    String reaction = "";
    String emoji = "";
    boolean removed;

    @Nullable
    String file;

    String name = "";

    String type = "";
    boolean fileJoined = true;
    boolean missing;
    String createdAt = "";

    ImsgRow(long id, String chat, boolean fromMe, Instant at) {
        this.id = id;
        this.chat = chat;
        this.fromMe = fromMe;
        this.at = at;
    }

    boolean isReaction() {
        return !target.isEmpty();
    }

    /// As `messages.after` and `watch.subscribe` show it.
    ObjectNode json(long chatId, boolean attachments) {
        String identifier = chat.substring(chat.lastIndexOf(';') + 1);
        ObjectNode json = Json.object()
                .put("id", id)
                .put("chat_id", chatId)
                .put("guid", guid)
                .put("sender", sender)
                .put("is_from_me", fromMe)
                .put("text", text)
                .put("created_at", createdAt.isEmpty() ? at.toString() : createdAt)
                .put("chat_identifier", identifier)
                .put("chat_guid", chat)
                .put("chat_name", "")
                .put("is_group", chat.contains(";+;"));
        json.putArray("participants").add(identifier);
        json.putArray("reactions");
        var files = json.putArray("attachments");
        String there = file;
        if (there != null && attachments && fileJoined) {
            files.addObject()
                    .put("filename", there)
                    .put("transfer_name", name)
                    .put("uti", "public.data")
                    .put("mime_type", type)
                    .put("total_bytes", 1)
                    .put("is_sticker", false)
                    .put("original_path", missing ? "" : there)
                    .put("missing", missing);
        }
        if (isReaction()) {
            json.put("is_reaction", true)
                    .put("reaction_type", reaction)
                    .put("reaction_emoji", emoji)
                    .put("is_reaction_add", !removed)
                    .put("reacted_to_guid", target);
        }
        return json;
    }
}
