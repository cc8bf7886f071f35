package partyline.app.mcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import partyline.app.api.ConversationRoutes;
import partyline.app.api.MediaRoutes;
import partyline.app.api.MessageRoutes;
import partyline.app.api.ReactionRoutes;
import partyline.app.api.RuleRoutes;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.app.stream.EventRoutes;
import partyline.app.stream.EventStreams;
import partyline.conversations.ConversationFilter;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.IdempotencyKey;
import partyline.conversations.Page;
import partyline.conversations.ReactOutcome;
import partyline.conversations.SendOutcome;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.EventFilter;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Overloaded;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StorageFull;
import partyline.media.NewFile;
import partyline.rules.Rules;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an agent can do over the protocol. How each tool looks to a client (its words, arguments and results) is in
/// `tools.json`; here is what it does. Every call is one of one agent: an admin's key names it, and then sees what the
/// agent's own key would. Thread-safe.
public final class Tools {

    private static final String AGENT = "agent";
    private static final String LIMIT = "limit";
    private static final String OFFSET = "offset";
    private static final int MOST = 200;
    private static final int FARTHEST = 1_000_000;
    private static final int MOST_TYPES = 30;
    private static final List<String> USUAL_TYPES = List.of("imessage.received", "imessage.reaction_received");

    private final Identities identities;
    private final DedicatedNumbers numbers;
    private final ConversationRoutes conversations;
    private final MessageRoutes messages;
    private final ReactionRoutes reactions;
    private final RuleRoutes rules;
    private final MediaRoutes media;
    private final EventStreams events;
    private final ToolCatalog catalog = new ToolCatalog();

    /// A call of a tool. `caller` sees what `agent` sees; `admin` tells whether the key is more than the agent's own.
    private record Call(Caller caller, Identity agent, boolean admin, String key, Body arguments) {}

    public Tools(
            Identities identities,
            DedicatedNumbers numbers,
            ConversationRoutes conversations,
            MessageRoutes messages,
            ReactionRoutes reactions,
            RuleRoutes rules,
            MediaRoutes media,
            EventStreams events) {
        this.identities = identities;
        this.numbers = numbers;
        this.conversations = conversations;
        this.messages = messages;
        this.reactions = reactions;
        this.rules = rules;
        this.media = media;
        this.events = events;
    }

    ToolCatalog catalog() {
        return catalog;
    }

    /// What a tool answers; a refusal that the caller can mend is a result as well.
    ObjectNode call(Caller caller, String key, String name, Body arguments) {
        Set<String> taken = catalog.arguments(name)
                .orElseThrow(() -> RpcError.invalidParams(
                        200, "There is no tool of that name; there are " + String.join(", ", catalog.names()) + "."));
        try {
            Identity agent = agent(caller, arguments.only(taken));
            Caller acting =
                    new Caller(caller.organization(), Optional.of(agent.id()), caller.operator(), caller.keyId());
            return result(run(name, new Call(acting, agent, caller.admin(), key, arguments)));
        } catch (ApiException e) {
            if (e.status() == 401) {
                throw e;
            }
            return Refusal.result(e);
        } catch (Overloaded e) {
            return Refusal.result(ApiError.overloaded());
        } catch (StorageFull e) {
            return Refusal.result(ApiError.STORAGE_FULL.asException());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode run(String tool, Call call) throws IOException {
        return switch (tool) {
            case "list_conversations" -> listConversations(call);
            case "read_conversation" -> readConversation(call);
            case "search_messages" -> searchMessages(call);
            case "send_message" -> sendMessage(call);
            case "react" -> react(call);
            case "set_typing" -> setTyping(call);
            case "mark_read" -> reactions.markRead(call.caller(), call.arguments());
            case "wait_for_message" -> waitForMessage(call);
            case "connect_instructions" -> connectInstructions(call.agent().handle());
            case "list_rules" -> listRules(call);
            case "add_rule" -> addRule(call);
            case "upload_media" -> uploadMedia(call);
            default -> throw new IllegalStateException("nobody does " + tool);
        };
    }

    private ObjectNode listConversations(Call call) {
        int limit = limit(call, 20);
        int offset = offset(call);
        ConversationFilter filter =
                ConversationFilter.all(Optional.of(call.agent().id()), limit, offset);
        return page("conversations", conversations.list(call.caller(), Optional.of(call.agent()), filter), offset);
    }

    private ObjectNode readConversation(Call call) {
        Body arguments = call.arguments();
        Id conversation = Body.required("conversation_id", arguments.id("conversation_id"));
        Page<ObjectNode> found = messages.of(call.caller(), conversation, arguments.id("before"), limit(call, 20));
        return stretch(found, found.rows().reversed());
    }

    private ObjectNode searchMessages(Call call) {
        Page<ObjectNode> found = messages.search(call.caller(), call.arguments(), limit(call, 20));
        return stretch(found, found.rows());
    }

    /// What was found, in the order to show it in, and where what is older goes on.
    private static ObjectNode stretch(Page<ObjectNode> found, List<ObjectNode> shown) {
        ObjectNode json = Json.object();
        json.putArray("messages").addAll(shown);
        if (found.more()) {
            json.set("before", found.rows().getLast().path("id"));
        }
        return json;
    }

    private ObjectNode sendMessage(Call call) {
        SendOutcome.Report report =
                messages.send(call.caller(), call.arguments(), Optional.empty(), once(call, MessageRoutes.ENDPOINT));
        return messages.json(call.caller(), report).put("replayed", report.replayed());
    }

    private ObjectNode react(Call call) {
        ReactOutcome outcome = reactions.react(call.caller(), call.arguments(), once(call, ReactionRoutes.ENDPOINT));
        return Json.object()
                .put("replayed", outcome instanceof ReactOutcome.Replayed)
                .set("reaction", reactions.json(outcome));
    }

    private ObjectNode setTyping(Call call) {
        Id conversation = reactions.typing(call.caller(), call.arguments());
        return Json.object().put("conversation_id", conversation.text());
    }

    private ObjectNode waitForMessage(Call call) {
        Body arguments = call.arguments();
        List<String> types = arguments.has("types") ? arguments.texts("types", MOST_TYPES) : USUAL_TYPES;
        EventFilter filter = new EventFilter(
                call.caller().organization(), Optional.of(call.agent().id()), EventRoutes.known(types.stream()));
        OptionalLong after = cursor(arguments)
                .map(text -> EventRoutes.place(
                        text, "cursor of the last result", wrong -> ValidationError.body("cursor", wrong)))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        int patience = arguments.number(
                "timeout_seconds", EventRoutes.LONGEST_WAIT_SECONDS, 0, EventRoutes.LONGEST_WAIT_SECONDS);
        ObjectNode read = events.poll(
                new EventStreams.Wish(filter, call.key(), call.caller().keyId(), after),
                Duration.ofSeconds(patience),
                limit(call, 50));
        ObjectNode json = Json.object();
        json.set("events", read.path("events"));
        return json.put("cursor", read.path("next").asString());
    }

    /// Models write a number as one, whatever the schema says.
    private static Optional<String> cursor(Body arguments) {
        JsonNode given = arguments.json().path("cursor");
        return given.isIntegralNumber() ? Optional.of(given.asString()) : arguments.textOrEmpty("cursor", 255);
    }

    private ObjectNode connectInstructions(Handle handle) {
        Optional<PhoneNumber> own = numbers.of(handle);
        ObjectNode way = conversations.connecting(handle, own);
        String text = own.isPresent()
                ? "anything"
                : "\"" + way.path("connect_command").asString() + "\"";
        return way.put(
                "instructions",
                "To talk with %s, text %s to %s in Messages, or open this link on your phone: %s"
                        .formatted(
                                handle,
                                text,
                                way.path("number").asString(),
                                way.path("sms_link").asString()));
    }

    private ObjectNode listRules(Call call) {
        int limit = limit(call, 50);
        int offset = offset(call);
        Rules.Filter filter =
                new Rules.Filter(Optional.of(call.agent().id()), Optional.empty(), Optional.empty(), limit, offset);
        List<JsonNode> found = rules.list(call.caller(), filter).valueStream().toList();
        return page("rules", new Page<>(found, found.size() == limit), offset);
    }

    private ObjectNode addRule(Call call) {
        boolean blocks = call.arguments().json().path("action").asString("").equals("block");
        if (!call.admin() && call.arguments().has("action") && !blocks) {
            throw ApiError.ADMIN_ONLY.asException(
                    "An agent's own key may only block: use action block, or ask an admin of the organization.",
                    Map.of());
        }
        return Json.object().set("rule", rules.create(call.caller(), call.agent(), call.arguments()));
    }

    private ObjectNode uploadMedia(Call call) throws IOException {
        Body arguments = call.arguments();
        byte[] bytes = bytes(Body.required("data", arguments.textOrEmpty("data", Integer.MAX_VALUE)));
        return media.keep(new NewFile(
                call.caller().organization(),
                arguments.textOrNull("name", 255),
                arguments.textOrNull("content_type", 255),
                new ByteArrayInputStream(bytes),
                bytes.length));
    }

    private static byte[] bytes(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the answer that names the argument.
        }
        throw ValidationError.body("data", "must be the bytes of the file in Base64, at least one");
    }

    /// The agent that the call is of: the key's own, or the one that an admin names.
    private Identity agent(Caller caller, Body arguments) {
        if (arguments.has(AGENT)) {
            return identities
                    .find(caller, arguments.handle(AGENT))
                    .orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
        }
        return caller.identity()
                .map(id -> identities.find(caller, id).orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException))
                .orElseThrow(() -> ValidationError.body(
                        AGENT, "is required with an admin key: name the handle of the agent that acts"));
    }

    private static Optional<IdempotencyKey> once(Call call, String endpoint) {
        return call.arguments()
                .textOrEmpty("idempotency_key", 255)
                .map(text -> Params.key(endpoint, text)
                        .orElseThrow(() -> ValidationError.body("idempotency_key", Params.KEY_SHAPE)));
    }

    private static int limit(Call call, int usual) {
        return call.arguments().number(LIMIT, usual, 1, MOST);
    }

    private static int offset(Call call) {
        return call.arguments().number(OFFSET, 0, 0, FARTHEST);
    }

    private static ObjectNode page(String name, Page<? extends JsonNode> found, int offset) {
        ObjectNode json = Json.object();
        json.putArray(name).addAll(found.rows());
        return found.more() ? json.put("next_offset", offset + found.rows().size()) : json;
    }

    /// The result of a call, as a tree, and as text for clients that know no trees.
    private static ObjectNode result(ObjectNode made) {
        JsonNode told = bare(made);
        ObjectNode result = Json.object();
        result.putArray("content").addObject().put("type", "text").put("text", Json.write(told));
        result.set("structuredContent", told);
        return result.put("isError", false);
    }

    /// Without what is null: a model pays for every word.
    private static JsonNode bare(JsonNode json) {
        if (json.isArray()) {
            return Json.array().addAll(json.valueStream().map(Tools::bare).toList());
        }
        if (!json.isObject()) {
            return json;
        }
        ObjectNode kept = Json.object();
        json.propertyStream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> kept.set(field.getKey(), bare(field.getValue())));
        return kept;
    }
}
