package partyline.fakes.bluebubbles;

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
    final long date;
    String text;
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

    @Nullable
    String subject;

    @Nullable
    String balloon;

    /// Empty when the row has no handle.
    String handleService = "";

    String attachmentName = "";
    String attachmentType = "";
    byte[] bytes = {};
    long delivered;
    long read;
    long edited;
    long retracted;
    int error;
    int itemType;
    int parts = 1;
    boolean chatLinked = true;
    boolean chatNamed = true;
    boolean attachmentJoined = true;
    boolean attachmentHidden;

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
        if (fromMe || address.isEmpty()) {
            json.putNull("handle");
        } else {
            json.putObject("handle")
                    .put("address", address)
                    .put(
                            "service",
                            !handleService.isEmpty() ? handleService : chat.startsWith("SMS") ? "SMS" : "iMessage");
        }
        json.put("dateCreated", date).put("isDelivered", delivered > 0);
        date(json, "dateDelivered", delivered);
        date(json, "dateRead", read);
        date(json, "dateEdited", edited);
        date(json, "dateRetracted", retracted);
        json.put("subject", subject).put("balloonBundleId", balloon).put("partCount", parts);
        json.put("associatedMessageGuid", associatedGuid).put("associatedMessageType", associatedType);
        json.put("expressiveSendStyleId", effect).put("isArchived", false).put("someNewField", "ignored");
        json.set("attachments", attachments());
        if (withChats) {
            chats(json.putArray("chats"));
        }
        return json;
    }

    /// A row is there before it is in its chat; some servers leave out what the chat is called.
    private void chats(ArrayNode chats) {
        if (chatLinked) {
            ObjectNode shown = chats.addObject().put("chatIdentifier", chat.substring(chat.lastIndexOf(';') + 1));
            if (chatNamed) {
                shown.put("guid", chat).put("style", group() ? 43 : 45);
            }
        }
    }

    private ArrayNode attachments() {
        ArrayNode attachments = Json.array();
        if (attachment != null && attachmentJoined) {
            attachments
                    .addObject()
                    .put("guid", attachment)
                    .put("mimeType", attachmentType)
                    .put("transferName", attachmentName)
                    .put("hideAttachment", attachmentHidden)
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
