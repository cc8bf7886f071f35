package partyline.torture;

import java.util.List;
import java.util.Map;
import partyline.torture.Http.Outcome;
import tools.jackson.databind.JsonNode;

/// An agent: writes to whoever it has a conversation with, half of the time under an idempotency key, reacts, and marks
/// as read.
final class Agent extends Actor {

    private static final String ROOT = "/api/v1/imessage";
    private static final List<String> REACTIONS = List.of("love", "like", "laugh", "question");

    private final String handle;
    private List<JsonNode> conversations = List.of();
    private int said;

    Agent(String handle, Means means) {
        super(means);
        this.handle = handle;
    }

    @Override
    void act() {
        int dice = random.nextInt(100);
        if (conversations.isEmpty() || dice < 5) {
            conversations =
                    get(ROOT + "/conversations?limit=200").body().valueStream().toList();
        } else if (dice < 15) {
            react();
        } else if (dice < 22) {
            post(
                    ROOT + "/mark-read",
                    Map.of("conversation_id", any(conversations).path("id").stringValue()));
        } else {
            say(any(conversations));
        }
    }

    private void say(JsonNode conversation) {
        said++;
        String text = "a:" + handle + ":" + said;
        String person = conversation.path("remote_number").stringValue();
        Map<String, String> body = random.nextBoolean()
                ? Map.of("to", person, "text", text)
                : Map.of("conversation_id", conversation.path("id").stringValue(), "text", text);
        boolean keyed = random.nextBoolean();
        Outcome outcome = keyed ? postOnce(ROOT + "/messages", body, "key-" + text) : post(ROOT + "/messages", body);
        diary.note(new History.Send(handle, person, text, keyed, told(outcome)));
    }

    private void react() {
        String id = any(conversations).path("id").stringValue();
        List<JsonNode> recent = get(ROOT + "/messages?limit=20&conversation_id=" + id)
                .body()
                .valueStream()
                .toList();
        if (recent.isEmpty()) {
            return;
        }
        JsonNode message = any(recent);
        String reaction = any(REACTIONS);
        Outcome outcome = post(
                ROOT + "/reactions", Map.of("message_id", message.path("id").stringValue(), "reaction", reaction));
        diary.note(new History.Tap(message.path("content").stringValue(), true, reaction, told(outcome)));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
