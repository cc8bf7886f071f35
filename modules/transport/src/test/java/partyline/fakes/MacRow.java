package partyline.fakes;

import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A row of the Mac's message database, and how its server writes it. Changed by its [MacDatabase] alone.
final class MacRow {

    final long rowId;
    final String guid;
    final String chat;
    final boolean fromMe;
    final String text;
    final long date;
    String address = "";

    @Nullable
    String tempGuid;

    @Nullable
    String effect;

    @Nullable
    String associatedGuid;

    @Nullable
    String associatedType;

    @Nullable
    String attachment;

    String attachmentName = "";
    String attachmentType = "";
    byte[] bytes = {};
    long delivered;
    long read;
    int error;
    int itemType;
    boolean chatLinked = true;
    boolean attachmentJoined = true;

    MacRow(long rowId, String guid, String chat, boolean fromMe, String text, long date) {
        this.rowId = rowId;
        this.guid = guid;
        this.chat = chat;
        this.fromMe = fromMe;
        this.text = text;
        this.date = date;
    }

    boolean group() {
        return chat.contains(";+;");
    }

    /// As in an answer or a `new-message`; `updated-message` has no chats.
    ObjectNode json(boolean withChats) {
        ObjectNode json = Json.object();
        json.put("originalROWID", rowId).put("guid", guid).put("text", text.isEmpty() ? null : text);
        json.put("isFromMe", fromMe)
                .put("error", error)
                .put("itemType", itemType)
                .put("handleId", fromMe ? 0 : 12);
        if (fromMe) {
            json.putNull("handle");
        } else {
            json.putObject("handle")
                    .put("address", address)
                    .put("service", chat.startsWith("SMS") ? "SMS" : "iMessage");
        }
        json.put("dateCreated", date).put("isDelivered", delivered > 0);
        date(json, "dateDelivered", delivered);
        date(json, "dateRead", read);
        json.put("associatedMessageGuid", associatedGuid).put("associatedMessageType", associatedType);
        json.put("expressiveSendStyleId", effect).put("isArchived", false).put("someNewField", "ignored");
        json.set("attachments", attachments());
        if (withChats) {
            json.putArray("chats")
                    .addObject()
                    .put("guid", chat)
                    .put("style", group() ? 43 : 45)
                    .put("chatIdentifier", chat.substring(chat.lastIndexOf(';') + 1));
        }
        return json;
    }

    private ArrayNode attachments() {
        ArrayNode attachments = Json.array();
        if (attachment != null && attachmentJoined) {
            attachments
                    .addObject()
                    .put("guid", attachment)
                    .put("mimeType", attachmentType)
                    .put("transferName", attachmentName)
                    .put("totalBytes", bytes.length);
        }
        return attachments;
    }

    private static void date(ObjectNode json, String name, long at) {
        if (at > 0) {
            json.put(name, at);
        } else {
            json.putNull(name);
        }
    }
}
